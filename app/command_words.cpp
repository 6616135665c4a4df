#include "app/command_words.hpp"

#include "app/flag_words.hpp"

namespace vigie {

std::string command_words::flag(const std::string& name) const {
  auto at = flags.find(name);
  return at == flags.end() ? std::string{} : at->second;
}

outcome<command_words> read_words(std::span<const std::string> args,
                                  const std::set<std::string>& switches,
                                  const std::set<std::string>& flags) {
  command_words w;
  for (std::size_t i = 0; i < args.size(); ++i) {
    auto& a = args[i];
    if (a == "--help" || switches.contains(a)) {
      w.switches.insert(a);
      continue;
    }
    if (!a.starts_with("--")) {
      w.words.push_back(a);
      continue;
    }
    auto flag = flag_at(args, i);
    if (!flag)
      return flag.why();
    auto& [name, value] = flag.value();
    if (flags.contains(name))
      w.flags[name] = value;
    else
      w.settings.insert(w.settings.end(), {name, value});
  }
  return w;
}

} // namespace vigie
