#include "analysis/report_canvas.hpp"

#include <cairo-pdf.h>

#include <algorithm>
#include <new>

namespace vigie {

namespace {

constexpr double a4_width = 595.28, a4_height = 841.89;

cairo_status_t append(void* to, const unsigned char* bytes, unsigned n) {
  try {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes),
                                          n);
    return CAIRO_STATUS_SUCCESS;
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
}

void use(cairo_t* c, color paint) {
  cairo_set_source_rgb(c, paint.r, paint.g, paint.b);
}

} // namespace

report_canvas::report_canvas(std::string& out, about what)
    : about_(std::move(what)), surface_(cairo_pdf_surface_create_for_stream(
                                   append, &out, a4_width, a4_height)),
      cairo_(cairo_create(surface_.get())),
      text_context_(pango_cairo_create_context(cairo_.get())) {
  pango_cairo_context_set_resolution(text_context_.get(), 72); // a unit: 1 pt
  auto say = [&](cairo_pdf_metadata_t key, const std::string& value) {
    cairo_pdf_surface_set_metadata(surface_.get(), key, value.c_str());
  };
  say(CAIRO_PDF_METADATA_TITLE, about_.title);
  say(CAIRO_PDF_METADATA_CREATOR, "vigie");
  say(CAIRO_PDF_METADATA_CREATE_DATE, about_.created);
}

report_canvas::layout_ptr report_canvas::layout(const std::string& text,
                                                const text_style& style,
                                                double wide) {
  layout_ptr out{pango_layout_new(text_context_.get())};
  auto* font = pango_font_description_from_string("DejaVu Sans");
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  if (style.bold)
    pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(out.get(), font);
  pango_font_description_free(font);
  pango_layout_set_width(out.get(), static_cast<int>(wide * PANGO_SCALE));
  pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text(out.get(), text.data(), static_cast<int>(text.size()));
  return out;
}

void report_canvas::footer() {
  auto number = std::to_string(page_);
  if (about_.pages > 0)
    number += " / " + std::to_string(about_.pages);
  fill(left, bottom + 14, width, 0.5, ink::line);
  text_style small{7.5, false, ink::quiet};
  label(left, bottom + 20, width - 60, about_.footer, small);
  label(left + width - 45, bottom + 20, 60, number, small);
}

void report_canvas::new_page() {
  footer();
  cairo_show_page(cairo_.get());
  ++page_;
  y_ = top;
}

void report_canvas::keep(double points) {
  if (y_ + points > bottom && y_ > top)
    new_page();
}

void report_canvas::chapter(const std::string& text) {
  if (y_ > top)
    new_page();
  auto link = "page=" + std::to_string(page_) + " pos=[0 0]";
  cairo_pdf_surface_add_outline(surface_.get(), CAIRO_PDF_OUTLINE_ROOT,
                                text.c_str(), link.c_str(),
                                cairo_pdf_outline_flags_t{});
  y_ += label(left, y_, width, text, {18, true, ink::accent}) + 6;
  fill(left, y_, width, 1.2, ink::accent);
  y_ += 14;
}

void report_canvas::heading(const std::string& text) {
  keep(70);
  y_ += 8;
  y_ += label(left, y_, width, text, {11.5, true, ink::text}) + 5;
}

void report_canvas::rule() {
  fill(left, y_, width, 0.5, ink::line);
  y_ += 4;
}

void report_canvas::paragraph(const std::string& text,
                              const text_style& style) {
  auto drawn = layout(text, style, width - style.indent);
  std::unique_ptr<PangoLayoutIter, freed_by<pango_layout_iter_free>> at{
      pango_layout_get_iter(drawn.get())};
  do {
    PangoRectangle box;
    pango_layout_iter_get_line_extents(at.get(), nullptr, &box);
    auto height = static_cast<double>(box.height) / PANGO_SCALE;
    keep(height);
    auto base = static_cast<double>(pango_layout_iter_get_baseline(at.get()));
    use(cairo_.get(), style.paint);
    cairo_move_to(cairo_.get(), left + style.indent,
                  y_ + (base - box.y) / PANGO_SCALE);
    pango_cairo_show_layout_line(cairo_.get(),
                                 pango_layout_iter_get_line_readonly(at.get()));
    y_ += height;
  } while (pango_layout_iter_next_line(at.get()));
  y_ += 4;
}

double report_canvas::show(double x, double y, PangoLayout* drawn,
                           const text_style& style) {
  use(cairo_.get(), style.paint);
  cairo_move_to(cairo_.get(), x, y);
  pango_cairo_show_layout(cairo_.get(), drawn);
  int height = 0;
  pango_layout_get_size(drawn, nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

double report_canvas::label(double x, double y, double wide,
                            const std::string& text, const text_style& style) {
  return show(x, y, layout(text, style, wide).get(), style);
}

void report_canvas::row(const std::vector<table_cell>& cells) {
  std::vector<layout_ptr> drawn;
  double tallest = 0;
  for (auto& cell : cells) {
    int height = 0;
    drawn.push_back(layout(cell.text, cell.style, cell.width - 6));
    pango_layout_get_size(drawn.back().get(), nullptr, &height);
    tallest = std::max(tallest, static_cast<double>(height) / PANGO_SCALE);
  }
  keep(tallest + 5);
  auto x = left;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    show(x, y_, drawn[i].get(), cells[i].style);
    x += cells[i].width;
  }
  y_ += tallest + 2;
  rule();
}

void report_canvas::fill(double x, double y, double w, double h, color paint) {
  use(cairo_.get(), paint);
  cairo_rectangle(cairo_.get(), x, y, w, h);
  cairo_fill(cairo_.get());
}

void report_canvas::frame(double x, double y, double w, double h, color paint) {
  use(cairo_.get(), paint);
  cairo_set_line_width(cairo_.get(), 1.2);
  cairo_rectangle(cairo_.get(), x, y, w, h);
  cairo_stroke(cairo_.get());
}

int report_canvas::finish() {
  footer();
  cairo_show_page(cairo_.get());
  cairo_surface_finish(surface_.get());
  auto failed = cairo_surface_status(surface_.get());
  return failed == CAIRO_STATUS_SUCCESS ? page_ : 0;
}

} // namespace vigie
