#pragma once
// Over budget: every port on one page, as DESIGN asks.

#include "domain/admin.hpp"
#include "domain/batch.hpp"
#include "domain/job.hpp"
#include "domain/outcome.hpp"
#include "domain/retention.hpp"
#include "domain/store.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Ports: how one room asks another for something without knowing it.
/// Thread-safety is said at each; implementations are wired in app/.
namespace vigie {

/// Everything GET /batches/{id} shows (and the report prints).
struct batch_view {
  batch_id id;
  utc_time stored_at{};
  utc_time updated_at{};
  batch_status status = batch_status::processing;
  std::optional<std::string> report_hash;
  std::optional<std::string> last_error;
  std::vector<file_record> files;
  std::vector<timeline_event> timeline;
  std::vector<ocr_text> texts;
  std::vector<observation> observations;
  std::optional<risk_score> score;
  std::optional<batch_summary> summary;
  std::optional<std::string> gemini_status;
  std::optional<std::string> gemini_summary;
  std::optional<std::string> gemini_prompt_hash;
  std::optional<std::string> gemini_model;
  std::optional<gemini_run> gemini; ///< The last run, ended or not.
  int progress = 0;
  int64_t last_seq = 0; ///< The log position this view is current to.
};

struct batch_list_item {
  batch_id id;
  batch_status status = batch_status::processing;
  utc_time stored_at{};
  int64_t file_count = 0;
  std::optional<double> normalized_score;
  std::optional<std::string> report_hash;
  std::optional<std::string> gemini_status;
  std::optional<std::string> last_error;
  int progress = 0;
};

struct batch_page {
  std::vector<batch_list_item> items; ///< Newest first.
  std::optional<std::string> next_cursor;
};

struct list_query {
  std::size_t limit = 50; ///< 1..200
  std::optional<std::string> cursor;
  std::optional<batch_status> status;
  /// Within the id or a file name, whatever the case and the accents.
  std::optional<std::string> search = std::nullopt;
  std::optional<std::string> owner = std::nullopt; ///< Only what it sent.
};

/// Events after `seq`, or nothing when the log no longer reaches back.
struct log_slice {
  bool complete = true; ///< false: `seq` is unknown to the log: send `reset`.
  std::vector<committed_event> events;
};

/// Reads. Thread-safe: every thread has its own read-only connection.
class batch_reader {
public:
  virtual ~batch_reader() = default;
  virtual outcome<batch_view> snapshot(const batch_id& id) = 0;
  /// Changes whenever the snapshot would; cheap (for ETag and caching).
  virtual outcome<std::string> version(const batch_id& id) = 0;
  virtual outcome<batch_page> list(const list_query& query) = 0;
  virtual outcome<std::vector<analysis_record>>
  analyses(const batch_id& id) = 0; ///< Newest first.
  virtual outcome<log_slice> events_after(int64_t seq, std::size_t limit) = 0;
  virtual int64_t last_seq() = 0;
};

/// What waits for an operator. Thread-safe.
class quarantine_reader {
public:
  virtual ~quarantine_reader() = default;
  /// Newest first.
  virtual outcome<std::vector<quarantined_file>>
  quarantined(std::size_t limit) = 0;
};

/// Is what is stored what was taken in, and what was printed? Thread-safe.
class evidence_check {
public:
  virtual ~evidence_check() = default;
  /// Blocks for about a second, or as long as one file takes. `from`: as the
  /// page before said; empty: from the start.
  virtual outcome<verify_page> verify(const std::string& from) = 0;
};

/// Where the bytes are. Thread-safe.
struct stored_file {
  std::filesystem::path path; ///< Absolute. Never shown to clients.
  std::string content_type;
  std::string sha256; ///< As recorded.
  std::string filename;
  uint64_t size = 0;
};

/// What may be deleted, and how full the disk is. Thread-safe.
class archive {
public:
  virtual ~archive() = default;
  /// By their last change, oldest first.
  virtual outcome<std::vector<ended_batch>> oldest_ended(std::size_t limit) = 0;
  virtual outcome<disk_figure> disk() = 0;
};

class file_reader {
public:
  virtual ~file_reader() = default;
  virtual outcome<stored_file> file(const batch_id& id, file_id file) = 0;
  virtual outcome<stored_file> thumbnail(const batch_id& id, file_id file) = 0;
  virtual outcome<stored_file> report(const batch_id& id) = 0;
};

/// One upload on its way in. Not thread-safe: one HTTP thread owns it.
/// Destroying it without release() removes everything it wrote.
class staged_upload {
public:
  virtual ~staged_upload() = default;
  /// Begins a file; `name` is already clean and unique in the batch.
  virtual outcome<done> begin(const std::string& name) = 0;
  virtual outcome<done> write(std::string_view bytes) = 0;
  /// Ends the file, which can be read then. Fills size, sha256 of the record.
  virtual outcome<file_record> end() = 0;
  /// Absolute path of the file written last.
  virtual std::filesystem::path current() const = 0;
  /// Makes all durable and gives it away (see new_batch::staging_dir).
  virtual outcome<std::string> release() = 0;
};

class blob_store {
public:
  virtual ~blob_store() = default;
  virtual outcome<std::unique_ptr<staged_upload>> stage() = 0;
  /// Removes a released staging directory that nobody took.
  virtual void discard(const std::string& staging_dir) = 0;
};

/// Content type from the bytes of a file (libmagic). Thread-safe.
class content_sniffer {
public:
  virtual ~content_sniffer() = default;
  virtual outcome<std::string> detect(const std::filesystem::path& file) = 0;
};

struct submitted {
  applied how = applied::yes;
};

/// An upload that was let in; its end gives the room back. Owned by one thread.
class arrival {
public:
  virtual ~arrival() = default;
  /// `bytes` more have come. Problems: busy (more than was announced, and no
  /// room for it), draining.
  virtual outcome<done> grow(uint64_t bytes) = 0;
};

/// Commands. Thread-safe; each call blocks at most the configured deadline.
class batch_service {
public:
  virtual ~batch_service() = default;
  /// Asked before the first file is read. `bytes` as announced, 0: unknown.
  /// A batch that is `known` already takes no room. Problems: busy, draining.
  virtual outcome<std::unique_ptr<arrival>> arrive(uint64_t bytes,
                                                   bool known) = 0;
  virtual outcome<submitted> submit(new_batch batch) = 0;
  /// Begins the Gemini analysis again; answers the pending record at once.
  /// Problems: no_such_batch, analysis_disabled, analysis_no_key, batch_busy,
  /// bad_request (no image).
  virtual outcome<analysis_record> rerun(const batch_id& id,
                                         const std::string& requested_by) = 0;
  /// Ends a batch at work; answers once nothing works on it any more.
  /// Problems: no_such_batch, batch_ended.
  virtual outcome<done> cancel(const batch_id& id) = 0;
  /// An ended batch goes back to work. Problems: no_such_batch, batch_busy,
  /// batch_ended (nothing to redo), busy.
  virtual outcome<done> retry(const batch_id& id) = 0;
  /// Deletes an ended batch. Problems: no_such_batch, batch_busy.
  virtual outcome<done> erase(const batch_id& id) = 0;
  /// false while draining or when the store does not answer.
  virtual outcome<done> ready() = 0;
  /// What keeps admitted batches from being worked on, in stable codes:
  /// `no-worker` (no node has joined that gets work), `disk-low` (uploads would
  /// soon be refused). Empty: nothing is known.
  virtual std::vector<std::string> waits_for() { return {}; }
};

/// The quota board: one entry per model. Thread-safe; asks with a deadline.
class quota_reader {
public:
  virtual ~quota_reader() = default;
  virtual outcome<std::vector<gate_board>> board() = 0;
};

/// SSE subscriptions. Takes ownership of the socket. Thread-safe.
class event_streams {
public:
  virtual ~event_streams() = default;
  struct subscription {
    int fd = -1;
    std::optional<int64_t> after; ///< Last-Event-ID; absent: from now on.
    bool bad_id = false;          ///< Last-Event-ID that is no number of ours.
    std::optional<batch_id> only;
    std::string key{}; ///< Of the identity that listens (domain/access.hpp).
    std::optional<std::string> owner{}; ///< Only events of what it sent.
  };
  virtual void adopt(subscription s) = 0;
  virtual std::size_t count() const = 0;
};

/// Evidence, piece by piece, for nodes without our disk. Thread: DEPOT's own.
class chunk_source {
public:
  virtual ~chunk_source() = default;
  /// Up to `most` bytes from `offset`; empty at the end. `stored_path` is
  /// below the storage root.
  virtual outcome<std::string> read(const std::string& stored_path,
                                    uint64_t offset, std::size_t most) = 0;
};

/// A slot: work in a process of its own. run() blocks and is called by one
/// thread; abort() by any other.
class job_runner {
public:
  virtual ~job_runner() = default;
  /// Makes ready for the first run(), on the same thread.
  virtual void warm_up() {}
  /// The result, or, as the problem's detail, how the slot ended: a code of
  /// breakage_words(), or one that is not the job's fault: `aborted`, `start`
  /// (the slot cannot work).
  virtual outcome<analysis_result> run(const analysis_job& job) = 0;
  /// Ends what run() is at, if it is still at that lease.
  virtual void abort(uint64_t token) = 0;
};

/// A node's files by their SHA-256, within a limit. Thread: FILE_CACHE's own.
class file_cache {
public:
  virtual ~file_cache() = default;
  /// The file, if it is here whole; it is pinned.
  virtual std::optional<std::string> find(const std::string& sha256) = 0;
  /// Makes room and begins to write (again).
  virtual outcome<done> begin(const std::string& sha256, uint64_t bytes) = 0;
  virtual outcome<done> append(const std::string& sha256,
                               std::string_view bytes) = 0;
  /// Ends the file and pins it. A hash that does not fit is a problem; with
  /// `as_it_is` the file is handed out all the same, and not kept.
  virtual outcome<std::string> seal(const std::string& sha256,
                                    bool as_it_is) = 0;
  /// Forgets what was begun.
  virtual void drop(const std::string& sha256) = 0;
  virtual void unpin(const std::string& path) = 0;
};

/// Heavy work on one file. Called in a worker slot, one job at a time.
class file_analyzer {
public:
  virtual ~file_analyzer() = default;
  virtual analysis_result run(const analysis_job& job) = 0;
};

/// The report as bytes. Same view, same bytes. Thread: REPORT's own.
class report_printer {
public:
  virtual ~report_printer() = default;
  /// `thumbnail` answers the JPEG bytes of a file, or an empty string.
  virtual outcome<std::string>
  print(const batch_view& view,
        const std::function<std::string(file_id)>& thumbnail) = 0;
};

} // namespace vigie
