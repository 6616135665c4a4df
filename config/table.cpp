#include "config/table.hpp"

#include <algorithm>
#include <iterator>

namespace vigie {

const std::vector<option>& all_options() {
  static const auto all = [] {
    std::vector<option> out;
    for (auto part :
         {http_options, access_options, evidence_options, worker_options,
          gemini_options, life_options, log_options})
      std::ranges::move(part(), std::back_inserter(out));
    return out;
  }();
  return all;
}

std::optional<option> option_of(const std::string& key) {
  constexpr std::string_view labels = "scoring.label.";
  if (key.starts_with(labels) && key.size() > labels.size())
    return label_weight(key.substr(labels.size()));
  auto& all = all_options();
  auto found = std::ranges::find(all, key, &option::key);
  return found == all.end() ? std::nullopt : std::optional{*found};
}

} // namespace vigie
