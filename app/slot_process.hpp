#pragma once

#include "app/slot_frames.hpp"
#include "domain/ports.hpp"

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace vigie {

/// How the slots of a node are set up. Thread-safe: the server may say
/// something else with every connection.
class slot_plan {
public:
  void set(slot_setup setup);
  /// The setup and its number; 0: none yet.
  std::pair<slot_setup, uint64_t> get() const;

private:
  mutable std::mutex guard_;
  slot_setup setup_;
  uint64_t number_ = 0;
};

struct slot_process_args {
  std::filesystem::path program; ///< Run as `program --slot`.
  /// Of this slot alone: `in` holds the file, `tmp` is for the process.
  std::filesystem::path scratch;
  const slot_plan* plan = nullptr;
  std::chrono::seconds stopped_within{10}; ///< A frozen process is ended.
  std::function<void(const std::string&)> log;
};

/// One slot: a process in a sandbox that sees the file of its job and no other,
/// given one job at a time. Started at the first job, again when it has ended,
/// when it has done its share, or when the plan has changed; ended by its own
/// pid and group. run() belongs to one thread, abort() may be called by any.
class slot_process : public job_runner {
public:
  explicit slot_process(slot_process_args args);
  ~slot_process() override;
  outcome<analysis_result> run(const analysis_job& job) override;
  void abort(uint64_t token) override;
  void warm_up() override;

private:
  enum class heard : uint8_t {
    frame,
    ended,
    late,
    aborted,
    frozen,
    too_long,
    another ///< No answer to this job.
  };
  struct child {
    pid_t pid = -1;
    int in = -1, out = -1; ///< Ours: jobs go to `in`, answers come from `out`.
    uint64_t plan = 0;     ///< That it was told; 0: none yet.
    unsigned jobs = 0;
    bool ready = false;
  };

  bool launch();
  bool instruct(slot_setup setup, uint64_t plan);
  bool await_ready();
  bool prepare(analysis_setup& how);
  bool lend(analysis_job& job) const;
  void limit_cpu(const analysis_setup& how) const;
  heard listen(std::string& bytes, std::chrono::steady_clock::time_point end,
               uint64_t token);
  bool frozen();
  bool gone() const;
  bool fit();
  bool unread(std::size_t bytes) const;
  heard ask(const std::string& question, uint64_t token,
            std::chrono::steady_clock::time_point end, analysis_result& to);
  void sweep() const;
  outcome<analysis_result> answer(heard what, analysis_result result);
  outcome<analysis_result> no_start(const std::string& why);
  /// Kills what is left, if it does not end by itself; answers how it ended.
  std::string
  end(std::chrono::milliseconds patience = std::chrono::milliseconds{20});
  void close_pipes();

  slot_process_args args_;
  child child_;
  std::string trouble_; ///< Why the process cannot work, as it says.
  int wake_ = -1;       ///< eventfd: abort() was called.
  std::atomic<uint64_t> aborted_{0};
  std::optional<std::chrono::steady_clock::time_point> stopped_since_;
};

} // namespace vigie
