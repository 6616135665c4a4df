#pragma once
// Over budget: the words of a batch belong on one page.

#include "domain/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vigie {

/// 1-128 of [A-Za-z0-9._-], not starting with a dot; see names.hpp.
struct batch_id {
  std::string text;
  auto operator<=>(const batch_id&) const = default;
};

/// Key of a row in batch_files.
struct file_id {
  int64_t n = 0;
  auto operator<=>(const file_id&) const = default;
};

enum class batch_status : uint8_t { processing, completed, failed, cancelled };
enum class file_status : uint8_t { pending, done, failed, quarantined };
enum class event_kind : uint8_t { info, success, warning, error };
enum class severity : uint8_t { negligible, low, medium, high, critical };

/// The steps of a batch, in order; the first three are per file.
enum class stage : uint8_t {
  metadata,
  vision,
  text,
  gemini,
  scoring,
  summary,
  report
};

struct warning {
  std::string code;    ///< Stable, for programs: `image-blurred`.
  std::string message; ///< French sentence, for people.
};

struct gps_point {
  double latitude = 0;  ///< Degrees, north positive.
  double longitude = 0; ///< Degrees, east positive.
};

struct file_metadata {
  std::optional<std::string> captured_at; ///< ISO 8601, zone-less as in EXIF.
  std::optional<gps_point> gps;
  std::optional<std::string> camera;
  std::map<std::string, std::string> extra; ///< width, pages, encoding, …
};

/// Pixel corners of a region in the image as shown (EXIF orientation applied).
struct box {
  double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
};

struct observation {
  std::string filename;
  std::string label; ///< incendie, malveillance, hygiene, cyber, …
  vigie::severity severity = severity::low;
  std::optional<double> confidence; ///< 0..1
  std::optional<box> where;
  std::string source = "local";          ///< local | gemini
  std::optional<std::string> class_name; ///< What was seen: blur, extinguisher.
  std::map<std::string, std::string> extra; ///< quote, line, category, …
  utc_time created_at{};
};

struct ocr_text {
  std::string filename;
  std::string engine; ///< tesseract | pdftotext | docx | antiword | plain
  std::string content;
  std::optional<double> confidence; ///< 0..1, mean over words.
  std::vector<std::string> warnings;
  std::optional<std::string> error;
  utc_time created_at{};
};

struct file_record {
  file_id id;
  std::string filename;
  std::string content_type;
  uint64_t size_bytes = 0;
  std::string sha256;      ///< 64 hex digits.
  std::string stored_path; ///< `{batch}/{name}`, relative to the storage root.
  file_status status = file_status::pending;
  std::vector<warning> warnings;
  std::optional<std::string>
      metadata_json;           ///< As stored; null before METADATA.
  std::string zone, site_type; ///< Of the metadata; empty: not known.
};

struct risk_line {
  std::string label;
  vigie::severity severity = severity::negligible; ///< The worst of the label.
  int64_t count = 0;
  double score = 0;
};

struct risk_score {
  double total = 0;
  double normalized = 0;            ///< min(1, total / 100)
  std::vector<risk_line> breakdown; ///< By falling score.
  utc_time created_at{};
};

struct batch_summary {
  std::string status = "ok";         ///< ok | failed
  std::optional<std::string> source; ///< local | gemini
  std::optional<std::string> text;
  std::vector<std::string> findings;
  std::vector<std::string> recommendations;
  std::vector<std::string> warnings;
  std::optional<std::string> prompt_hash;
  std::optional<std::string> response_hash;
  std::optional<int64_t> duration_ms;
  utc_time created_at{};
};

struct analysis_record {
  int64_t id = 0;
  std::string provider = "gemini";
  std::string model;
  std::string status; ///< disabled, skipped, pending, ok, …
  std::optional<std::string> summary;
  std::vector<std::string> warnings;
  std::optional<std::string> prompt_hash;
  std::optional<std::string> prompt_version;
  std::optional<int64_t> duration_ms;
  std::optional<std::string> requested_by;
  std::optional<std::string> observations_json;
  std::optional<std::string> raw_response;
  utc_time created_at{};
  std::optional<std::string> model_version; ///< As the model said it.
  int64_t attempts = 0;                     ///< Requests sent.
};

/// How far the Gemini stage of a batch is; stored, so that a restart gives no
/// new budget.
struct gemini_run {
  int64_t record = 0; ///< Row of gemini_analyses.
  std::string requested_by;
  utc_time begun_at{};
  utc_time deadline{};
  int64_t attempts = 0;                  ///< Requests sent.
  std::chrono::milliseconds waited{};    ///< Held up by a closed gate.
  std::optional<utc_time> resume_at;     ///< While it waits.
  std::optional<utc_time> waiting_since; ///< Not yet part of `waited`.
};

/// A paid answer; found again by (file hash, prompt hash, model).
struct model_answer {
  std::string input_hash;  ///< SHA-256 of the file, or of the summary's data.
  std::string prompt_hash; ///< SHA-256 of the prompt file.
  std::string model;       ///< As asked for.
  std::string text;        ///< The model's JSON.
  std::string model_version, response_id;
  int64_t prompt_tokens = 0, output_tokens = 0, thought_tokens = 0;
  utc_time created_at{};
  batch_id batch = {}; ///< Of a summary: it goes with that batch.
};

/// Flat facts of an event; storage writes them as one JSON object.
using scalar = std::variant<bool, int64_t, double, std::string>;
using facts = std::map<std::string, scalar>;

/// A step as it is about to be committed.
struct event_draft {
  std::string code; ///< Row of the stage table; empty: only a status change.
  std::string label;
  event_kind kind = event_kind::info;
  std::optional<int> progress; ///< 0..100, never goes down within a batch.
  facts details;               ///< May be shown to anyone.
  facts technical;
  utc_time at{};
  std::optional<batch_status> status; ///< Sent beside `batchId`.
  std::optional<std::string> error;
  std::optional<std::string> report_hash;
  std::optional<std::string> report_url;
  bool deleted = false; ///< Sent as status `deleted`: the batch is gone.
};

/// A step as it stands in the timeline.
struct timeline_event {
  std::string event_id;
  int64_t seq = 0; ///< Position in the one log; 0 for rows of the old server.
  std::string code;
  std::string label;
  event_kind kind = event_kind::info;
  utc_time at{};
  std::optional<int> progress;
  std::optional<std::string> details_json;
};

/// A fact of the log, ready to be sent. `data` is the JSON of CONTRACT.md.
struct committed_event {
  int64_t seq = 0;
  batch_id batch;
  std::string data;
  std::optional<std::string> owner{}; ///< Who sent the batch, if known.
};

std::string_view to_string(batch_status x);
std::string_view to_string(file_status x);
std::string_view to_string(event_kind x);
std::string_view to_string(severity x);
std::string_view to_string(stage x);
std::optional<batch_status> parse_batch_status(std::string_view text);
std::optional<file_status> parse_file_status(std::string_view text);
std::optional<event_kind> parse_event_kind(std::string_view text);
std::optional<severity> parse_severity(std::string_view text);
std::optional<stage> parse_stage(std::string_view text);

} // namespace vigie
