R"sql(
-- The schema that existing installations have (CONTRACT.md, Storage).
CREATE TABLE IF NOT EXISTS audit_batches (
  id VARCHAR NOT NULL PRIMARY KEY, created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL, status VARCHAR NOT NULL,
  report_hash VARCHAR, report_path VARCHAR, last_error VARCHAR,
  gemini_status VARCHAR, gemini_summary VARCHAR, gemini_prompt_hash VARCHAR,
  gemini_model VARCHAR);
CREATE TABLE IF NOT EXISTS batch_files (
  id INTEGER NOT NULL PRIMARY KEY,
  batch_id VARCHAR NOT NULL REFERENCES audit_batches (id),
  filename VARCHAR NOT NULL, content_type VARCHAR NOT NULL,
  size_bytes INTEGER NOT NULL, checksum_sha256 VARCHAR NOT NULL,
  stored_path VARCHAR NOT NULL, metadata JSON);
CREATE TABLE IF NOT EXISTS processing_events (
  id INTEGER NOT NULL PRIMARY KEY,
  batch_id VARCHAR NOT NULL REFERENCES audit_batches (id),
  code VARCHAR NOT NULL, label VARCHAR NOT NULL, kind VARCHAR NOT NULL,
  progress INTEGER, timestamp DATETIME NOT NULL, details JSON);
CREATE TABLE IF NOT EXISTS ocr_texts (
  id INTEGER NOT NULL PRIMARY KEY,
  batch_id VARCHAR NOT NULL REFERENCES audit_batches (id),
  filename VARCHAR NOT NULL, engine VARCHAR NOT NULL, content VARCHAR NOT NULL,
  confidence FLOAT, warnings JSON, error VARCHAR, created_at DATETIME NOT NULL);
CREATE TABLE IF NOT EXISTS vision_observations (
  id INTEGER NOT NULL PRIMARY KEY,
  batch_id VARCHAR NOT NULL REFERENCES audit_batches (id),
  filename VARCHAR NOT NULL, label VARCHAR NOT NULL, severity VARCHAR NOT NULL,
  confidence FLOAT, bbox JSON, source VARCHAR NOT NULL, class_name VARCHAR,
  extra JSON, created_at DATETIME NOT NULL);
CREATE TABLE IF NOT EXISTS gemini_analyses (
  id INTEGER NOT NULL PRIMARY KEY,
  batch_id VARCHAR NOT NULL REFERENCES audit_batches (id),
  provider VARCHAR NOT NULL, model VARCHAR NOT NULL, status VARCHAR NOT NULL,
  prompt_hash VARCHAR, prompt_version VARCHAR, duration_ms INTEGER,
  summary VARCHAR, warnings JSON, observations_json JSON, raw_response JSON,
  requested_by VARCHAR, created_at DATETIME NOT NULL);
CREATE TABLE IF NOT EXISTS risk_scores (
  batch_id VARCHAR NOT NULL PRIMARY KEY REFERENCES audit_batches (id),
  total_score FLOAT NOT NULL, normalized_score FLOAT NOT NULL, breakdown JSON,
  created_at DATETIME NOT NULL);
CREATE TABLE IF NOT EXISTS batch_reports (
  batch_id VARCHAR NOT NULL PRIMARY KEY REFERENCES audit_batches (id),
  summary_text VARCHAR, findings JSON, recommendations JSON,
  status VARCHAR NOT NULL, source VARCHAR, warnings JSON, prompt_hash VARCHAR,
  response_hash VARCHAR, duration_ms INTEGER, created_at DATETIME NOT NULL);
CREATE INDEX IF NOT EXISTS ix_audit_batches_id ON audit_batches (id);
CREATE INDEX IF NOT EXISTS ix_batch_files_batch_id ON batch_files (batch_id);
CREATE INDEX IF NOT EXISTS ix_processing_events_batch_id
  ON processing_events (batch_id);
CREATE INDEX IF NOT EXISTS ix_ocr_texts_batch_id ON ocr_texts (batch_id);
CREATE INDEX IF NOT EXISTS ix_vision_observations_batch_id
  ON vision_observations (batch_id);
CREATE INDEX IF NOT EXISTS ix_gemini_analyses_prompt_hash
  ON gemini_analyses (prompt_hash);
CREATE INDEX IF NOT EXISTS ix_gemini_analyses_batch_id
  ON gemini_analyses (batch_id);
)sql"
