#pragma once

#include "storage/database.hpp"
#include "storage/reserve.hpp"
#include "storage/sqlite_store.hpp"

#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace vigie {

/// The SQLite batch_store. Inside, a refused change throws a `refusal` up to
/// its savepoint; nothing leaves this room as an exception.
class sqlite_store : public batch_store {
public:
  explicit sqlite_store(const store_options& options);

  std::vector<outcome<change_answer>>
  apply(const std::vector<change>& group) override;
  outcome<batch_state> load(const batch_id& id) override;
  outcome<std::vector<open_batch>> unfinished() override;
  outcome<std::vector<model_answer>>
  answers(const std::string& prompt_hash,
          const std::vector<std::string>& input_hashes) override;
  outcome<std::vector<gate_memory>> gates() override;

private:
  struct refusal {
    problem why;
  };
  struct taker; ///< Visits the alternatives of change::what.

  std::vector<outcome<change_answer>> attempt(std::span<const change> group);
  outcome<change_answer> apply_one(const change& c);
  applied create(const change& c, const new_batch& b);
  applied post_again(const new_batch& b, batch_status now);
  void move_in(const new_batch& b);
  void insert_files(const new_batch& b);
  applied retry(const batch_id& id);
  bool files_to_redo(const batch_id& id);
  applied release(const batch_id& id, const std::string& named);
  file_id find_quarantined(const batch_id& id, const std::string& named);
  void clear_for_retry(const batch_id& id, bool files);
  void run_for(const batch_id& id, std::initializer_list<const char*> all);
  void clear_drawn(const batch_id& id);
  void reopen(const batch_id& id);
  void forget_failures(const batch_id& id, file_id only = {});
  void finish_file(const batch_id& id, file_id file);
  void end_run(const batch_id& id);
  applied erase(const batch_id& id);
  applied purge(const batch_id& id, file_id file);
  void mark(const batch_id& id);
  void file_stage(const batch_id& id, const file_result& r);
  void forget_partial(const batch_id& id);
  bool claim(const batch_id& id, file_id file, stage what,
             const std::string& input, uint64_t token,
             const analysis_result& r);
  void observe(const batch_id& id, const observation& o);
  void keep_text(const batch_id& id, const ocr_text& t);
  void keep_thumbnail(const batch_id& id, file_id file,
                      const std::string& jpeg);
  int64_t insert_record(const batch_id& id, const analysis_record& r);
  applied begin_analysis(const batch_id& id, const gemini_begun& b,
                         std::optional<int64_t>& record);
  void undo_for_analysis(const batch_id& id);
  void keep_run(const batch_id& id, const gemini_run& r, bool ended);
  void keep_gemini(const batch_id& id, const gemini_result& g);
  applied keep_answer(const model_answer& a);
  applied keep_gate(const gate_memory& m);
  void keep_analysis(const batch_id& id, const analysis_record& r);
  void keep_score(const batch_id& id, const score_result& r);
  void keep_summary(const batch_id& id, const batch_summary& s);
  void keep_report(const batch_id& id, const report_result& r);
  std::vector<committed_event> tell(const change& c,
                                    const std::optional<std::string>& owner);
  committed_event tell_one(const batch_id& id, const event_draft& e,
                           const std::optional<std::string>& owner);
  std::optional<batch_status> status_of(const batch_id& id);
  std::optional<std::string> owner_of(const batch_id& id);
  void touch(const batch_id& id);
  void sync_folders();
  void undo_moves();
  void settle_moves();

  std::filesystem::path root_;
  std::string gate_owner_;
  log_line log_;
  database db_;
  reserve room_to_erase_;
  std::vector<std::filesystem::path> moved_; ///< Not committed yet.
  std::set<std::filesystem::path> unsynced_; ///< Folders with new names.
  std::vector<std::string> given_back_;      ///< Staging of repeated posts.
  std::vector<batch_id> erased_; ///< Their files go after the commit.
  std::vector<std::filesystem::path> purged_; ///< These go as well.
};

} // namespace vigie
