#pragma once

#include "analysis/sandbox.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <string>

/// Runs code in a process of its own: a sandbox cannot be left again.
namespace vigie::samples {

struct ended {
  std::string said; ///< What the body answered.
  int signal = 0;   ///< It was killed by this one.
};

/// Without a sandbox.
ended elsewhere(const std::function<std::string()>& body);

/// In one; `said` begins with `sandbox:` when it could not be entered.
ended confined(const std::function<std::string()>& body,
               sandbox_limits limits = {});

/// Names of the attempts that were not refused with `why`.
class refusals {
public:
  void expect(const char* name, long result, int why = EPERM) {
    auto error = errno;
    if (result != -1 || error != why)
      out_ += std::string{name} + ": " + std::to_string(result) + ' '
              + std::strerror(error) + "\n";
  }
  const std::string& list() const { return out_; }

private:
  std::string out_;
};

/// Why a test of the sandbox must be left out; empty: it need not. A
/// sanitizer needs what the sandbox takes.
std::string no_sandbox_here();

/// The same for a test that analyses: a process that an earlier test left with
/// threads (OCR) cannot be forked and go on. ctest gives each test its own.
std::string no_analysis_here();

class sandbox_test : public ::testing::Test {
protected:
  void SetUp() override {
    if (auto why = no_sandbox_here(); !why.empty())
      GTEST_SKIP() << why;
  }
};

} // namespace vigie::samples
