#include "domain/prompt.hpp"

#include <cctype>

namespace vigie {

namespace {

constexpr std::string_view opens = "<<<DONNEES\n";
constexpr std::string_view closes = "\nDONNEES>>>";

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.front())))
    s.remove_prefix(1);
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.back())))
    s.remove_suffix(1);
  return s;
}

/// What stands after the line `title`, up to the next of our sections.
std::string_view section(std::string_view text, std::string_view title,
                         std::string_view next) {
  auto begin = text.find(title);
  if (begin == text.npos)
    return {};
  begin += title.size();
  auto end = next.empty() ? text.npos : text.find(next, begin);
  return trimmed(text.substr(begin, end == text.npos ? end : end - begin));
}

void replace_all(std::string& text, std::string_view what,
                 std::string_view with) {
  for (auto at = text.find(what); at != text.npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

} // namespace

outcome<prompt> parse_prompt(std::string_view text, std::string hash) {
  auto missing = [](std::string_view what) {
    return problem{code::bad_request,
                   "prompt file: " + std::string{what} + " is missing"};
  };
  constexpr std::string_view fence = "---\n";
  if (!text.starts_with(fence))
    return missing("the front matter (---)");
  auto end = text.find(fence, fence.size());
  if (end == text.npos)
    return missing("the end of the front matter (---)");
  auto front = text.substr(fence.size(), end - fence.size());
  auto body = text.substr(end + fence.size());
  prompt out;
  out.hash = std::move(hash);
  constexpr std::string_view version = "version:";
  if (auto at = front.find(version); at != front.npos) {
    auto rest = front.substr(at + version.size());
    out.version = trimmed(rest.substr(0, rest.find('\n')));
  }
  out.system = section(body, "# system\n", "\n# user\n");
  out.user = section(body, "# user\n", "");
  if (out.version.empty())
    return missing("version");
  if (out.system.empty())
    return missing("the section `# system`");
  if (out.user.empty())
    return missing("the section `# user`");
  return out;
}

std::string render(std::string_view text,
                   const std::map<std::string, std::string>& values) {
  std::string out;
  while (!text.empty()) {
    auto begin = text.find("{{");
    auto end = begin == text.npos ? begin : text.find("}}", begin);
    if (end == text.npos)
      break;
    out += text.substr(0, begin);
    auto found =
        values.find(std::string{text.substr(begin + 2, end - begin - 2)});
    if (found != values.end())
      out += found->second;
    text.remove_prefix(end + 2);
  }
  return out += text;
}

std::string quote_as_data(std::string_view text, std::size_t most) {
  std::string clean;
  for (auto c : text.substr(0, most))
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      clean += c == '\x7f' ? ' ' : c;
  if (text.size() > most) // never half a UTF-8 character
    while (!clean.empty()
           && (static_cast<unsigned char>(clean.back()) & 0xC0) == 0x80)
      clean.pop_back();
  if (text.size() > most && !clean.empty()
      && static_cast<unsigned char>(clean.back()) >= 0xC0)
    clean.pop_back();
  replace_all(clean, "<<<", "‹‹‹");
  replace_all(clean, ">>>", "›››");
  return std::string{opens} + clean + std::string{closes};
}

} // namespace vigie
