#pragma once

#include "domain/ports.hpp"
#include "domain/telemetry.hpp"

#include <memory>

namespace vigie {

// Ports that do what another one does, and tell how it went. Thread-safety and
// errors are those of the one within.

std::shared_ptr<batch_store> measured(std::shared_ptr<batch_store> store,
                                      std::shared_ptr<telemetry> meter);
std::shared_ptr<model_client> measured(std::shared_ptr<model_client> client,
                                       std::shared_ptr<telemetry> meter);
std::shared_ptr<report_printer>
measured(std::shared_ptr<report_printer> printer,
         std::shared_ptr<telemetry> meter);

} // namespace vigie
