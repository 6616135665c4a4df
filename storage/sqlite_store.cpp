#include "storage/sqlite_store.hpp"

#include "storage/files.hpp"
#include "storage/rows.hpp"
#include "storage/writer.hpp"

#include <utility>

namespace vigie {

namespace fs = std::filesystem;

outcome<std::unique_ptr<batch_store>> open_store(const store_options& options) {
  try {
    return std::unique_ptr<batch_store>{new sqlite_store{options}};
  } catch (const std::exception& e) {
    return problem{code::storage_down, "storage.database: cannot open "
                                           + options.database.string() + ": "
                                           + e.what()};
  }
}

sqlite_store::sqlite_store(const store_options& options)
    : root_(options.root), gate_owner_(options.gate_owner), log_(options.log),
      db_(options.database.string(), database::mode::write),
      room_to_erase_(options.database.string() + ".reserve") {
  fs::create_directories(root_ / "reports");
  fs::create_directories(root_ / ".thumbs");
  db_.migrate();
}

namespace {

/// Any other change of a batch that has ended comes too late.
bool speaks_to_the_ended(const change& c) {
  auto* begun = std::get_if<gemini_begun>(&c.what);
  return (begun && begun->again) || std::holds_alternative<batch_retry>(c.what)
         || std::holds_alternative<erasure>(c.what)
         || std::holds_alternative<file_purge>(c.what);
}

} // namespace

struct sqlite_store::taker {
  sqlite_store& st;
  const change& c;
  std::optional<int64_t>& record;

  applied operator()(const nothing&) const { return applied::yes; }
  applied operator()(const new_batch& b) const { return st.create(c, b); }
  applied operator()(const file_result& r) const {
    if (!st.claim(c.batch, r.file, r.what, r.input_hash, r.token, r.result))
      return applied::duplicate;
    st.file_stage(c.batch, r);
    return applied::yes;
  }
  applied operator()(const join_result& r) const {
    return once(stage::text, [&] {
      for (auto& o : r.observations)
        st.observe(c.batch, o);
    });
  }
  applied operator()(const gemini_result& r) const {
    return once(stage::gemini, [&] { st.keep_gemini(c.batch, r); });
  }
  applied operator()(const gemini_begun& b) const {
    return st.begin_analysis(c.batch, b, record);
  }
  applied operator()(const gemini_progress& p) const {
    auto open = read_run(st.db_, c.batch.text, true).has_value();
    st.keep_run(c.batch, p.run, !open);
    return applied::yes;
  }
  applied operator()(const model_answer& a) const { return st.keep_answer(a); }
  applied operator()(const gate_memory& m) const { return st.keep_gate(m); }
  applied operator()(const score_result& r) const {
    return once(stage::scoring, [&] { st.keep_score(c.batch, r); });
  }
  applied operator()(const summary_result& r) const {
    return once(stage::summary, [&] { st.keep_summary(c.batch, r.summary); });
  }
  applied operator()(const report_result& r) const {
    return once(stage::report, [&] { st.keep_report(c.batch, r); });
  }
  applied operator()(const status_change& s) const {
    auto& q = st.db_.use("UPDATE audit_batches SET status=?, last_error=?, "
                         "updated_at=? WHERE id=?");
    q.bind(1, std::string{to_string(s.status)});
    put(q, 2, s.last_error);
    q.bind(3, sql_time(utc_now()));
    q.bind(4, c.batch.text);
    q.exec();
    if (s.status == batch_status::cancelled || s.status == batch_status::failed)
      st.end_run(c.batch);
    return applied::yes;
  }
  applied operator()(const batch_retry& r) const {
    return r.release.empty() ? st.retry(c.batch)
                             : st.release(c.batch, r.release);
  }
  applied operator()(const erasure&) const { return st.erase(c.batch); }
  applied operator()(const file_purge& p) const {
    return st.purge(c.batch, p.file);
  }

  /// A stage of the whole batch stands as file 0; it takes effect once.
  applied once(stage what, auto write) const {
    if (!st.claim(c.batch, {}, what, "batch", 0, {}))
      return applied::duplicate;
    write();
    return applied::yes;
  }
};

std::vector<outcome<change_answer>>
sqlite_store::attempt(std::span<const change> group) {
  std::vector<outcome<change_answer>> answers;
  try {
    db_.rest();
    db_.run("BEGIN IMMEDIATE");
    for (auto& c : group)
      answers.push_back(apply_one(c));
    sync_folders();
    db_.commit();
  } catch (const std::exception& e) {
    try {
      db_.run("ROLLBACK");
    } catch (const std::exception&) {
      // SQLite has rolled back by itself (full disk, I/O error).
    }
    undo_moves();
    if (log_ && trouble(e).id != code::disk_full)
      log_({"store: " + std::to_string(group.size())
                + " changes are refused: " + e.what(),
            {},
            log_level::error});
    answers.assign(group.size(), trouble(e));
    return answers;
  }
  settle_moves(); // not above: what is committed must never be undone
  return answers;
}

outcome<change_answer> sqlite_store::apply_one(const change& c) {
  auto moves = moved_.size();
  auto undo = [&](problem why) -> outcome<change_answer> {
    db_.run("ROLLBACK TO one; RELEASE one");
    while (moved_.size() > moves) {
      fs::remove_all(moved_.back());
      moved_.pop_back();
    }
    return why;
  };
  db_.run("SAVEPOINT one");
  try {
    change_answer answer;
    if (c.batch.text.empty()) { // belongs to no batch: answers, gates
      answer.how = std::visit(taker{*this, c, answer.record}, c.what);
      db_.run("RELEASE one");
      return answer;
    }
    auto fresh = std::holds_alternative<new_batch>(c.what);
    auto status = fresh ? std::nullopt : status_of(c.batch);
    if (!fresh && !status)
      return undo({code::no_such_batch, "Batch not found"});
    auto owner = owner_of(c.batch); // before an erasure
    if (!fresh && *status != batch_status::processing
        && !speaks_to_the_ended(c))
      answer.how = applied::duplicate; // it ended: a late answer is dropped
    else
      answer.how = std::visit(taker{*this, c, answer.record}, c.what);
    if (answer.how != applied::duplicate) {
      answer.events = tell(c, fresh ? owner_of(c.batch) : owner);
      touch(c.batch);
    }
    db_.run("RELEASE one");
    return answer;
  } catch (const refusal& r) {
    return undo(r.why);
  }
}

std::optional<batch_status> sqlite_store::status_of(const batch_id& id) {
  auto& q = db_.use("SELECT status FROM audit_batches WHERE id=?");
  q.bind(1, id.text);
  if (!q.executeStep())
    return std::nullopt;
  return parse_batch_status(q.getColumn(0).getString())
      .value_or(batch_status::failed);
}

std::optional<std::string> sqlite_store::owner_of(const batch_id& id) {
  auto& q = db_.use("SELECT owner FROM audit_batches WHERE id=?");
  q.bind(1, id.text);
  return q.executeStep() ? text(q.getColumn(0)) : std::nullopt;
}

} // namespace vigie
