// The sections `storage`, `analysis`, `scoring`: one row for each option.

#include "config/table.hpp"

#include <charconv>
#include <map>

namespace vigie {

namespace {

verdict weight(double& to, const std::string& text) {
  double x = 0;
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data(), end, x);
  if (bad != std::errc{} || stop != end || !(x >= 0) || x > 1'000)
    return "\"" + text + "\" is not a weight from 0 to 1000";
  to = x;
  return std::nullopt;
}

verdict database(std::filesystem::path& to, const std::string& text) {
  constexpr std::string_view scheme = "sqlite:///";
  if (text.find("://") != text.npos && !text.starts_with(scheme))
    return "only sqlite:/// is served";
  to = text.starts_with(scheme) ? text.substr(scheme.size()) : text;
  return std::nullopt;
}

/// `fr,en` as in the old deployments, or Tesseract's own `fra+eng`.
verdict languages(std::string& to, const std::string& text) {
  static const std::map<std::string, std::string> known{{"fr", "fra"},
                                                        {"en", "eng"}};
  std::string out;
  for (auto& one : list_of(text)) {
    auto found = known.find(one);
    out +=
        (out.empty() ? "" : "+") + (found == known.end() ? one : found->second);
  }
  to = out;
  return std::nullopt;
}

option severity_weight(severity x) {
  return {"scoring.severity." + std::string{to_string(x)},
          [x](settings& s, const std::string& text) {
            return weight(s.scoring.by_severity[x], text);
          },
          [x](const settings& s) {
            auto found = s.scoring.by_severity.find(x);
            return in_toml(
                found == s.scoring.by_severity.end() ? 0.0 : found->second);
          }};
}

} // namespace

option label_weight(const std::string& label) {
  return {"scoring.label." + label,
          [label](settings& s, const std::string& text) {
            return weight(s.scoring.by_label[label], text);
          },
          [label](const settings& s) {
            return in_toml(s.scoring.by_label.at(label));
          }};
}

std::vector<option> evidence_options() {
  using storage = decltype(settings::storage);
  using analysis = decltype(settings::analysis);
  using enum option::nature;
  const section store{"storage", &settings::storage};
  const section look{"analysis", &settings::analysis};
  const section score{"scoring", &settings::scoring};
  return {
      store("path", &storage::path, any_path, path),
      store("database", &storage::database, database, path),
      look("ocr_languages", &analysis::ocr_languages, languages),
      look("rules_file", &analysis::rules_file, any_path, path),
      look("vision_model", &analysis::vision_model, any_path, path),
      look("vision_classes_file", &analysis::vision_classes_file, any_path,
           path),
      score("other_label", &scoring_weights::other_label, weight),
      severity_weight(severity::negligible),
      severity_weight(severity::low),
      severity_weight(severity::medium),
      severity_weight(severity::high),
      severity_weight(severity::critical),
  };
}

} // namespace vigie
