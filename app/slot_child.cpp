#include "app/slot_child.hpp"

#include "analysis/analyzer.hpp"
#include "analysis/sandbox.hpp"
#include "app/slot_fault.hpp"
#include "app/slot_frames.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>

namespace vigie {

namespace {

constexpr uint32_t longest_order = 4u << 20;
/// Uploads, streams and pages of the server go first: they are awaited.
constexpr int niceness = 5;

analyzer_options options_of(const slot_setup& s) {
  analyzer_options o;
  o.ocr_languages = s.how.ocr_languages;
  o.rules_file = s.rules_file;
  o.vision_model = s.vision_model;
  o.vision_classes_file = s.classes_file;
  o.temp_dir = s.scratch;
  o.document_timeout = s.how.job_timeout * 2 / 3;
  return o;
}

/// Sanitizers need what the sandbox takes away.
outcome<sandbox_report> confine(const slot_setup& s) {
#ifdef __SANITIZE_ADDRESS__
  (void)s;
  return sandbox_report{};
#else
  sandbox_limits limits;
  limits.memory_bytes = s.how.memory_bytes;
  limits.file_bytes = s.how.file_bytes;
  limits.keep = {slot_in, slot_out};
  limits.readable.assign(s.readable.begin(), s.readable.end());
  for (auto& file : {s.rules_file, s.classes_file, s.vision_model})
    if (!file.empty())
      limits.readable.emplace_back(file);
  limits.writable = {s.scratch};
  return enter_sandbox(limits);
#endif
}

int refuse(const std::string& why) {
  write_frame(slot_out, to_frame(slot_ready{why, 0}));
  return 2;
}

} // namespace

int slot_main() {
  auto node = ::getppid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != node)
    return 1; // it ended before we could ask
  ::setpriority(PRIO_PROCESS, 0, niceness);
  auto first = read_frame(slot_in, longest_order);
  auto setup = first ? from_bytes<slot_setup>(*first) : std::nullopt;
  if (!setup)
    return 1;
  ::setenv("TMPDIR", setup->scratch.c_str(), 1);
  auto analyzer = make_analyzer(options_of(*setup));
  if (!analyzer)
    return refuse(analyzer.why().detail);
  auto confined = confine(*setup);
  if (!confined)
    return refuse(confined.why().detail);
  write_frame(slot_out,
              to_frame(slot_ready{{}, confined.value().landlock_abi}));
  while (auto order = read_frame(slot_in, longest_order)) {
    auto job = from_bytes<analysis_job>(*order);
    if (!job)
      return 1;
    misbehave_if_asked(*job);
    auto said = slot_answer{job->token, analyzer.value()->run(*job)};
    if (!write_frame(slot_out, to_frame(said)))
      return 1;
  }
  return 0;
}

} // namespace vigie
