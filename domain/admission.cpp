#include "domain/admission.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace vigie {

namespace {

constexpr std::size_t most_remembered = 20;
constexpr std::chrono::seconds unknown_pace{5};
constexpr double longest_wait = 60;

problem busy(std::string detail, std::chrono::seconds wait) {
  return {code::busy, std::move(detail), wait};
}

} // namespace

std::optional<problem> admission::arrive(uint64_t bytes, bool first,
                                         utc_time now) {
  auto batches = at_work_.size() + arriving_;
  if (auto why =
          weigh(batches, bytes_ + arriving_bytes_, first ? 1 : 0, bytes, now))
    return why;
  arriving_ += first ? 1 : 0;
  arriving_bytes_ += bytes;
  return std::nullopt;
}

void admission::depart(uint64_t bytes) {
  arriving_ -= std::min<std::size_t>(arriving_, 1);
  arriving_bytes_ -= std::min(arriving_bytes_, bytes);
}

std::optional<problem> admission::refuses(const batch_id& id, uint64_t bytes,
                                          utc_time now) const {
  if (at_work_.count(id) > 0)
    return std::nullopt;
  return weigh(at_work_.size(), bytes_, 1, bytes, now);
}

void admission::begin(const batch_id& id, uint64_t bytes) {
  leave(id);
  at_work_.emplace(id, bytes);
  bytes_ += bytes;
}

bool admission::leave(const batch_id& id) {
  auto gone = at_work_.extract(id);
  if (gone)
    bytes_ -= gone.mapped();
  return static_cast<bool>(gone);
}

void admission::end(const batch_id& id, utc_time now) {
  auto before = bytes_;
  if (!leave(id))
    return;
  ended_.push_back({now, before - bytes_});
  if (ended_.size() > most_remembered)
    ended_.pop_front();
}

std::optional<problem> admission::weigh(std::size_t batches, uint64_t bytes,
                                        std::size_t more, uint64_t more_bytes,
                                        utc_time now) const {
  if (batches + more > limits_.batches) {
    auto over = batches + more - limits_.batches;
    return busy("Too many unfinished batches: the limit is "
                    + std::to_string(limits_.batches) + ", there are "
                    + std::to_string(batches),
                wait_for(over, 0, now));
  }
  if (limits_.bytes > 0 && bytes + more_bytes > limits_.bytes) {
    auto over = bytes + more_bytes - limits_.bytes;
    return busy("Too many bytes in unfinished batches: the limit is "
                    + std::to_string(limits_.bytes) + ", there are "
                    + std::to_string(bytes) + " and "
                    + std::to_string(more_bytes) + " would come",
                wait_for(0, over, now));
  }
  return std::nullopt;
}

/// As long as so much took to end lately; 1 to 60 s.
std::chrono::seconds admission::wait_for(std::size_t batches, uint64_t bytes,
                                         utc_time now) const {
  if (ended_.empty())
    return unknown_pace;
  auto span = std::chrono::duration<double>(now - ended_.front().at).count();
  double ended_bytes = 0;
  for (auto& e : ended_)
    ended_bytes += static_cast<double>(e.bytes);
  auto for_batches =
      span * static_cast<double>(batches) / static_cast<double>(ended_.size());
  auto for_bytes = ended_bytes > 0
                       ? span * static_cast<double>(bytes) / ended_bytes
                       : longest_wait;
  auto wait = std::max(for_batches, bytes > 0 ? for_bytes : 0.0);
  return std::chrono::seconds{
      static_cast<int>(std::ceil(std::clamp(wait, 1.0, longest_wait)))};
}

} // namespace vigie
