#include "analysis/analyzer.hpp"
#include "analysis/sandbox.hpp"
#include "analysis/tool.hpp"
#include "tests/analysis/confined.hpp"
#include "tests/analysis/samples.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <sstream>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// Everything a stage found, as text to compare.
std::string told(const analysis_result& r) {
  std::ostringstream out;
  out << r.ok << ' ' << r.error_code << ' ' << r.perceptual_hash.value_or(0)
      << ' ' << std::hash<std::string>{}(r.thumbnail_jpeg) << '\n';
  for (auto& o : r.observations)
    out << "- " << o.label << ' ' << o.class_name.value_or("") << '\n';
  for (auto& w : r.warnings)
    out << "! " << w.code << '\n';
  if (r.text) {
    out << r.text->engine << ' ' << r.text->confidence.value_or(-1) << '\n'
        << r.text->content << '\n';
    for (auto& w : r.text->warnings)
      out << "! " << w << '\n';
  }
  if (r.metadata)
    for (auto& [key, value] : r.metadata->extra)
      out << key << '=' << value << '\n';
  return out.str();
}

class SandboxStagesTest : public samples::folder {
protected:
  void SetUp() override {
    if (auto why = samples::no_analysis_here(); !why.empty())
      GTEST_SKIP() << why;
    std::filesystem::create_directory(root / "scratch");
    options.temp_dir = root / "scratch";
    options.rules_file = VIGIE_SOURCE_DIR "/config/observation_rules.json";
    auto letters = samples::written({"ISSUE DE SECOURS"});
    add("a.png", "image/png", samples::encoded(letters, ".png"));
    add("a.jpg", "image/jpeg",
        samples::jpeg_with(samples::exif_block({}),
                           samples::encoded(letters, ".jpg")));
    for (std::string kind : {"bmp", "tiff", "webp"})
      add("a." + kind, "image/" + kind, samples::encoded(letters, "." + kind));
    add("a.gif", "image/gif", samples::gif(64, 48));
    add("t.pdf", "application/pdf",
        samples::pdf({"Rapport de visite du site de Saheltech"}));
    add("s.pdf", "application/pdf", samples::pdf_of_picture(letters));
    add("n.docx", samples::docx_type,
        samples::docx(samples::paragraph("Extincteur absent")));
    add("n.csv", "text/csv", "a,anomalie\n1,TRUE\n");
    add("n.txt", "text/plain", "Extincteur absent");
  }

  void add(const std::string& name, const std::string& type,
           const std::string& bytes) {
    for (auto what :
         {stage::metadata, stage::vision, stage::text, stage::gemini})
      jobs.push_back(job(what, name, type, bytes));
  }

  std::string run_all(file_analyzer& analyzer) const {
    std::string out;
    for (auto& one : jobs)
      out += one.filename + ' ' + std::to_string(static_cast<int>(one.what))
             + ": " + told(analyzer.run(one));
    return out;
  }

  outcome<sandbox_report> enter() const {
    sandbox_limits limits;
    limits.memory_bytes = uint64_t{4} << 30;
    limits.readable = {root};
    limits.writable = {root / "scratch"};
    for (int fd = 3; fd < 20; ++fd) // the pipe to the test
      if (::fcntl(fd, F_GETFD) >= 0)
        limits.keep.push_back(fd);
    return enter_sandbox(limits);
  }

  analyzer_options options;
  std::vector<analysis_job> jobs;
};

/// The analyzer is made before the sandbox, as in a slot, and cold.
TEST_F(SandboxStagesTest, EveryStageStillWorksInside) {
  auto outside = samples::elsewhere(
      [&] { return run_all(*make_analyzer(options).value()); });
  ASSERT_NE(outside.said.find("ISSUE DE SECOURS"), std::string::npos);
  auto inside = samples::elsewhere([&]() -> std::string {
    auto analyzer = std::move(make_analyzer(options)).value();
    auto entered = enter();
    return entered ? run_all(*analyzer) : entered.why().detail;
  });
  EXPECT_EQ(inside.said, outside.said);
  EXPECT_EQ(inside.signal, 0);
}

/// Apart: antiword crashes on this sample every few times, sandbox or not, and
/// catdoc takes over then.
TEST_F(SandboxStagesTest, LegacyWordIsReadInsideByEitherProgram) {
  auto note =
      job(stage::text, "n.doc", "application/msword", samples::doc("Sortie"));
  auto inside = samples::elsewhere([&]() -> std::string {
    auto analyzer = std::move(make_analyzer(options)).value();
    if (auto entered = enter(); !entered)
      return entered.why().detail;
    std::string engines;
    for (int i = 0; i < 40; ++i)
      engines += told(analyzer->run(note));
    engines += run_tool({"catdoc", "-w", note.path}, 5s, 1'000).out;
    return engines;
  });
  EXPECT_NE(inside.said.find("antiword"), std::string::npos);
  EXPECT_NE(inside.said.find("Sortie"), std::string::npos);
  EXPECT_EQ(inside.said.find("doc-damaged"), std::string::npos);
  EXPECT_TRUE(inside.said.ends_with("Sortie\n")) << inside.said;
}

} // namespace
