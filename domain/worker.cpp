#include "domain/worker.hpp"

#include <algorithm>
#include <optional>

namespace vigie {

namespace {

constexpr std::size_t longest_text = 4u << 20;
// A thumbnail, or a picture made for the model.
constexpr std::size_t largest_picture = 6u << 20;
constexpr std::size_t most_observations = 5'000;
constexpr std::size_t most_bytes = 14u << 20;

// What a string costs besides its letters: many empty ones are no trifle.
constexpr std::size_t per_text = 32;

std::size_t weight(const std::string& text) { return per_text + text.size(); }

std::size_t weight(const std::optional<std::string>& text) {
  return text ? weight(*text) : 0;
}

std::size_t weight(const std::map<std::string, std::string>& facts) {
  std::size_t n = 0;
  for (auto& [name, value] : facts)
    n += weight(name) + weight(value);
  return n;
}

std::size_t weight(const observation& o) {
  return weight(o.filename) + weight(o.label) + weight(o.source)
         + weight(o.class_name) + weight(o.extra);
}

std::size_t weight(const ocr_text& t) {
  auto n = weight(t.filename) + weight(t.engine) + weight(t.content)
           + weight(t.error);
  for (auto& w : t.warnings)
    n += weight(w);
  return n;
}

struct breakage {
  std::string_view code;
  const char *french, *english;
};

constexpr breakage breakages[]{
    {"crash", "arrêt brutal", "crash"},
    {"time", "durée dépassée", "out of time"},
    {"cpu", "temps de calcul dépassé", "out of CPU time"},
    {"memory", "mémoire épuisée", "out of memory"},
    {"stopped", "processus figé", "frozen process"},
    {"oversize", "résultat hors limites", "result out of bounds"},
    {"silent", "poste muet", "silent node"},
    {"lost", "poste perdu", "lost node"},
};

bool sane(const observation& o) {
  return o.severity <= severity::critical && o.label.size() < 256;
}

std::size_t weight(const analysis_result& r) {
  auto n =
      weight(r.error_code) + weight(r.error_message) + weight(r.thumbnail_jpeg);
  for (auto& o : r.observations)
    n += weight(o);
  for (auto& w : r.warnings)
    n += weight(w.code) + weight(w.message);
  if (r.metadata)
    n += weight(r.metadata->captured_at) + weight(r.metadata->camera)
         + weight(r.metadata->extra);
  if (r.text)
    n += weight(*r.text);
  return n;
}

} // namespace

bool acceptable(const analysis_result& r) {
  return r.error_code != broken_code
         && r.thumbnail_jpeg.size() <= largest_picture
         && r.observations.size() <= most_observations
         && (!r.text || r.text->content.size() <= longest_text)
         && std::all_of(r.observations.begin(), r.observations.end(), sane)
         && weight(r) <= most_bytes;
}

std::string breakage_words(std::string_view why) {
  for (auto& b : breakages)
    if (b.code == why)
      return b.french;
  return "interruption";
}

std::string breakage_in_english(std::string reason) {
  auto put = [&](std::string_view french, std::string_view english) {
    for (auto at = reason.find(french); at != reason.npos;
         at = reason.find(french, at + english.size()))
      reason.replace(at, french.size(), english);
  };
  put("L'analyse de ce fichier s'est interrompue trop souvent : ", "");
  for (auto& b : breakages)
    put(b.french, b.english);
  return reason;
}

std::set<std::string> split_languages(std::string_view joined) {
  std::set<std::string> out;
  while (!joined.empty()) {
    auto plus = std::min(joined.find('+'), joined.size());
    if (plus > 0)
      out.emplace(joined.substr(0, plus));
    joined.remove_prefix(std::min(plus + 1, joined.size()));
  }
  return out;
}

std::set<std::string> needs_of(const analysis_setup& setup, stage what,
                               std::string_view content_type) {
  std::set<std::string> out;
  auto image = content_type.starts_with("image/");
  if (what == stage::text && (image || content_type == "application/pdf"))
    for (auto& language : split_languages(setup.ocr_languages))
      out.insert("ocr:" + language);
  if (what == stage::vision && image && !setup.vision_model.empty())
    out.insert("vision:" + setup.vision_model);
  return out;
}

std::set<std::string> abilities_of(const std::set<std::string>& languages,
                                   const std::string& vision_model_sha256) {
  std::set<std::string> out;
  for (auto& language : languages)
    out.insert("ocr:" + language);
  if (!vision_model_sha256.empty())
    out.insert("vision:" + vision_model_sha256);
  return out;
}

} // namespace vigie
