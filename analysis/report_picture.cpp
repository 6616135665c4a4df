#include "analysis/image_size.hpp"
#include "analysis/report_canvas.hpp"

#include <algorithm>

namespace vigie {

std::pair<double, double> report_canvas::picture(double x, double y, double box,
                                                 const std::string& jpeg) {
  if (jpeg.empty())
    return {0, 0};
  // A viewer decodes it; here only its place is needed.
  constexpr uint32_t most = 4'096; // of what a slot calls a thumbnail
  auto [wide, high] = size_in_header(jpeg);
  if (!jpeg.starts_with("\xFF\xD8") || wide == 0 || high == 0 || wide > most
      || high > most)
    return {0, 0};
  surface_ptr image{cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(wide), static_cast<int>(high))};
  auto* copy = new std::string(jpeg); // cairo frees it
  cairo_surface_set_mime_data(
      image.get(), CAIRO_MIME_TYPE_JPEG,
      reinterpret_cast<const unsigned char*>(copy->data()), copy->size(),
      [](void* p) { delete static_cast<std::string*>(p); }, copy);
  auto scale = box / std::max(wide, high);
  cairo_save(cairo_.get());
  cairo_translate(cairo_.get(), x, y);
  cairo_scale(cairo_.get(), scale, scale);
  cairo_set_source_surface(cairo_.get(), image.get(), 0, 0);
  cairo_paint(cairo_.get());
  cairo_restore(cairo_.get());
  return {wide * scale, high * scale};
}

} // namespace vigie
