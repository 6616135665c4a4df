R"sql(
-- What a gate learned belongs to one key (a fingerprint of it) and one model;
-- gemini_gates, which knew no keys, is read no more.
CREATE TABLE gemini_gate_states (
  owner VARCHAR NOT NULL, model VARCHAR NOT NULL, saved_at DATETIME NOT NULL,
  state JSON NOT NULL, PRIMARY KEY (owner, model)) WITHOUT ROWID;
ALTER TABLE gemini_runs ADD COLUMN waiting_since DATETIME;
)sql"
