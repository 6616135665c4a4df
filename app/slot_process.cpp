#include "app/slot_process.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <thread>
#include <utility>

namespace vigie {

namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

problem broke(std::string why) { return {code::internal, std::move(why)}; }

} // namespace

void slot_plan::set(slot_setup setup) {
  std::lock_guard hold{guard_};
  if (number_ > 0 && to_frame(setup_) == to_frame(setup))
    return;
  setup_ = std::move(setup);
  ++number_;
}

std::pair<slot_setup, uint64_t> slot_plan::get() const {
  std::lock_guard hold{guard_};
  return {setup_, number_};
}

slot_process::slot_process(slot_process_args args)
    : args_(std::move(args)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  // nop
}

slot_process::~slot_process() {
  end();
  ::close(wake_);
}

void slot_process::abort(uint64_t token) {
  aborted_ = token;
  uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
}

void slot_process::warm_up() {
  analysis_setup how;
  prepare(how);
}

/// True once a process that fits the plan is ready. Without a plan one is
/// started all the same: loading the libraries takes most of the time.
bool slot_process::prepare(analysis_setup& how) {
  auto [setup, number] = args_.plan->get();
  how = setup.how;
  auto used_up = child_.plan > 0
                 && (child_.plan != number || child_.jobs >= how.recycle_after);
  if (child_.pid > 0 && (used_up || !fit()))
    end();
  if (child_.pid <= 0 && !launch())
    return false;
  if (number == 0)
    return false;
  if (child_.plan == 0 && !instruct(setup, number))
    return false;
  return child_.ready || await_ready();
}

/// Of the process alone, and from now on: it cannot raise it itself.
void slot_process::limit_cpu(const analysis_setup& how) const {
  clockid_t id{};
  timespec used{};
  rlimit limit{};
  if (::clock_getcpuclockid(child_.pid, &id) != 0
      || ::clock_gettime(id, &used) != 0
      || ::prlimit(child_.pid, RLIMIT_CPU, nullptr, &limit) != 0)
    return;
  limit.rlim_cur = static_cast<rlim_t>(used.tv_sec + 1 + how.job_cpu.count());
  ::prlimit(child_.pid, RLIMIT_CPU, &limit, nullptr);
}

/// A link to the file, or a copy where links cannot reach: the only evidence
/// that the process is allowed to read.
bool slot_process::lend(analysis_job& job) const {
  auto to = args_.scratch / "in" / "evidence";
  auto from = std::exchange(job.path, to.string());
  std::error_code failed;
  fs::remove(to, failed);
  fs::create_hard_link(from, to, failed);
  if (failed)
    fs::copy_file(from, to, failed);
  // A file that is gone is the job's outcome, not the slot's trouble.
  return !failed || !fs::exists(from, failed);
}

/// Nothing of a job is there for the next one.
void slot_process::sweep() const {
  std::error_code failed;
  for (auto folder : {"in", "tmp"})
    for (fs::directory_iterator i{args_.scratch / folder, failed}, end;
         !failed && i != end; i.increment(failed)) {
      std::error_code ignored;
      fs::remove_all(i->path(), ignored);
    }
}

/// Not the job's fault. The pause is for whoever asks again at once.
outcome<analysis_result> slot_process::no_start(const std::string& why) {
  args_.log("a slot cannot work: " + why);
  end();
  std::this_thread::sleep_for(1s); // a thread of its own
  return broke("start");
}

/// What a process did, or what became of it, before it read this job costs the
/// job nothing: a fresh one does it. Of a fresh one nothing is forgiven, so
/// that no file is tried for ever.
outcome<analysis_result> slot_process::run(const analysis_job& job) {
  uint64_t old = 0;
  (void)!::read(wake_, &old, sizeof old);
  for (;;) {
    analysis_setup how;
    if (!prepare(how))
      return no_start(trouble_.empty() ? "it did not start" : trouble_);
    if (aborted_ == job.token)
      return broke("aborted");
    auto mine = job;
    if (!lend(mine))
      return no_start("its file cannot be laid out");
    limit_cpu(how);
    auto fresh = child_.jobs++ == 0;
    auto question = to_frame(mine);
    analysis_result result;
    auto what =
        ask(question, job.token, clock::now() + how.job_timeout, result);
    sweep();
    auto never_read = what != heard::frame && what != heard::aborted
                      && unread(question.size());
    if (never_read && fresh)
      return no_start("it did not read its job");
    if (fresh
        || !(never_read || what == heard::another || what == heard::too_long))
      return answer(what, std::move(result));
    args_.log(never_read ? "a slot ended before its job"
                         : "a slot spoke of another job");
    end();
  }
}

slot_process::heard slot_process::ask(const std::string& question,
                                      uint64_t token, clock::time_point end_at,
                                      analysis_result& to) {
  if (!write_frame(child_.in, question))
    return heard::ended;
  std::string bytes;
  auto what = listen(bytes, end_at, token);
  if (what != heard::frame)
    return what;
  auto said = from_bytes<slot_answer>(bytes);
  if (!said || said->token != token || !acceptable(said->result))
    return heard::another;
  to = std::move(said->result);
  return what;
}

outcome<analysis_result> slot_process::answer(heard what,
                                              analysis_result result) {
  switch (what) {
  case heard::frame:
    return result;
  case heard::ended:
    return broke(end(2s)); // its pipe ends a little before it does
  case heard::late:
    end();
    return broke("time");
  case heard::aborted:
    end();
    return broke("aborted");
  case heard::frozen:
    end();
    return broke("stopped");
  case heard::too_long:
  case heard::another:
    end();
    return broke("oversize");
  }
  return broke("crash"); // not reached
}

} // namespace vigie
