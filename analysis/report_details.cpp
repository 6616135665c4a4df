// Findings, text extracts, timeline and file list: the evidence.

#include "analysis/report_sections.hpp"
#include "analysis/report_words.hpp"
#include "domain/french.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace vigie {

namespace {

constexpr std::size_t longest_extract = 1'500;
constexpr std::size_t longest_timeline = 300;
constexpr double picture_box = 150;
const text_style quiet{8.5, false, ink::quiet};

/// Width of the image as shown, from its metadata; 0: unknown.
double shown_width(const file_record& file) {
  auto about =
      nlohmann::json::parse(file.metadata_json.value_or("{}"), nullptr, false);
  auto width = about.is_object() ? about.value("width", nlohmann::json{})
                                 : nlohmann::json{};
  if (width.is_number())
    return width.get<double>();
  return width.is_string() ? std::atof(width.get<std::string>().c_str()) : 0;
}

std::string extra(const observation& o, const char* key) {
  auto i = o.extra.find(key);
  return i == o.extra.end() ? std::string{} : i->second;
}

std::string headline(const observation& o) {
  auto text = label_in_french(o.label) + " · gravité "
              + std::string{in_french(o.severity)};
  if (o.class_name)
    text += " · " + class_in_french(*o.class_name);
  if (o.confidence)
    text += " · confiance " + one_decimal(*o.confidence * 100) + " %";
  if (o.source != "local")
    text += " · " + o.source;
  return printable(text, 200);
}

std::string evidence(const observation& o) {
  if (auto quote = extra(o, "quote"); !quote.empty()) {
    auto line = extra(o, "line");
    return (line.empty() ? "« " : "Ligne " + line + " : « ")
           + printable(quote, 300) + " »";
  }
  if (auto of = extra(o, "of"); !of.empty())
    return "Même contenu que " + printable(of, 200);
  for (auto key : {"description", "category"})
    if (auto said = extra(o, key); !said.empty())
      return printable(said, 300);
  return {};
}

void draw_observation(report_canvas& page, const observation& o) {
  page.keep(30);
  page.fill(report_canvas::left, page.y() + 2, 3, 10, paint_of(o.severity));
  page.paragraph(headline(o), {9, true, ink::text, 10});
  if (auto said = evidence(o); !said.empty())
    page.paragraph(said, {8.5, false, ink::quiet, 10});
}

void draw_picture(report_canvas& page, const file_record& file,
                  const std::vector<const observation*>& seen,
                  const std::string& jpeg) {
  if (jpeg.empty())
    return;
  page.keep(picture_box + 8);
  auto [w, h] = page.picture(report_canvas::left, page.y(), picture_box, jpeg);
  auto original = shown_width(file);
  for (auto* o : seen)
    if (o->where && original > 0 && w > 0) {
      auto k = w / original;
      auto x = std::clamp(o->where->x1 * k, 0.0, w);
      auto y = std::clamp(o->where->y1 * k, 0.0, h);
      page.frame(report_canvas::left + x, page.y() + y,
                 std::clamp(o->where->x2 * k, x, w) - x,
                 std::clamp(o->where->y2 * k, y, h) - y, paint_of(o->severity));
    }
  page.gap(h > 0 ? h + 8 : 0);
}

/// What happens to every file fills pages: left out of long timelines.
bool is_routine(const timeline_event& e) {
  return e.code.starts_with("vision:") || e.code == "ocr:start"
         || e.code == "ocr:complete";
}

std::string document_of(const timeline_event& e) {
  auto details =
      nlohmann::json::parse(e.details_json.value_or("{}"), nullptr, false);
  if (!details.is_object() || !details.contains("document")
      || !details["document"].is_string())
    return {};
  return " : " + details["document"].get<std::string>();
}

} // namespace

void draw_findings(report_canvas& page, const batch_view& batch,
                   const thumbnail_source& thumbnail) {
  page.chapter("Constats par fichier");
  if (batch.observations.empty())
    page.paragraph("Aucune observation.", quiet);
  std::map<std::string, std::vector<const observation*>> by_file;
  for (auto& o : batch.observations)
    by_file[o.filename].push_back(&o);
  for (auto& file : batch.files) {
    auto seen = by_file.find(file.filename);
    if (seen == by_file.end() && file.warnings.empty()
        && file.status == file_status::done)
      continue;
    page.heading(printable(file.filename, 255));
    if (file.status != file_status::done)
      page.paragraph("Fichier " + std::string{in_french(file.status)},
                     {8.5, true, paint_of(severity::high)});
    for (auto& w : file.warnings)
      page.paragraph("Réserve : " + printable(w.message, 300), quiet);
    if (seen == by_file.end())
      continue;
    std::stable_sort(
        seen->second.begin(), seen->second.end(),
        [](auto* a, auto* b) { return a->severity > b->severity; });
    draw_picture(page, file, seen->second, thumbnail(file.id));
    for (auto* o : seen->second)
      draw_observation(page, *o);
  }
}

void draw_extracts(report_canvas& page, const batch_view& batch) {
  auto some = false;
  for (auto& text : batch.texts) {
    auto shown = printable(without_gaps(text.content), longest_extract);
    if (shown.empty() && !text.error)
      continue;
    if (!std::exchange(some, true))
      page.chapter("Extraits des textes");
    page.heading(printable(text.filename, 255));
    auto about = engine_in_french(text.engine);
    if (text.confidence)
      about += ", confiance " + one_decimal(*text.confidence * 100) + " %";
    page.paragraph(text.error ? printable(*text.error, 300) : about, quiet);
    if (!shown.empty())
      page.paragraph(shown, {8.5, false, ink::text, 10});
  }
}

void draw_timeline(report_canvas& page, const batch_view& batch) {
  page.chapter("Chronologie");
  page.paragraph("Heures en temps universel (UTC).", quiet);
  auto brief = batch.timeline.size() > longest_timeline;
  if (brief)
    page.paragraph("Les étapes ordinaires de chaque fichier ne sont pas "
                   "imprimées.",
                   quiet);
  for (auto& e : batch.timeline) {
    if (e.code.starts_with("report:"))
      break; // the report cannot tell of its own making
    if (!(brief && is_routine(e)))
      page.row({{date_in_french(e.at), 120, quiet},
                {printable(e.label + document_of(e), 300), 375, {9}}});
  }
}

void draw_file_list(report_canvas& page, const batch_view& batch) {
  page.chapter("Fichiers et empreintes SHA-256");
  for (auto& file : batch.files) {
    page.keep(34);
    page.row({{printable(file.filename, 255) + "\n" + file.sha256, 340, {7.5}},
              {printable(file.content_type, 80) + "\n"
                   + std::to_string(file.size_bytes) + " octets, "
                   + std::string{in_french(file.status)},
               155,
               {7.5, false, ink::quiet}}});
  }
}

} // namespace vigie
