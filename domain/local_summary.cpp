#include "domain/local_summary.hpp"

#include "domain/french.hpp"

#include <algorithm>
#include <map>

namespace vigie {

namespace {

constexpr std::size_t most_findings = 10;

const std::map<std::string, std::string>& advice() {
  static const std::map<std::string, std::string> all{
      {"incendie", "Vérifier sans délai les moyens d'extinction, les issues "
                   "et les installations électriques signalés."},
      {"malveillance", "Remettre en état la surveillance et contrôler les "
                       "points d'entrée signalés."},
      {"hygiene", "Faire nettoyer les zones signalées et revoir la fréquence "
                  "des passages."},
      {"cyber", "Retirer les secrets exposés, les changer et verrouiller les "
                "postes signalés."},
      {"access_control", "Examiner les accès anormaux signalés et désactiver "
                         "les badges concernés."},
      {"general", "Reprendre les prises de vue signalées si elles ne "
                  "permettent pas de conclure."}};
  return all;
}

std::string finding(const observation& o) {
  auto text = o.filename + " : " + label_in_french(o.label) + ", gravité "
              + std::string{in_french(o.severity)};
  if (auto quote = o.extra.find("quote"); quote != o.extra.end())
    return text + " — « " + quote->second + " »";
  return o.class_name ? text + " (" + class_in_french(*o.class_name) + ")"
                      : text;
}

std::string overview(std::size_t files, std::size_t observations,
                     const std::optional<risk_score>& score) {
  auto text = "Lot de " + std::to_string(files)
              + (files > 1 ? " fichiers" : " fichier") + " : ";
  if (observations == 0 || !score)
    return text + "aucune observation.";
  text += std::to_string(observations)
          + (observations > 1 ? " observations" : " observation")
          + ", score de risque " + one_decimal(score->total) + " (indice "
          + one_decimal(score->normalized * 100) + " sur 100).";
  if (!score->breakdown.empty())
    text +=
        " Premier domaine : " + label_in_french(score->breakdown.front().label)
        + ", gravité maximale "
        + std::string{in_french(score->breakdown.front().severity)} + ".";
  return text;
}

} // namespace

batch_summary summarize(const std::vector<file_record>& files,
                        const std::vector<observation>& observations,
                        const std::optional<risk_score>& score, utc_time now) {
  batch_summary out;
  out.source = "local";
  out.created_at = now;
  out.text = overview(files.size(), observations.size(), score);
  auto sorted = observations;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](auto& a, auto& b) { return a.severity > b.severity; });
  for (auto& o : sorted)
    if (out.findings.size() < most_findings)
      out.findings.push_back(finding(o));
  if (score)
    for (auto& line : score->breakdown)
      if (auto known = advice().find(line.label); known != advice().end())
        out.recommendations.push_back(known->second);
  for (auto& f : files)
    if (f.status == file_status::failed || f.status == file_status::quarantined)
      out.warnings.push_back("Fichier non analysé : " + f.filename);
  return out;
}

} // namespace vigie
