#include "tests/analysis/samples.hpp"

#include <cairo-pdf.h>

#include <opencv2/imgproc.hpp>

#include <memory>

namespace vigie::samples {

namespace {

cairo_status_t append(void* to, const unsigned char* bytes, unsigned n) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes),
                                        n);
  return CAIRO_STATUS_SUCCESS;
}

/// An A4 document; each page is drawn, then shown.
class document {
public:
  document()
      : surface_{::cairo_pdf_surface_create_for_stream(append, &bytes_, 595,
                                                       842)},
        cairo{::cairo_create(surface_)} {
    // nop
  }

  std::string bytes() {
    ::cairo_destroy(cairo);
    ::cairo_surface_destroy(surface_);
    return std::move(bytes_);
  }

private:
  std::string bytes_;
  cairo_surface_t* surface_;

public:
  cairo_t* cairo;
};

} // namespace

std::string pdf(const std::vector<std::string>& pages) {
  document d;
  ::cairo_select_font_face(d.cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
  ::cairo_set_font_size(d.cairo, 20);
  for (auto& text : pages) {
    ::cairo_move_to(d.cairo, 60, 100);
    ::cairo_show_text(d.cairo, text.c_str());
    ::cairo_show_page(d.cairo);
  }
  return d.bytes();
}

std::string pdf_of_picture(const cv::Mat& image) {
  cv::Mat pixels;
  cv::cvtColor(image, pixels, cv::COLOR_BGR2BGRA);
  document d;
  auto* picture = ::cairo_image_surface_create_for_data(
      pixels.data, CAIRO_FORMAT_RGB24, pixels.cols, pixels.rows,
      static_cast<int>(pixels.step));
  ::cairo_scale(d.cairo, 595.0 / pixels.cols, 595.0 / pixels.cols);
  ::cairo_set_source_surface(d.cairo, picture, 0, 0);
  ::cairo_paint(d.cairo);
  ::cairo_show_page(d.cairo);
  auto bytes = d.bytes();
  ::cairo_surface_destroy(picture);
  return bytes;
}

std::string pdf_of(const std::vector<std::string>& objects,
                   const std::string& more) {
  auto size = std::to_string(objects.size() + 1);
  std::string out = "%PDF-1.4\n";
  std::string table = "xref\n0 " + size + "\n0000000000 65535 f \n";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    auto at = std::to_string(out.size());
    table += std::string(10 - at.size(), '0') + at + " 00000 n \n";
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  auto start = std::to_string(out.size());
  return out + table + "trailer\n<</Size " + size + "/Root 1 0 R" + more
         + ">>\nstartxref\n" + start + "\n%%EOF\n";
}

std::string locked_pdf() {
  const std::string secret(64, 'a'); // hex: matches no password
  return pdf_of(
      {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
       "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
       "<</Filter/Standard/V 1/R 2/P -4/O<" + secret + ">/U<" + secret + ">>>"},
      "/Encrypt 4 0 R/ID[<" + secret + "><" + secret + ">]");
}

} // namespace vigie::samples
