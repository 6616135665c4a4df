R"sql(
-- The Gemini stage: runs with their deadline, paid answers, gates.
ALTER TABLE gemini_analyses ADD COLUMN model_version VARCHAR;
ALTER TABLE gemini_analyses ADD COLUMN attempts INTEGER;
CREATE TABLE gemini_runs (
  batch_id VARCHAR NOT NULL PRIMARY KEY REFERENCES audit_batches (id),
  record INTEGER NOT NULL, requested_by VARCHAR, begun_at DATETIME NOT NULL,
  deadline DATETIME NOT NULL, attempts INTEGER NOT NULL,
  waited_ms INTEGER NOT NULL, resume_at DATETIME, ended INTEGER NOT NULL);
CREATE TABLE model_answers (
  input_hash VARCHAR NOT NULL, prompt_hash VARCHAR NOT NULL,
  model VARCHAR NOT NULL, answer TEXT NOT NULL, model_version VARCHAR,
  response_id VARCHAR, prompt_tokens INTEGER, output_tokens INTEGER,
  thought_tokens INTEGER, created_at DATETIME NOT NULL,
  PRIMARY KEY (input_hash, prompt_hash, model)) WITHOUT ROWID;
CREATE TABLE gemini_gates (
  model VARCHAR NOT NULL PRIMARY KEY, saved_at DATETIME NOT NULL,
  state JSON NOT NULL) WITHOUT ROWID;
)sql"
