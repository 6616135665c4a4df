#include "domain/french.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace vigie {

namespace {

using word = std::pair<std::string_view, std::string_view>;

constexpr auto labels = std::to_array<word>({
    {"incendie", "Incendie"},
    {"malveillance", "Malveillance"},
    {"hygiene", "Hygiène"},
    {"cyber", "Cybersécurité"},
    {"access_control", "Contrôle d'accès"},
    {"general", "Général"},
});

constexpr auto classes = std::to_array<word>({
    {"blur", "photo floue"},
    {"dark", "photo sombre"},
    {"low-resolution", "définition trop faible"},
    {"duplicate-exact", "photo en double"},
    {"duplicate-near", "photo presque identique"},
    {"password-visible", "mot de passe visible"},
    {"fire-exit", "issue de secours"},
    {"fire-equipment", "moyen d'extinction"},
    {"evacuation", "évacuation"},
    {"camera", "vidéosurveillance"},
    {"perimeter", "périmètre"},
    {"data-theft", "fuite de données"},
    {"network-probe", "sonde réseau"},
    {"workstation", "poste de travail"},
    {"access", "accès"},
    {"badge", "badge"},
    {"hygiene", "propreté"},
    {"electric", "électricité"},
    {"sign-only", "signalement"},
    {"log-anomaly", "anomalie du journal"},
});

constexpr auto engines = std::to_array<word>({
    {"tesseract", "Reconnaissance de caractères (Tesseract)"},
    {"pdftotext", "Texte du PDF"},
    {"pdftotext+tesseract", "Texte du PDF et reconnaissance de caractères"},
    {"docx", "Document Word"},
    {"antiword", "Document Word (ancien format)"},
    {"catdoc", "Document Word (ancien format)"},
    {"plain", "Fichier texte"},
    {"none", "Texte non lu"},
});

template <std::size_t N>
std::string translate(const std::array<word, N>& table,
                      const std::string& code) {
  auto i = std::find_if(table.begin(), table.end(),
                        [&](const word& w) { return w.first == code; });
  return i == table.end() ? code : std::string{i->second};
}

} // namespace

std::string_view in_french(severity s) {
  switch (s) {
  case severity::negligible:
    return "négligeable";
  case severity::low:
    return "faible";
  case severity::medium:
    return "moyenne";
  case severity::high:
    return "élevée";
  case severity::critical:
    return "critique";
  }
  return "inconnue";
}

std::string_view in_french(file_status s) {
  switch (s) {
  case file_status::pending:
    return "en attente";
  case file_status::done:
    return "analysé";
  case file_status::failed:
    return "non analysé";
  case file_status::quarantined:
    return "en quarantaine";
  }
  return "inconnu";
}

std::string label_in_french(const std::string& label) {
  return translate(labels, label);
}

std::string class_in_french(const std::string& class_name) {
  return translate(classes, class_name);
}

std::string engine_in_french(const std::string& engine) {
  return translate(engines, engine);
}

std::string one_decimal(double x) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f", x);
  std::string out = text;
  std::replace(out.begin(), out.end(), '.', ',');
  return out;
}

std::string date_in_french(utc_time t) {
  auto iso = rfc3339(t);
  return iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4)
         + " " + iso.substr(11, 8);
}

} // namespace vigie
