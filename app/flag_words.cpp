#include "app/flag_words.hpp"

namespace vigie {

outcome<flag_words> flag_at(std::span<const std::string> args, std::size_t& i) {
  auto& word = args[i];
  if (auto sign = word.find('='); sign != word.npos)
    return flag_words{word.substr(0, sign), word.substr(sign + 1)};
  if (i + 1 == args.size())
    return problem{code::bad_request, word + ": needs a value"};
  return flag_words{word, args[++i]};
}

} // namespace vigie
