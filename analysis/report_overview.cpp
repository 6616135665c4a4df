// Cover, dashboard and summary: what a reader looks at first.

#include "analysis/report_sections.hpp"
#include "analysis/report_words.hpp"
#include "domain/french.hpp"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

const text_style quiet{9.5, false, ink::quiet};

std::string counted(std::size_t n, const std::string& one,
                    const std::string& many) {
  return std::to_string(n) + " " + (n > 1 ? many : one);
}

std::size_t not_analysed(const batch_view& batch) {
  return static_cast<std::size_t>(
      std::count_if(batch.files.begin(), batch.files.end(), [](auto& f) {
        return f.status == file_status::failed
               || f.status == file_status::quarantined;
      }));
}

/// The report is printed just before the batch ends, so its status is what
/// the rows say of the work, not the word `processing`.
std::string status_line(const batch_view& batch) {
  auto bad = not_analysed(batch);
  if (bad == 0)
    return "Analyse terminée";
  return "Analyse terminée avec réserves : "
         + counted(bad, "fichier non analysé", "fichiers non analysés");
}

std::string gemini_line(const batch_view& batch) {
  auto& s = batch.gemini_status;
  if (!s || *s == "disabled")
    return "désactivée";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> words{
      {{"ok", "faite"},
       {"skipped", "non faite (pas de clé ou pas d'image)"},
       {"no_insights", "faite, sans observation"},
       {"quota_exceeded", "non faite (quota épuisé)"},
       {"failed", "échouée"}}};
  for (auto& [code, french] : words)
    if (code == *s)
      return std::string{french};
  return printable(*s, 40);
}

severity worst(const batch_view& batch) {
  auto out = severity::negligible;
  for (auto& o : batch.observations)
    out = std::max(out, o.severity);
  return out;
}

void fact(report_canvas& page, const std::string& name,
          const std::string& value) {
  page.row({{name, 150, quiet}, {value, 345, {9.5, true}}});
}

/// The normalized score as a bar of five steps with a mark on it.
void gauge(report_canvas& page, const batch_view& batch) {
  constexpr double high = 16;
  auto step = report_canvas::width / 5;
  for (int i = 0; i < 5; ++i)
    page.fill(report_canvas::left + i * step, page.y(), step - 1, high,
              paint_of(static_cast<severity>(i)));
  auto at =
      report_canvas::left + batch.score->normalized * report_canvas::width;
  page.fill(at - 1.5, page.y() - 5, 3, high + 10, ink::text);
  page.gap(high + 16);
}

void bar(report_canvas& page, const risk_line& line, double most) {
  constexpr double name = 120, figures = 150, high = 13;
  auto room = report_canvas::width - name - figures;
  page.keep(high + 9);
  page.label(report_canvas::left, page.y(), name - 6,
             printable(label_in_french(line.label), 40), {9});
  auto length = most > 0 ? room * line.score / most : 0;
  page.fill(report_canvas::left + name, page.y(), std::max(length, 1.0), high,
            paint_of(line.severity));
  page.label(report_canvas::left + name + room + 8, page.y(), figures,
             one_decimal(line.score) + " · "
                 + counted(static_cast<std::size_t>(line.count), "observation",
                           "observations"),
             {8.5, false, ink::quiet});
  page.gap(high + 9);
}

void severities(report_canvas& page, const batch_view& batch) {
  std::array<std::size_t, 5> count{};
  for (auto& o : batch.observations)
    ++count[static_cast<std::size_t>(o.severity)];
  page.heading("Observations par gravité");
  for (auto i = count.size(); i-- > 0;) {
    auto s = static_cast<severity>(i);
    page.keep(18);
    page.fill(report_canvas::left, page.y() + 2, 9, 9, paint_of(s));
    page.label(report_canvas::left + 18, page.y(), 120,
               std::string{in_french(s)}, {9.5});
    page.label(report_canvas::left + 140, page.y(), 60,
               std::to_string(count[i]), {9.5, true});
    page.gap(17);
  }
}

void bullets(report_canvas& page, const std::string& title,
             const std::vector<std::string>& lines) {
  if (lines.empty())
    return;
  page.heading(title);
  for (auto& line : lines)
    page.paragraph("• " + printable(line, 600), {9.5, false, ink::text, 8});
}

} // namespace

void draw_cover(report_canvas& page, const batch_view& batch) {
  page.fill(0, 0, 596, 150, ink::accent);
  page.label(report_canvas::left, 50, report_canvas::width, "Rapport d'audit",
             {30, true, {1, 1, 1}});
  page.label(report_canvas::left, 98, report_canvas::width,
             printable(batch.id.text, 128), {12, false, {0.85, 0.90, 0.96}});
  page.move_to(190);
  fact(page, "Lot", printable(batch.id.text, 128));
  fact(page, "Reçu le", date_in_french(batch.stored_at) + " UTC");
  fact(page, "État", status_line(batch));
  fact(page, "Fichiers", std::to_string(batch.files.size()));
  fact(page, "Observations", std::to_string(batch.observations.size()));
  fact(page, "Gravité maximale",
       batch.observations.empty() ? "aucune observation"
                                  : std::string{in_french(worst(batch))});
  fact(page, "Score de risque",
       batch.score
           ? one_decimal(batch.score->total) + "  (indice "
                 + one_decimal(batch.score->normalized * 100) + " sur 100)"
           : "sans objet");
  fact(page, "Analyse Gemini", gemini_line(batch));
}

void draw_dashboard(report_canvas& page, const batch_view& batch) {
  page.chapter("Tableau de bord");
  if (!batch.score) {
    page.paragraph("Aucune observation : il n'y a pas de score de risque.",
                   quiet);
    return;
  }
  page.label(report_canvas::left, page.y(), 300,
             one_decimal(batch.score->total),
             {34, true, paint_of(worst(batch))});
  page.gap(44);
  page.paragraph("Score de risque (somme des observations pondérées). Indice "
                     + one_decimal(batch.score->normalized * 100)
                     + " sur 100 :",
                 quiet);
  page.gap(6);
  gauge(page, batch);
  page.heading("Score par domaine");
  double most = 0;
  for (auto& line : batch.score->breakdown)
    most = std::max(most, line.score);
  for (auto& line : batch.score->breakdown)
    bar(page, line, most);
  page.paragraph("La couleur d'une barre est la gravité maximale du domaine.",
                 {8, false, ink::quiet});
  severities(page, batch);
}

void draw_summary(report_canvas& page, const batch_view& batch) {
  page.chapter("Synthèse");
  if (!batch.summary) {
    page.paragraph("La synthèse n'est pas disponible.", quiet);
    return;
  }
  auto& s = *batch.summary;
  if (s.text)
    page.paragraph(printable(*s.text, 6'000), {10.5});
  if (batch.gemini_summary) {
    page.heading("Analyse des images par Gemini");
    page.paragraph(printable(*batch.gemini_summary, 6'000));
  }
  bullets(page, "Constats principaux", s.findings);
  bullets(page, "Recommandations", s.recommendations);
  bullets(page, "Réserves", s.warnings);
}

} // namespace vigie
