#pragma once

#include "actors/protocol.hpp"

#include <functional>
#include <memory>
#include <string>

namespace vigie {

struct printer_args {
  std::shared_ptr<report_printer> printer;
  std::shared_ptr<batch_reader> reader;
  std::shared_ptr<file_reader> files;
  std::function<std::string(const std::string&)> sha256; ///< Hex digest.
};

/// Renders reports. Spawn detached: drawing is CPU work and reads files.
printer_actor::behavior_type printer(printer_actor::pointer self,
                                     printer_args args);

} // namespace vigie
