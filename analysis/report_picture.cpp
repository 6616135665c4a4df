#include "analysis/report_canvas.hpp"

#include <opencv2/imgcodecs.hpp>

#include <algorithm>

namespace vigie {

std::pair<double, double> report_canvas::picture(double x, double y, double box,
                                                 const std::string& jpeg) {
  if (jpeg.empty())
    return {0, 0};
  cv::Mat bytes(1, static_cast<int>(jpeg.size()), CV_8U,
                const_cast<char*>(jpeg.data())); // only read
  auto pixels = cv::imdecode(bytes, cv::IMREAD_COLOR);
  if (pixels.empty())
    return {0, 0};
  surface_ptr image{
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels.cols, pixels.rows)};
  auto* copy = new std::string(jpeg); // cairo frees it
  cairo_surface_set_mime_data(
      image.get(), CAIRO_MIME_TYPE_JPEG,
      reinterpret_cast<const unsigned char*>(copy->data()), copy->size(),
      [](void* p) { delete static_cast<std::string*>(p); }, copy);
  auto scale = box / std::max(pixels.cols, pixels.rows);
  cairo_save(cairo_.get());
  cairo_translate(cairo_.get(), x, y);
  cairo_scale(cairo_.get(), scale, scale);
  cairo_set_source_surface(cairo_.get(), image.get(), 0, 0);
  cairo_paint(cairo_.get());
  cairo_restore(cairo_.get());
  return {pixels.cols * scale, pixels.rows * scale};
}

} // namespace vigie
