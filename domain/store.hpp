#pragma once
// Over budget: one change, one answer, one port: read together.

#include "domain/batch.hpp"
#include "domain/gate_words.hpp"
#include "domain/job.hpp"
#include "domain/outcome.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vigie {

/// A batch whose files wait in a staging directory, all fsynced.
struct new_batch {
  batch_id id;
  std::string staging_dir;        ///< Below the storage root; moved to `{id}`.
  std::vector<file_record> files; ///< `id` is given by the store.
  utc_time created_at{};
  std::optional<std::string> owner{}; ///< The name of the token that sent it.
  /// A batch of that id which another one sent is a conflict, whatever it
  /// holds: who may see only his own must not get to see it.
  bool own_only = false;
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

/// The Gemini stage begins: a pending row in gemini_analyses, the batch's
/// gemini_status `pending`, the run. `again`: the batch had ended; it goes
/// back to `processing`, and gemini, scoring, summary and report are undone
/// (what they left stays readable until it is replaced).
struct gemini_begun {
  analysis_record record; ///< `id` is given by the store.
  gemini_run run;
  bool again = false;
};

/// The run as it is now: attempts, waiting.
struct gemini_progress {
  gemini_run run;
};

/// Outcome of the Gemini stage. The pending row of the run becomes `record`
/// (or, without a run, a row is added); the batch's gemini columns follow; the
/// observations of source gemini are replaced.
struct gemini_result {
  analysis_record record;
  std::vector<observation> observations;
  std::optional<gemini_run> run;
  /// By file name; kept with the record as raw_response.
  std::vector<std::pair<std::string, model_answer>> answers;
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

/// An ended batch goes back to work: what failed or is missing is redone, what
/// stands is kept. Refused: batch_busy while processing, batch_ended when it
/// completed and every file is done.
/// With `release`: the quarantine of that file is lifted; other files that
/// failed, or are in quarantine, stay as they are. Refused: batch_busy,
/// no_such_file, bad_request when the file is not in quarantine.
struct batch_retry {
  std::string release; ///< A file's name, or its id.
};

/// The batch goes: its rows with this change, its files right after the commit
/// (or, after a crash, at the next start). Refused while processing.
struct erasure {};

struct nothing {};

/// A file in quarantine is given up: its bytes are deleted right after the
/// commit, its row stays. Again for the same file: duplicate. Refused:
/// batch_busy, no_such_file, bad_request when it is not in quarantine.
struct file_purge {
  file_id file;
};

/// One transaction: what changes and the events that tell it. `batch` is empty
/// for model_answer and gate_memory, which carry no events.
struct change {
  batch_id batch;
  std::variant<nothing, new_batch, file_result, join_result, gemini_result,
               gemini_begun, gemini_progress, model_answer, gate_memory,
               score_result, summary_result, report_result, status_change,
               batch_retry, erasure, file_purge>
      what;
  std::vector<event_draft> events; ///< Committed with it, in order.
};

/// How the store took a change.
enum class applied : uint8_t {
  yes,
  duplicate, ///< Already there: nothing written, no event (also: same batch).
  restarted, ///< Back to work: posted again, or retried.
};

struct change_answer {
  applied how = applied::yes;
  std::vector<committed_event> events;
  std::optional<int64_t> record; ///< Row made by gemini_begun.
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
  std::optional<gemini_run> run; ///< Begun and not ended.
};

/// A batch in `processing`, and how much evidence it holds.
struct open_batch {
  batch_id id;
  uint64_t bytes = 0;
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

  /// All batches in `processing`, oldest first.
  virtual outcome<std::vector<open_batch>> unfinished() = 0;

  /// Paid answers to this prompt for any of these inputs, any model.
  virtual outcome<std::vector<model_answer>>
  answers(const std::string& prompt_hash,
          const std::vector<std::string>& input_hashes) = 0;

  /// Every gate as saved last.
  virtual outcome<std::vector<gate_memory>> gates() = 0;
};

} // namespace vigie
