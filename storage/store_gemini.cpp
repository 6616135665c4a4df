// Over budget: the four tables of the Gemini stage.
// The Gemini stage: its run, its record, paid answers, gates.

#include "storage/gate_json.hpp"
#include "storage/json_columns.hpp"
#include "storage/rows.hpp"
#include "storage/writer.hpp"

#include <set>

namespace vigie {

namespace {

std::string
raw_answers(const std::vector<std::pair<std::string, model_answer>>& answers) {
  auto out = nlohmann::json::array();
  for (auto& [file, a] : answers) {
    auto parsed = nlohmann::json::parse(a.text, nullptr, false);
    out.push_back(
        {{"file", file},
         {"model", a.model},
         {"model_version", a.model_version},
         {"response_id", a.response_id},
         {"prompt_tokens", a.prompt_tokens},
         {"output_tokens", a.output_tokens},
         {"thought_tokens", a.thought_tokens},
         {"answer", parsed.is_discarded() ? nlohmann::json(a.text) : parsed}});
  }
  return dump(out);
}

std::string seen_json(const std::vector<observation>& all) {
  auto out = nlohmann::json::array();
  for (auto& o : all) {
    nlohmann::json one{{"filename", o.filename},
                       {"label", o.label},
                       {"severity", to_string(o.severity)},
                       {"source", o.source}};
    if (o.class_name)
      one["class_name"] = *o.class_name;
    if (o.where)
      one["bbox"] = {o.where->x1, o.where->y1, o.where->x2, o.where->y2};
    for (auto& [key, value] : o.extra)
      one["extra"][key] = value;
    out.push_back(std::move(one));
  }
  return dump(out);
}

std::optional<std::string> maybe_time(const std::optional<utc_time>& t) {
  return t ? std::optional{sql_time(*t)} : std::nullopt;
}

} // namespace

int64_t sqlite_store::insert_record(const batch_id& id,
                                    const analysis_record& r) {
  auto& q =
      db_.use("INSERT INTO gemini_analyses (batch_id, provider, model, status, "
              "requested_by, created_at, prompt_hash, prompt_version) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  q.bind(1, id.text);
  q.bind(2, r.provider);
  q.bind(3, r.model);
  q.bind(4, r.status);
  put(q, 5, r.requested_by);
  q.bind(6, sql_time(r.created_at));
  put(q, 7, r.prompt_hash);
  put(q, 8, r.prompt_version);
  q.exec();
  return db_.last_row();
}

applied sqlite_store::begin_analysis(const batch_id& id, const gemini_begun& b,
                                     std::optional<int64_t>& record) {
  if (auto open = read_run(db_, id.text, true); open && !b.again) {
    record = open->record;
    return applied::duplicate;
  }
  if (b.again)
    undo_for_analysis(id);
  record = insert_record(id, b.record);
  auto run = b.run;
  run.record = *record;
  keep_run(id, run, false);
  auto& q =
      db_.use("UPDATE audit_batches SET gemini_status='pending' WHERE id=?");
  q.bind(1, id.text);
  q.exec();
  return applied::yes;
}

/// An ended batch goes back to work; what it shows stays until replaced.
void sqlite_store::undo_for_analysis(const batch_id& id) {
  if (status_of(id) == batch_status::processing)
    throw refusal{{code::batch_busy, "The batch is still being processed"}};
  auto& back = db_.use("UPDATE audit_batches SET status='processing', "
                       "last_error=NULL, updated_at=? WHERE id=?");
  back.bind(1, sql_time(utc_now()));
  back.bind(2, id.text);
  back.exec();
  auto& q = db_.use("DELETE FROM stage_results WHERE batch_id=? AND file_id=0 "
                    "AND stage IN ('gemini','scoring','summary','report')");
  q.bind(1, id.text);
  q.exec();
}

void sqlite_store::keep_run(const batch_id& id, const gemini_run& r,
                            bool ended) {
  auto& q = db_.use("INSERT OR REPLACE INTO gemini_runs (batch_id, record, "
                    "requested_by, begun_at, deadline, attempts, waited_ms, "
                    "resume_at, ended, waiting_since) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  q.bind(1, id.text);
  q.bind(2, r.record);
  q.bind(3, r.requested_by);
  q.bind(4, sql_time(r.begun_at));
  q.bind(5, sql_time(r.deadline));
  q.bind(6, r.attempts);
  q.bind(7, static_cast<int64_t>(r.waited.count()));
  put(q, 8, maybe_time(r.resume_at));
  q.bind(9, ended ? 1 : 0);
  put(q, 10, maybe_time(r.waiting_since));
  q.exec();
}

void sqlite_store::keep_gemini(const batch_id& id, const gemini_result& g) {
  auto r = g.record;
  if (g.run && g.run->record != 0)
    r.id = g.run->record;
  else
    r.id = insert_record(id, r);
  if (!g.answers.empty())
    r.raw_response = raw_answers(g.answers);
  if (!g.observations.empty())
    r.observations_json = seen_json(g.observations);
  keep_analysis(id, r);
  if (g.run)
    keep_run(id, *g.run, true);
  // What the model saw earlier stands where it did not answer this time.
  std::set<std::string> answered;
  for (auto& [file, answer] : g.answers)
    answered.insert(file);
  for (auto& o : g.observations)
    answered.insert(o.filename);
  for (auto& file : answered) {
    auto& q = db_.use("DELETE FROM vision_observations WHERE batch_id=? AND "
                      "source='gemini' AND filename=?");
    q.bind(1, id.text);
    q.bind(2, file);
    q.exec();
  }
  for (auto& o : g.observations)
    observe(id, o);
}

applied sqlite_store::keep_answer(const model_answer& a) {
  auto& q = db_.use(
      "INSERT OR REPLACE INTO model_answers (input_hash, prompt_hash, model, "
      "answer, model_version, response_id, prompt_tokens, output_tokens, "
      "thought_tokens, created_at, batch_id) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  q.bind(1, a.input_hash);
  q.bind(2, a.prompt_hash);
  q.bind(3, a.model);
  q.bind(4, a.text);
  q.bind(5, a.model_version);
  q.bind(6, a.response_id);
  q.bind(7, a.prompt_tokens);
  q.bind(8, a.output_tokens);
  q.bind(9, a.thought_tokens);
  q.bind(10, sql_time(a.created_at));
  put(q, 11, a.batch.text.empty() ? std::nullopt : std::optional{a.batch.text});
  q.exec();
  return applied::yes;
}

applied sqlite_store::keep_gate(const gate_memory& m) {
  auto& q = db_.use("INSERT OR REPLACE INTO gemini_gate_states (owner, model, "
                    "saved_at, state) VALUES (?, ?, ?, ?)");
  q.bind(1, gate_owner_);
  q.bind(2, m.model);
  q.bind(3, sql_time(m.saved_at));
  q.bind(4, gate_json(m));
  q.exec();
  return applied::yes;
}

outcome<std::vector<model_answer>>
sqlite_store::answers(const std::string& prompt_hash,
                      const std::vector<std::string>& input_hashes) {
  database::reading until_the_end{db_};
  try {
    std::vector<model_answer> out;
    for (auto& hash : input_hashes) {
      auto& q = db_.use("SELECT model, answer, model_version, response_id, "
                        "prompt_tokens, output_tokens, thought_tokens, "
                        "created_at FROM model_answers WHERE input_hash=? AND "
                        "prompt_hash=?");
      q.bind(1, hash);
      q.bind(2, prompt_hash);
      while (q.executeStep())
        out.push_back({hash, prompt_hash, q.getColumn(0).getString(),
                       q.getColumn(1).getString(),
                       text(q.getColumn(2)).value_or(""),
                       text(q.getColumn(3)).value_or(""),
                       q.getColumn(4).getInt64(), q.getColumn(5).getInt64(),
                       q.getColumn(6).getInt64(), instant(q.getColumn(7))});
    }
    return out;
  } catch (const std::exception& e) {
    return trouble(e);
  }
}

outcome<std::vector<gate_memory>> sqlite_store::gates() {
  database::reading until_the_end{db_};
  try {
    std::vector<gate_memory> out;
    auto& q = db_.use("SELECT state FROM gemini_gate_states WHERE owner=?");
    q.bind(1, gate_owner_);
    while (q.executeStep())
      if (auto m = read_gate(q.getColumn(0).getString()))
        out.push_back(std::move(*m));
    return out;
  } catch (const std::exception& e) {
    return trouble(e);
  }
}

} // namespace vigie
