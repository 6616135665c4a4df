#include "analysis/report.hpp"

#include "analysis/report_sections.hpp"
#include "analysis/report_words.hpp"

#include <atomic>
#include <exception>

namespace vigie {

namespace {

int draw(const batch_view& batch, const thumbnail_source& thumbnail,
         std::string& out, int pages) {
  auto created = rfc3339(batch.stored_at).substr(0, 19) + "Z";
  auto title = "Rapport d'audit " + printable(batch.id.text, 128);
  report_canvas page{out, {title, created, title + " · vigie", pages}};
  draw_cover(page, batch);
  draw_dashboard(page, batch);
  draw_summary(page, batch);
  draw_findings(page, batch, thumbnail);
  draw_gallery(page, batch, thumbnail);
  draw_extracts(page, batch);
  draw_timeline(page, batch);
  draw_file_list(page, batch);
  return page.finish();
}

class cairo_printer : public report_printer {
public:
  outcome<std::string> print(const batch_view& batch,
                             const thumbnail_source& thumbnail) override {
    try {
      // Every page says how many there are, which is known at the end: as many
      // as the last report had, or it is drawn once more.
      for (auto pages = last_pages_.load(), tries = 0; tries < 3; ++tries) {
        std::string out;
        auto drawn = draw(batch, thumbnail, out, pages);
        if (drawn <= 0)
          break;
        if (drawn == pages) {
          last_pages_ = drawn;
          return out;
        }
        pages = drawn;
      }
      return problem{code::internal, "The report could not be drawn"};
    } catch (const std::exception&) {
      return problem{code::internal, "The report could not be drawn"};
    }
  }

private:
  std::atomic<int> last_pages_ = 0;
};

} // namespace

std::unique_ptr<report_printer> make_report_printer() {
  return std::make_unique<cairo_printer>();
}

} // namespace vigie
