#pragma once

#include "app/slot_process.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace vigie {

namespace fs = std::filesystem;

/// Slots with the real program, or with a script instead of it.
struct SlotProcessTest : ::testing::Test {
  fs::path root;
  slot_plan plan;
  slot_process_args args;
  std::unique_ptr<slot_process> slot;
  std::vector<std::string> log;
  uint64_t last_token = 0;

  void SetUp() override {
    ::signal(SIGPIPE, SIG_IGN);
    auto pattern = (fs::temp_directory_path() / "vigie-XXXXXX").string();
    root = mkdtemp(pattern.data());
    args.program = VIGIE_WORKER;
    args.scratch = root / "slot";
    args.plan = &plan;
    args.log = [this](const std::string& line) { log.push_back(line); };
    how({});
  }

  void TearDown() override {
    slot.reset();
    ::unsetenv("VIGIE_FAULT");
    fs::remove_all(root);
  }

  void how(const std::function<void(analysis_setup&)>& change) {
    slot_setup s;
    s.how.ocr_languages = "eng";
    if (change)
      change(s.how);
    plan.set(s);
  }

  void fault(const std::string& wish) {
    ::setenv("VIGIE_FAULT", wish.c_str(), 1);
  }

  slot_process& it() {
    if (!slot)
      slot = std::make_unique<slot_process>(args);
    return *slot;
  }

  analysis_job note(const std::string& name = "n.txt") {
    analysis_job j;
    j.id = j.token = ++last_token;
    j.batch = {"b"};
    j.what = stage::text;
    j.filename = name;
    j.content_type = "text/plain";
    j.path = (root / name).string();
    std::ofstream(j.path) << "Fire extinguisher missing in zone B.";
    return j;
  }

  /// How it broke; empty: it did not.
  std::string run(const analysis_job& job) {
    auto r = it().run(job);
    return r ? "" : r.why().detail;
  }
  std::string run(const std::string& name = "n.txt") { return run(note(name)); }

  /// A shell script that is given `--slot`.
  void script(const std::string& text) {
    auto path = root / "program";
    std::ofstream(path) << "#!/bin/sh\n" << text;
    ::chmod(path.c_str(), 0700);
    args.program = path;
  }

  /// In a script: takes the next frame, which is in the pipe as a whole.
  static constexpr auto takes = "dd bs=64k count=1 <&3 >/dev/null 2>&1\n";

  /// In a script: takes its setup and says that all is well.
  static std::string ready() { return takes + printed(to_frame(slot_ready{})); }

  static std::string says(const slot_answer& answer) {
    return printed(to_frame(answer));
  }

  static std::string printed(const std::string& frame) {
    std::string out;
    char digits[8];
    for (unsigned char c : frame) {
      std::snprintf(digits, sizeof digits, "\\%03o", c);
      out += digits;
    }
    return "printf '" + out + "' >&4\n";
  }

  /// Descendants of this process whose command line has `words`.
  static std::vector<pid_t> processes(const std::string& words) {
    std::vector<pid_t> out;
    for (auto& e : fs::directory_iterator{"/proc"}) {
      auto name = e.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos)
        continue;
      std::ifstream in(e.path() / "cmdline", std::ios::binary);
      std::string line;
      std::getline(in, line, '\n'); // whoever ends meanwhile has none
      if (line.find(words) != std::string::npos)
        out.push_back(static_cast<pid_t>(std::stol(name)));
    }
    return out;
  }

  /// Of the one slot of this test: by its parent, which is us.
  static pid_t child() {
    std::ifstream in("/proc/self/task/" + std::to_string(::gettid())
                     + "/children");
    pid_t pid = 0;
    in >> pid;
    return pid;
  }

  static std::size_t descriptors() {
    fs::directory_iterator all{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  static std::string sandbox() {
#ifdef __SANITIZE_ADDRESS__
    return "a sanitizer needs what the sandbox takes";
#else
    return "";
#endif
  }
};

} // namespace vigie
