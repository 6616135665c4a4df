#include "domain/stage_answer.hpp"

#include "domain/file_faults.hpp"
#include "domain/utf8.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace vigie {

namespace {

constexpr std::size_t longest_word = 255;   // a label, a camera, an engine
constexpr std::size_t longest_note = 4'096; // a quote, a description
constexpr std::size_t most_notes = 32;
constexpr std::size_t longest_said = 500;
/// A JPEG of 320 px takes about 40 KiB.
constexpr std::size_t largest_thumbnail = 512u << 10;

using words = std::map<std::string, std::string>;

template <class Names>
bool among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void cut_notes(words& notes) {
  words out;
  for (auto& [name, value] : notes)
    if (out.size() < most_notes)
      out[plain_line(name, longest_word)] = plain_line(value, longest_note);
  notes = std::move(out);
}

void cut_word(std::optional<std::string>& word) {
  if (word)
    word = plain_line(*word, longest_word);
}

void cut_share(std::optional<double>& share) {
  if (share && !(*share >= 0 && *share <= 1))
    share.reset();
}

void cut_jpeg(std::string& bytes, std::size_t most) {
  if (bytes.size() > most || !bytes.starts_with("\xFF\xD8\xFF"))
    bytes.clear();
}

void cut_metadata(file_metadata& m) {
  constexpr std::array<std::string_view, 7> known{
      "description", "orientation", "width", "height",
      "pages",       "encoding",    "zone"};
  cut_word(m.captured_at);
  cut_word(m.camera);
  if (m.gps
      && !(std::abs(m.gps->latitude) <= 90
           && std::abs(m.gps->longitude) <= 180))
    m.gps.reset();
  std::erase_if(m.extra, [&](auto& x) { return !among(known, x.first); });
  cut_notes(m.extra);
}

void cut_observation(observation& o, const analysis_job& job) {
  o.filename = job.filename;
  o.source = "local";
  o.created_at = {};
  o.label = plain_line(o.label, longest_word);
  cut_share(o.confidence);
  cut_word(o.class_name);
  cut_notes(o.extra);
  if (auto w = o.where)
    for (auto x : {w->x1, w->y1, w->x2, w->y2})
      if (!std::isfinite(x))
        o.where.reset();
}

void cut_text(ocr_text& t, const analysis_job& job) {
  constexpr std::array<std::string_view, 3> known{
      "ocr-no-text", "text-truncated", "pdf-pages-skipped"};
  t.filename = job.filename;
  t.engine = plain_line(t.engine, longest_word);
  t.error.reset();
  t.created_at = {};
  cut_share(t.confidence);
  std::vector<std::string> warnings;
  for (auto& w : t.warnings)
    if (among(known, w) && !among(warnings, w))
      warnings.push_back(w);
  t.warnings = std::move(warnings);
}

/// What `what` may warn of: nothing but this.
std::string_view warning_of(stage what) {
  return what == stage::metadata ? "checksum-mismatch"
         : what == stage::vision ? "detector-failed"
                                 : "";
}

std::vector<warning> warnings_of(stage what, const analysis_result& r) {
  std::string known{warning_of(what)};
  auto said = std::any_of(r.warnings.begin(), r.warnings.end(),
                          [&](auto& w) { return w.code == known; });
  if (known.empty() || !said)
    return {};
  return {{known, std::string{fault_words(known)}}};
}

stage_answer failed(const analysis_job& job, const analysis_result& r) {
  stage_answer out;
  auto& to = out.result;
  to.ok = false;
  to.error_code =
      fault_words(r.error_code).empty() ? unknown_fault : r.error_code;
  to.error_message = fault_words(to.error_code);
  out.said = plain_line(r.error_code + ": " + r.error_message, longest_said);
  if (job.what == stage::text)
    to.text = ocr_text{job.filename, "none", {}, {}, {}, to.error_message, {}};
  return out;
}

} // namespace

stage_answer cut_to(const analysis_job& job, analysis_result r) {
  if (!r.ok)
    return failed(job, r);
  stage_answer out;
  auto& to = out.result;
  to.warnings = warnings_of(job.what, r);
  auto image = job.content_type.starts_with("image/");
  if (job.what == stage::metadata && r.metadata) {
    to.metadata = std::move(r.metadata);
    cut_metadata(*to.metadata);
  }
  if (job.what == stage::vision || job.what == stage::text) {
    to.observations = std::move(r.observations);
    for (auto& o : to.observations)
      cut_observation(o, job);
  }
  if (job.what == stage::vision && image)
    to.perceptual_hash = r.perceptual_hash;
  if (job.what == stage::vision || job.what == stage::gemini) {
    to.thumbnail_jpeg = std::move(r.thumbnail_jpeg);
    cut_jpeg(to.thumbnail_jpeg, job.what == stage::vision
                                    ? largest_thumbnail
                                    : to.thumbnail_jpeg.size());
  }
  if (job.what == stage::text && r.text) {
    to.text = std::move(r.text);
    cut_text(*to.text, job);
  }
  return out;
}

} // namespace vigie
