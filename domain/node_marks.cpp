#include "domain/node_marks.hpp"

#include <algorithm>

namespace vigie {

bool node_marks::broke(const file_key& file, bool fresh, time now) {
  auto was_one = one_batch();
  if (fresh)
    files_.insert(file);
  auto grown = was_one && !one_batch(); // it is the node, after all
  if (benched(now) && !grown)
    return false; // it was at this before
  auto again = on_trial(now) && !grown;
  if (!again && files_.size() < rules_.most)
    return false;
  if (one_batch())
    pause_ = rules_.of_one_batch;
  else if (!again)
    pause_ = rules_.first;
  else if (fresh)
    pause_ = std::min(2 * pause_, rules_.longest);
  until_ = now + pause_;
  return true;
}

bool node_marks::answered() {
  auto was = pause_.count() > 0;
  *this = node_marks{rules_};
  return was;
}

std::chrono::milliseconds node_marks::left(time now) const {
  return benched(now)
             ? std::chrono::ceil<std::chrono::milliseconds>(until_ - now)
             : std::chrono::milliseconds{0};
}

} // namespace vigie
