#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

struct color {
  double r = 0, g = 0, b = 0; ///< 0..1
};

namespace ink {
inline constexpr color text{0.13, 0.15, 0.19};
inline constexpr color quiet{0.42, 0.45, 0.50};
inline constexpr color line{0.82, 0.84, 0.87};
inline constexpr color accent{0.10, 0.30, 0.52};
} // namespace ink

struct text_style {
  double size = 9.5; ///< Points.
  bool bold = false;
  color paint = ink::text;
  double indent = 0; ///< Points from the left margin.
};

struct table_cell {
  std::string text;
  double width = 0; ///< Points.
  text_style style;
};

/// A4 pages of flowing text, in points from the top left. Long text breaks
/// across pages. Deterministic. Not thread-safe.
class report_canvas {
public:
  struct about {
    std::string title;
    std::string created; ///< ISO 8601; stands in the file instead of "now".
    std::string footer;
    int pages = 0; ///< For "n / N"; 0: not known yet.
  };

  /// Writes the PDF to `out`, which must outlive the canvas.
  report_canvas(std::string& out, about what);

  void new_page();
  void chapter(const std::string& text); ///< New page, outline entry.
  void heading(const std::string& text);
  void paragraph(const std::string& text, const text_style& style = {});
  void row(const std::vector<table_cell>& cells); ///< Moves on as a whole.
  void rule();
  void gap(double points) { y_ += points; }
  /// Starts a new page unless `points` are left on this one.
  void keep(double points);
  void fill(double x, double y, double w, double h, color paint);
  void frame(double x, double y, double w, double h, color paint);
  /// Text at a fixed place, `width` points wide; answers its height.
  double label(double x, double y, double width, const std::string& text,
               const text_style& style);
  /// A JPEG scaled into `box`; answers the drawn size, {0, 0} if undecodable.
  std::pair<double, double> picture(double x, double y, double box,
                                    const std::string& jpeg);

  double y() const { return y_; }
  void move_to(double y) { y_ = y; }
  static constexpr double left = 50, top = 56, width = 495, bottom = 780;

  /// Ends the document; answers how many pages it has.
  int finish();

private:
  template <auto Free>
  struct freed_by {
    template <class T>
    void operator()(T* x) const {
      Free(x);
    }
  };
  using surface_ptr =
      std::unique_ptr<cairo_surface_t, freed_by<cairo_surface_destroy>>;
  using context_ptr = std::unique_ptr<cairo_t, freed_by<cairo_destroy>>;
  using text_context_ptr =
      std::unique_ptr<PangoContext, freed_by<g_object_unref>>;
  using layout_ptr = std::unique_ptr<PangoLayout, freed_by<g_object_unref>>;

  layout_ptr layout(const std::string& text, const text_style& style,
                    double wide);
  double show(double x, double y, PangoLayout* drawn, const text_style& style);
  void footer();

  about about_;
  surface_ptr surface_;
  context_ptr cairo_;
  text_context_ptr text_context_; ///< One: what it knows of fonts stays.
  int page_ = 1;
  double y_ = top;
};

} // namespace vigie
