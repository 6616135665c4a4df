#pragma once

#include "domain/telemetry.hpp"
#include "logs/logger.hpp"

#include <memory>

namespace vigie {

/// Counts requests and writes a line for each: info, or warning when it was
/// our fault. Thread-safe.
class access_log : public telemetry {
public:
  /// `to` must outlive it.
  access_log(std::shared_ptr<telemetry> counts, logger& to);
  void served(const served_request& r) override;

private:
  std::shared_ptr<telemetry> counts_;
  logger& to_;
};

} // namespace vigie
