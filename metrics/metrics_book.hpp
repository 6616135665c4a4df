#pragma once

#include "domain/telemetry.hpp"

#include <prometheus/metric_family.h>

#include <memory>
#include <vector>

namespace vigie {

/// Counters and histograms of what rooms tell. Thread-safe. Families with
/// labels of a closed list are there, at 0, from the start: a rate needs the
/// zero before the first event.
class metrics_book : public telemetry {
public:
  metrics_book();
  ~metrics_book() override;

  void served(const served_request& r) override;
  void waited(stage what, seconds_f how_long) override;
  void worked(stage what, job_end end, seconds_f how_long) override;
  void accepted(std::size_t files, uint64_t bytes) override;
  void ended(batch_status status) override;
  void committed(std::size_t changes, seconds_f took) override;
  void unkept(bool room) override;
  void printed(bool good, seconds_f took) override;
  void asked_model(const model_reply& reply, seconds_f took) override;
  void held_up(seconds_f how_long) override;

  std::vector<prometheus::MetricFamily> collect() const;

private:
  struct families;
  std::unique_ptr<families> all_;
};

} // namespace vigie
