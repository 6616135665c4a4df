#include "domain/node_marks.hpp"

#include <algorithm>

namespace vigie {

bool node_marks::broke(const file_key& file, bool fresh, time now) {
  if (fresh)
    files_.insert(file);
  if (benched(now))
    return false; // it was at this before
  auto again = on_trial(now);
  if (!again && files_.size() < rules_.most)
    return false;
  if (!again)
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
