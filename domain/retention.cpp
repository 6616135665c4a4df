#include "domain/retention.hpp"

#include <algorithm>

namespace vigie {

namespace {

/// More than `percent` of it is used.
bool fuller(disk_figure disk, int percent) {
  return static_cast<double>(disk.used) * 100
         > static_cast<double>(disk.total) * percent;
}

} // namespace

retention_plan plan_retention(const retention_rules& rules, utc_time now,
                              const std::vector<ended_batch>& ended,
                              disk_figure disk, bool pressing) {
  retention_plan out;
  auto watched = rules.disk_high_percent > 0 && disk.total > 0;
  out.pressing = watched
                 && (fuller(disk, rules.disk_high_percent)
                     || (pressing && fuller(disk, rules.disk_low_percent)));
  auto too_full = out.pressing;
  for (auto& batch : ended) {
    if (out.doomed.size() >= rules.most_per_run)
      break;
    auto too_old =
        rules.max_age.count() > 0 && now - batch.changed > rules.max_age;
    if (!too_old && !too_full)
      break; // they are sorted: no later one is older
    out.doomed.push_back(batch.id);
    disk.used -= std::min(disk.used, batch.bytes);
    too_full = too_full && fuller(disk, rules.disk_low_percent);
  }
  out.helpless = out.pressing && out.doomed.empty();
  return out;
}

} // namespace vigie
