#pragma once

#include "domain/batch.hpp"
#include "domain/outcome.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// What a rule says of a line.
struct rule_verdict {
  std::string id;
  std::string label;
  vigie::severity severity = severity::low;
};

struct rule_topic {
  rule_verdict says;
  std::vector<std::string> words; ///< Folded.
  bool needs_sign = true;
};

/// The rule file (config/observation_rules.json explains its own format).
struct observation_rules {
  std::vector<std::string> signs; ///< Folded.
  std::vector<rule_topic> topics; ///< The first that matches counts.
  rule_verdict otherwise;
  std::vector<std::string> csv_columns, csv_true; ///< Folded.
  rule_verdict csv_otherwise;
};

outcome<observation_rules> read_rules(const std::filesystem::path& file);

/// One observation per line (or CSV row) that the rules speak of; `extra`
/// holds quote, line (1-based) and rule.
std::vector<observation> observe_text(const observation_rules& rules,
                                      const std::string& filename,
                                      std::string_view text, bool csv);

} // namespace vigie
