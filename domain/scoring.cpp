#include "domain/scoring.hpp"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr double full_scale = 100; // normalized 1.0

double weight(const scoring_weights& w, const observation& o) {
  auto by_label = w.by_label.find(o.label);
  // What the model saw (security_fire) weighs as its category (incendie).
  if (auto category = o.extra.find("category");
      by_label == w.by_label.end() && category != o.extra.end())
    by_label = w.by_label.find(category->second);
  auto by_severity = w.by_severity.find(o.severity);
  auto label = by_label == w.by_label.end() ? w.other_label : by_label->second;
  return by_severity == w.by_severity.end() ? 0 : by_severity->second * label;
}

/// Sums of tenths are not tenths in binary: 119.30000000000001 is no score.
double tidy(double x) { return std::round(x * 1e6) / 1e6; }

} // namespace

risk_score score(const std::vector<observation>& observations,
                 const scoring_weights& weights, utc_time now) {
  std::map<std::string, risk_line> lines;
  for (auto& o : observations) {
    auto& line = lines[o.label];
    line.label = o.label;
    line.severity = std::max(line.severity, o.severity);
    ++line.count;
    line.score += weight(weights, o);
  }
  risk_score out;
  out.created_at = now;
  for (auto& [label, line] : lines) {
    line.score = tidy(line.score);
    out.total += line.score;
    out.breakdown.push_back(line);
  }
  out.total = tidy(out.total);
  out.normalized = std::min(1.0, out.total / full_scale);
  std::stable_sort(out.breakdown.begin(), out.breakdown.end(),
                   [](auto& a, auto& b) { return a.score > b.score; });
  return out;
}

} // namespace vigie
