#include "app/gemini_wiring.hpp"

#include "http/digest.hpp"
#include "http/gemini_answers.hpp"
#include "http/gemini_client.hpp"
#include "http/gemini_request.hpp"

#include <cstdio>
#include <date/tz.h>
#include <fstream>
#include <iterator>
#include <random>

namespace vigie {

namespace {

outcome<prompt> read_prompt(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in)
    return problem{code::bad_request,
                   "gemini.prompts_dir: cannot read " + file.string()};
  auto out = parse_prompt(text, sha256_of_bytes(text));
  if (!out)
    return problem{code::bad_request, "gemini.prompts_dir: " + file.string()
                                          + ": " + out.why().detail};
  return out;
}

/// U[0, 1) for the desk's jitter; one desk, one thread at a time.
std::function<double()> draws() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] {
    return std::uniform_real_distribution<double>{0, 1}(*engine);
  };
}

std::vector<gate_rules> gates_from(const settings& cfg,
                                   const std::vector<std::string>& models) {
  auto known = [](double x) { return x > 0 ? std::optional{x} : std::nullopt; };
  std::vector<gate_rules> out;
  for (auto& model : models) {
    gate_rules r;
    r.model = model;
    if (model == cfg.gemini.model) {
      r.configured = {known(cfg.gemini.rpm), known(cfg.gemini.tpm)};
      r.rpd = known(cfg.gemini.rpd);
    }
    r.most_in_flight = static_cast<int>(cfg.gemini.max_calls);
    r.most_sends = cfg.gemini.max_retries + 1;
    r.next_day = next_pacific_midnight;
    r.draw = draws();
    out.push_back(std::move(r));
  }
  return out;
}

} // namespace

utc_time next_pacific_midnight(utc_time t) {
  static const auto* zone = date::locate_zone("America/Los_Angeles");
  auto local = date::make_zoned(zone, t).get_local_time();
  auto midnight = date::floor<date::days>(local) + date::days{1};
  return date::make_zoned(zone, date::local_time<date::days>{midnight},
                          date::choose::earliest)
      .get_sys_time();
}

std::string key_fingerprint(const std::string& api_key) {
  return sha256_of_bytes(api_key).substr(0, 16);
}

outcome<gemini_parts> gemini_from(const settings& cfg,
                                  std::vector<gate_memory> memory) {
  gemini_parts out;
  auto& plan = out.plan;
  plan.enabled = cfg.gemini.enabled;
  plan.required = cfg.gemini.required;
  plan.has_key = !cfg.gemini.api_key.empty();
  plan.summary = cfg.gemini.summary;
  plan.models = {cfg.gemini.model};
  for (auto& m : cfg.gemini.fallback_models)
    if (m != cfg.gemini.model)
      plan.models.push_back(m);
  plan.budget = cfg.gemini.budget;
  plan.image_schema = image_schema_json();
  plan.summary_schema = summary_schema_json();
  plan.answers = make_model_answers();
  plan.sha256 = sha256_of_bytes;
  if (!plan.enabled || !plan.has_key)
    return out;
  auto image = read_prompt(cfg.gemini.prompts_dir / "image_audit.fr.md");
  auto closing = read_prompt(cfg.gemini.prompts_dir / "summary.fr.md");
  if (!image || !closing)
    return image ? closing.why() : image.why();
  plan.image = std::move(image).value();
  plan.closing = std::move(closing).value();
  out.client = make_gemini_client({cfg.gemini.base_url, cfg.gemini.api_key});
  out.callers = cfg.gemini.max_calls;
  try {
    (void)next_pacific_midnight(utc_now());
  } catch (const std::exception&) {
    return problem{code::internal, "the time zone America/Los_Angeles is "
                                   "missing: install tzdata"};
  }
  out.desk.gates = gates_from(cfg, plan.models);
  out.desk.memory = std::move(memory);
  out.desk.now = utc_now;
  out.desk.call_timeout = cfg.gemini.call_timeout;
  return out;
}

} // namespace vigie
