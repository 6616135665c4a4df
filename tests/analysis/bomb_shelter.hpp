#pragma once

#include "analysis/analyzer.hpp"
#include "tests/analysis/confined.hpp"
#include "tests/analysis/samples.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace vigie::samples {

/// Small files that want to be large. Each through a sandbox of 1 GiB: an
/// outcome, and the same process then reads an ordinary file.
class bomb_test : public folder {
protected:
  void SetUp() override {
    if (auto why = no_analysis_here(); !why.empty())
      GTEST_SKIP() << why;
    options.temp_dir = root;
    options.tool_timeout = std::chrono::seconds{5};
    options.document_timeout = std::chrono::seconds{10};
  }

  std::string outcome_of(const analysis_job& bomb) {
    auto good =
        job(stage::text, "good.docx", docx_type, docx(paragraph("Bonjour")));
    sandbox_limits limits;
    limits.memory_bytes = memory;
    auto begun = std::chrono::steady_clock::now();
    auto end = confined(
        [&]() -> std::string {
          auto analyzer = std::move(make_analyzer(options)).value();
          auto r = analyzer->run(bomb);
          if (r.ok == r.error_message.empty() && analyzer->run(good).ok)
            return r.ok ? "ok" : r.error_code;
          return "broken " + r.error_code;
        },
        limits);
    EXPECT_EQ(end.signal, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begun,
              std::chrono::seconds{40});
    return end.said;
  }

  std::string outcome_of(stage what, const std::string& type,
                         const std::string& bytes) {
    return outcome_of(job(what, "bomb", type, bytes));
  }

  std::string of_docx(const std::string& xml) {
    return outcome_of(stage::text, docx_type,
                      zip({{"word/document.xml", xml}}));
  }

  analyzer_options options;
  uint64_t memory = uint64_t{1} << 30;
};

} // namespace vigie::samples
