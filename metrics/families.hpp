#pragma once

#include <prometheus/metric_family.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie {

/// What is read at the moment of a scrape: gauges, and counters that somebody
/// else keeps. Not thread-safe; one per scrape.
class family_list {
public:
  using labels =
      std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Opens a family; what is put next belongs to it. `name` ends in its base
  /// unit, that of a counter in `_total`.
  family_list& gauge(std::string name, std::string help);
  family_list& counter(std::string name, std::string help);
  /// Label values come from closed lists or from the settings, never from
  /// clients.
  family_list& put(double value, labels l = {});

  std::vector<prometheus::MetricFamily> all; ///< A family may have no sample.

private:
  family_list& open(std::string name, std::string help,
                    prometheus::MetricType type);
};

/// Prometheus' text format 0.0.4, families without a sample left out.
std::string
exposition_of(const std::vector<prometheus::MetricFamily>& families);

} // namespace vigie
