#include "metrics/families.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <sstream>

namespace vigie {

using prometheus::MetricType;

family_list& family_list::open(std::string name, std::string help,
                               MetricType type) {
  prometheus::MetricFamily f;
  f.name = std::move(name);
  f.help = std::move(help);
  f.type = type;
  all.push_back(std::move(f));
  return *this;
}

family_list& family_list::gauge(std::string name, std::string help) {
  return open(std::move(name), std::move(help), MetricType::Gauge);
}

family_list& family_list::counter(std::string name, std::string help) {
  return open(std::move(name), std::move(help), MetricType::Counter);
}

family_list& family_list::put(double value, labels l) {
  prometheus::ClientMetric m;
  for (auto& [name, text] : l)
    m.label.push_back({std::string{name}, std::string{text}});
  if (all.back().type == MetricType::Counter)
    m.counter.value = value;
  else
    m.gauge.value = value;
  all.back().metric.push_back(std::move(m));
  return *this;
}

std::string
exposition_of(const std::vector<prometheus::MetricFamily>& families) {
  std::vector<prometheus::MetricFamily> said;
  std::ranges::copy_if(families, std::back_inserter(said),
                       [](auto& f) { return !f.metric.empty(); });
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, said);
  return out.str();
}

} // namespace vigie
