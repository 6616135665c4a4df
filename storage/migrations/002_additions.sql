R"sql(
-- What this product adds: new tables and nullable columns only.
CREATE TABLE event_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: it is the SSE id
  batch_id VARCHAR NOT NULL, data TEXT NOT NULL, created_at DATETIME NOT NULL);
CREATE TABLE stage_results (
  batch_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, -- 0: the whole batch
  stage VARCHAR NOT NULL, input_hash VARCHAR NOT NULL, token INTEGER,
  ok INTEGER NOT NULL, error_code VARCHAR, perceptual_hash INTEGER,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (batch_id, file_id, stage, input_hash)) WITHOUT ROWID;
ALTER TABLE audit_batches ADD COLUMN progress INTEGER;
ALTER TABLE audit_batches ADD COLUMN version INTEGER;
ALTER TABLE batch_files ADD COLUMN status VARCHAR;
ALTER TABLE batch_files ADD COLUMN warnings JSON;
ALTER TABLE processing_events ADD COLUMN event_id VARCHAR;
ALTER TABLE processing_events ADD COLUMN seq INTEGER;
ALTER TABLE processing_events ADD COLUMN technical JSON;
CREATE INDEX ix_audit_batches_created ON audit_batches (created_at, id);
CREATE INDEX ix_audit_batches_status
  ON audit_batches (status, created_at, id);
CREATE INDEX ix_event_log_batch ON event_log (batch_id);
)sql"
