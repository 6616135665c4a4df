#pragma once
// Over budget: one change, one answer, one port: read together.

#include "domain/batch.hpp"
#include "domain/job.hpp"
#include "domain/outcome.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace vigie {

/// A batch whose files wait in a staging directory, all fsynced.
struct new_batch {
  batch_id id;
  std::string staging_dir;        ///< Below the storage root; moved to `{id}`.
  std::vector<file_record> files; ///< `id` is given by the store.
  utc_time created_at{};
};

/// Result of one stage on one file; keyed (batch, file, stage, input hash).
struct file_result {
  file_id file;
  stage what = stage::metadata;
  std::string input_hash;
  uint64_t token = 0;
  analysis_result result;
  bool quarantined = false; ///< Set when the file broke its worker too often.
};

struct score_result {
  risk_score score;
  bool has_risk = false; ///< false: no observation, no row is written.
  /// Batch-wide observations found while joining (duplicates).
};

struct summary_result {
  batch_summary summary;
};

/// Outcome of the Gemini stage: one row in gemini_analyses.
struct gemini_result {
  analysis_record record;
};

struct report_result {
  std::string pdf; ///< Bytes; stored as `reports/report-{id}.pdf`.
  std::string sha256;
};

/// Observations that need the whole batch (near duplicates).
struct join_result {
  std::vector<observation> observations;
};

struct status_change {
  batch_status status = batch_status::processing;
  std::optional<std::string> last_error;
};

struct nothing {};

/// One transaction: what changes and the events that tell it.
struct change {
  batch_id batch;
  std::variant<nothing, new_batch, file_result, join_result, gemini_result,
               score_result, summary_result, report_result, status_change>
      what;
  std::vector<event_draft> events; ///< Committed with it, in order.
};

/// How the store took a change.
enum class applied : uint8_t {
  yes,
  duplicate, ///< Already there: nothing written, no event (also: same batch).
  restarted, ///< A failed or cancelled batch was posted again.
};

struct change_answer {
  applied how = applied::yes;
  std::vector<committed_event> events;
};

/// What a PIPELINE needs to begin or to continue.
struct batch_state {
  batch_id id;
  batch_status status = batch_status::processing;
  std::vector<file_record> files;
  struct done_stage {
    file_id file;
    stage what;
    std::optional<uint64_t> perceptual_hash;
  };
  std::vector<done_stage> done;  ///< Per-file results that stand.
  bool joined = false;           ///< join_result stands.
  std::vector<stage> done_after; ///< gemini, scoring, summary, report.
  int progress = 0;              ///< Highest said so far.
  std::vector<std::string> said; ///< Codes of the events said so far.
};

/// The one writer. Called only from STORE_KEEPER's thread.
class batch_store {
public:
  virtual ~batch_store() = default;

  /// Applies each change in its own savepoint, all in one durable transaction.
  /// Answers one outcome per change, in order. A `new_batch` also moves its
  /// directory; when it is refused, nothing of it remains.
  virtual std::vector<outcome<change_answer>>
  apply(const std::vector<change>& group) = 0;

  /// State of one batch, or code::no_such_batch.
  virtual outcome<batch_state> load(const batch_id& id) = 0;

  /// Ids of all batches in `processing`, oldest first.
  virtual outcome<std::vector<batch_id>> unfinished() = 0;
};

} // namespace vigie
