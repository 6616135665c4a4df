R"sql(
-- Which ended batch is oldest; which batch a summary was asked for: its answer
-- is about that batch's evidence alone, and goes with it.
CREATE INDEX ix_audit_batches_ended ON audit_batches (updated_at, id)
  WHERE status<>'processing';
ALTER TABLE model_answers ADD COLUMN batch_id VARCHAR;
CREATE INDEX ix_model_answers_batch ON model_answers (batch_id)
  WHERE batch_id IS NOT NULL;
)sql"
