#pragma once

#include "domain/batch.hpp"

#include <map>
#include <string>
#include <vector>

namespace vigie {

/// What an observation adds: weight of its severity times that of its label.
struct scoring_weights {
  std::map<severity, double> by_severity{{severity::negligible, 0.5},
                                         {severity::low, 1},
                                         {severity::medium, 3},
                                         {severity::high, 5},
                                         {severity::critical, 8}};
  std::map<std::string, double> by_label{{"incendie", 1.4},
                                         {"malveillance", 1.6},
                                         {"hygiene", 1.2},
                                         {"cyber", 1.5}};
  double other_label = 1.0;
};

/// The risk of a batch. Pure: same observations, same score, in any order.
risk_score score(const std::vector<observation>& observations,
                 const scoring_weights& weights, utc_time now);

} // namespace vigie
