#include "domain/stages.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace vigie {

namespace {

using enum event_kind;

constexpr auto rows = std::to_array<event_row>({
    {"ingestion:received", "Fichiers reçus", info, 5},
    {"metadata:extracted", "Métadonnées extraites", info, 15},
    {"analysis:start", "Analyse démarrée", info, 25},
    {"vision:start", "Analyse de l'image", info, std::nullopt},
    {"vision:complete", "Image analysée", info, std::nullopt},
    {"ocr:start", "Lecture du texte", info, std::nullopt},
    {"ocr:complete", "Texte lu", info, std::nullopt},
    {"ocr:error", "Texte illisible", event_kind::warning, std::nullopt},
    {"file:quarantined", "Fichier mis en quarantaine", event_kind::warning,
     std::nullopt},
    {"file:purged", "Fichier retiré du stockage", event_kind::warning,
     std::nullopt},
    {"worker:waiting", "En attente d'un poste d'analyse", event_kind::warning,
     std::nullopt},
    {"analysis:complete", "Analyse des fichiers terminée", info, 70},
    {"gemini:start", "Analyse Gemini démarrée", info, 72},
    {"gemini:waiting", "Gemini fait attendre", event_kind::warning,
     std::nullopt},
    {"gemini:quota-exceeded", "Quota Gemini épuisé", event_kind::warning,
     std::nullopt},
    {"gemini:complete", "Analyse Gemini terminée", info, 80},
    {"scoring:complete", "Score de risque calculé", info, 85},
    {"summary:complete", "Synthèse rédigée", info, 90},
    {"report:generated", "Rapport généré", success, 95},
    {"report:available", "Rapport disponible", success, 100},
    {"pipeline:error", "Traitement interrompu", error, 100},
    {"pipeline:resumed", "Traitement repris après un redémarrage", info,
     std::nullopt},
    {"pipeline:cancelled", "Traitement annulé", event_kind::warning,
     std::nullopt},
});

} // namespace

std::span<const event_row> event_rows() { return rows; }

const event_row& event_info(std::string_view code) {
  auto i = std::find_if(rows.begin(), rows.end(),
                        [&](const event_row& r) { return r.code == code; });
  if (i == rows.end())
    throw std::logic_error("no such event code: " + std::string{code});
  return *i;
}

event_draft draft(std::string_view code, utc_time at, facts details) {
  auto& info = event_info(code);
  event_draft out;
  out.code = std::string{info.code};
  out.label = std::string{info.label};
  out.kind = info.kind;
  out.progress = info.progress;
  out.details = std::move(details);
  out.at = at;
  return out;
}

} // namespace vigie
