// Pictures that nothing was found on: the reader wants to see them all the
// same.

#include "analysis/report_sections.hpp"
#include "analysis/report_words.hpp"

#include <set>

namespace vigie {

namespace {

constexpr int columns = 4;
constexpr double column = report_canvas::width / columns;
constexpr double picture_box = 112, caption = 26;
constexpr std::size_t most_pictures = 240; // ten pages
const text_style small{7, false, ink::quiet};

} // namespace

void draw_gallery(report_canvas& page, const batch_view& batch,
                  const thumbnail_source& thumbnail) {
  std::set<std::string> with_findings;
  for (auto& o : batch.observations)
    with_findings.insert(o.filename);
  std::size_t count = 0;
  for (auto& file : batch.files) {
    if (!file.content_type.starts_with("image/")
        || with_findings.contains(file.filename))
      continue;
    auto jpeg = count < most_pictures ? thumbnail(file.id) : std::string{};
    auto at = count < most_pictures ? count % columns : 0;
    if (count++ == 0)
      page.chapter("Images sans observation");
    if (count > most_pictures)
      continue;
    if (at == 0) {
      page.gap(count > 1 ? picture_box + caption : 0);
      page.keep(picture_box + caption);
    }
    auto x = report_canvas::left + static_cast<double>(at) * column;
    page.picture(x, page.y(), picture_box, jpeg);
    page.label(x, page.y() + picture_box + 3, picture_box,
               printable(file.filename, 44), small);
  }
  if (count > 0)
    page.gap(picture_box + caption);
  if (count > most_pictures)
    page.paragraph("… et " + std::to_string(count - most_pictures)
                       + " autres images.",
                   small);
}

} // namespace vigie
