#pragma once

#include "domain/ports.hpp"

#include <memory>

namespace vigie {

/// Draws the report of a batch: PDF, A4, French. The same view and thumbnails
/// give the same bytes on one machine (no clock, no random ids; another
/// version of cairo or other fonts may draw differently). Thread-safe as long
/// as one thread draws at a time.
std::unique_ptr<report_printer> make_report_printer();

} // namespace vigie
