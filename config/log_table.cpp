// The sections `log` and `ready`: one row for each option.

#include "config/table.hpp"
#include "config/texts.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace vigie {

namespace {

auto one_of(std::vector<std::string> words) {
  return [words](std::string& to, const std::string& text) -> verdict {
    if (std::ranges::find(words, text) != words.end()) {
      to = text;
      return std::nullopt;
    }
    std::string all;
    for (auto& word : words)
      all += (all.empty() ? "" : ", ") + word;
    return "\"" + text + "\" is none of " + all;
  };
}

} // namespace

std::vector<option> log_options() {
  using log = decltype(settings::log);
  using ready = decltype(settings::ready);
  const section lines{"log", &settings::log};
  const section fit{"ready", &settings::ready};
  return {
      lines("format", &log::format, one_of({"text", "json"})),
      lines("level", &log::level,
            one_of({"debug", "info", "warning", "error"})),
      fit("disk_free_mb", &ready::disk_free_mb,
          within(uint64_t{0}, most_bytes >> 20)),
  };
}

} // namespace vigie
