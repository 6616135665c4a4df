#include "app/slot_fault.hpp"

#include "app/slot_child.hpp"
#include "app/slot_frames.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace vigie {

namespace {

void flood() {
  std::string piece(1u << 20, 'x');
  std::string head{'\0', '\0', '\x80', '\x0C'}; // 200 MiB
  write_frame(slot_out, head);
  for (int i = 0; i < 200 && write_frame(slot_out, piece); ++i) {
    // as long as somebody reads
  }
}

[[noreturn]] void spin() {
  std::atomic<unsigned> n{0};
  for (;;)
    ++n;
}

void eat() {
  std::vector<std::string> all;
  for (;;)
    all.emplace_back(64u << 20, 'x');
}

/// The answer to the work comes when the node has taken this one.
void answer_at_once(uint64_t token) {
  write_frame(slot_out, to_frame(slot_answer{token, {}}));
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
}

} // namespace

void misbehave_if_asked(const analysis_job& job) {
  auto* wish = std::getenv("VIGIE_FAULT");
  if (wish == nullptr)
    return;
  auto text = std::string{wish};
  auto last = text.rfind(':');
  if (last == std::string::npos
      || job.filename.find(text.substr(last + 1)) == std::string::npos)
    return;
  if (text.starts_with("crash:"))
    ::raise(SIGSEGV);
  if (text.starts_with("spin:"))
    spin();
  if (text.starts_with("flood:"))
    flood();
  if (text.starts_with("twice:"))
    answer_at_once(job.token);
  if (text.starts_with("eat:"))
    eat();
  if (text.starts_with("sleep:"))
    std::this_thread::sleep_for(
        std::chrono::milliseconds{std::atol(text.c_str() + 6)});
}

} // namespace vigie
