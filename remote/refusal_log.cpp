#include "remote/refusal_log.hpp"

#include <numeric>

namespace vigie {

std::string refusal_log::note(const std::string& address, refusal why,
                              const std::string& detail, time now) {
  auto key = rows_.size() < most_addresses || rows_.contains(address)
                 ? address
                 : "other addresses";
  auto [at, fresh] = rows_.try_emplace(key);
  if (!fresh) {
    ++at->second.counts[static_cast<std::size_t>(why)];
    return {};
  }
  at->second.last = now;
  return "refused a connection from " + key + ": " + std::string{words_of(why)}
         + (detail.empty() ? "" : " (" + detail + ")");
}

std::vector<std::string> refusal_log::due(time now) {
  std::vector<std::string> lines;
  for (auto at = rows_.begin(); at != rows_.end();) {
    auto& [address, r] = *at;
    if (now - r.last < every) {
      ++at;
      continue;
    }
    auto sum = std::accumulate(r.counts.begin(), r.counts.end(), uint64_t{0});
    if (sum == 0) {
      at = rows_.erase(at); // ten quiet seconds
      continue;
    }
    std::string why;
    for (std::size_t i = 0; i < refusal_kinds; ++i)
      if (r.counts[i] > 0)
        why += (why.empty() ? "" : ", ") + std::string{refusal_words[i]} + " ("
               + std::to_string(r.counts[i]) + ")";
    lines.push_back("refused " + std::to_string(sum) + " connections from "
                    + address + " in the last 10 s: " + why);
    r = row{now, {}};
    ++at;
  }
  return lines;
}

} // namespace vigie
