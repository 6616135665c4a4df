#include "remote/door_book.hpp"

namespace vigie {

void door_book::write(const std::string& line) {
  try {
    if (log_ && !line.empty())
      log_(line);
  } catch (...) { // a log that fails must not end a thread
  }
}

void door_book::say(const std::string& line) {
  std::lock_guard lock{guard_};
  write(line);
}

void door_book::refused(const std::string& address, refusal why,
                        const std::string& detail) {
  std::lock_guard lock{guard_};
  ++refused_[static_cast<std::size_t>(why)];
  write(lines_.note(address, why, detail, std::chrono::steady_clock::now()));
}

void door_book::cut_off(std::optional<refusal> why, const std::string& line) {
  std::lock_guard lock{guard_};
  if (why)
    ++refused_[static_cast<std::size_t>(*why)];
  write(line);
}

void door_book::tick() {
  std::lock_guard lock{guard_};
  for (auto& line : lines_.due(std::chrono::steady_clock::now()))
    write(line);
}

door_stats door_book::stats() const {
  std::lock_guard lock{guard_};
  door_stats s;
  s.accepted = accepted;
  s.throttled = throttled;
  s.joined = joined;
  s.joined_now = joined_now;
  s.bytes_in = bytes_in;
  s.bytes_out = bytes_out;
  s.refused = refused_;
  return s;
}

} // namespace vigie
