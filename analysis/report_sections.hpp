#pragma once

#include "analysis/report_canvas.hpp"
#include "domain/ports.hpp"

#include <functional>
#include <string>

namespace vigie {

/// The parts of the report, in the order they are printed.
using thumbnail_source = std::function<std::string(file_id)>;

void draw_cover(report_canvas& page, const batch_view& batch);
void draw_dashboard(report_canvas& page, const batch_view& batch);
void draw_summary(report_canvas& page, const batch_view& batch);
void draw_findings(report_canvas& page, const batch_view& batch,
                   const thumbnail_source& thumbnail);
void draw_gallery(report_canvas& page, const batch_view& batch,
                  const thumbnail_source& thumbnail);
void draw_extracts(report_canvas& page, const batch_view& batch);
void draw_timeline(report_canvas& page, const batch_view& batch);
void draw_file_list(report_canvas& page, const batch_view& batch);

} // namespace vigie
