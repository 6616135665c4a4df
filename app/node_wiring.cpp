#include "app/node_wiring.hpp"

#include "analysis/metadata.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>

namespace vigie {

namespace {

namespace fs = std::filesystem;

outcome<std::string> text_of(const fs::path& file, const char* setting) {
  if (file.empty())
    return std::string{};
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open())
    return problem{code::bad_request,
                   std::string{setting} + ": cannot read " + file.string()};
  return text;
}

/// Where our own node finds the door: a wildcard is no address.
std::string near(const std::string& host) {
  if (host == "0.0.0.0" || host == "*")
    return "127.0.0.1";
  return host == "::" ? "::1" : host;
}

} // namespace

outcome<hub_rules> hub_from(const settings& cfg) {
  hub_rules out;
  out.job_limit = cfg.workers.job_timeout + std::chrono::seconds{30};
  out.most_broken = cfg.workers.max_broken_leases;
  auto& how = out.setup;
  how.ocr_languages = cfg.analysis.ocr_languages;
  how.job_timeout = cfg.workers.job_timeout;
  how.job_cpu = cfg.workers.job_cpu.count() > 0 ? cfg.workers.job_cpu
                                                : cfg.workers.job_timeout;
  how.memory_bytes = cfg.workers.memory_mb << 20;
  how.file_bytes = cfg.workers.file_mb << 20;
  how.recycle_after = cfg.workers.recycle_after;
  auto rules = text_of(cfg.analysis.rules_file, "analysis.rules_file");
  if (!rules)
    return rules.why();
  how.rules_json = std::move(rules).value();
  if (cfg.analysis.vision_model.empty())
    return out;
  auto classes =
      text_of(cfg.analysis.vision_classes_file, "analysis.vision_classes_file");
  auto model = text_of(cfg.analysis.vision_model, "analysis.vision_model");
  if (!classes || !model)
    return classes ? model.why() : classes.why();
  how.vision_classes_json = std::move(classes).value();
  how.vision_model = sha256_of_file(cfg.analysis.vision_model);
  return out;
}

std::vector<std::string> local_node(const settings& cfg,
                                    const fs::path& program,
                                    const fs::path& bundle, uint16_t port) {
  std::vector<std::string> words{
      program.string(),
      "--connect",
      near(cfg.workers.gate_host) + ":" + std::to_string(port),
      "--bundle",
      bundle.string(),
      "--slots",
      std::to_string(cfg.workers.local),
      "--storage",
      fs::absolute(cfg.storage.path).string(),
      "--temp",
      fs::absolute(cfg.storage.path / ".scratch").string(),
      "--parent",
      std::to_string(::getpid()),
      "--log-format",
      cfg.log.format,
      "--log-level",
      cfg.log.level};
  if (!cfg.analysis.vision_model.empty())
    words.insert(words.end(),
                 {"--vision-model", cfg.analysis.vision_model.string()});
  return words;
}

} // namespace vigie
