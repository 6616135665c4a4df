R"sql(
-- Tokens and sessions, hashed; who sent a batch. The log knows it too: its
-- last word about a batch comes after the batch's row.
CREATE TABLE api_tokens (
  name VARCHAR NOT NULL PRIMARY KEY, hash VARCHAR NOT NULL UNIQUE,
  role VARCHAR NOT NULL, own_only INTEGER NOT NULL,
  created_at DATETIME NOT NULL, expires_at DATETIME, revoked_at DATETIME)
  WITHOUT ROWID;
CREATE TABLE api_sessions (
  hash VARCHAR NOT NULL PRIMARY KEY, token_hash VARCHAR NOT NULL,
  created_at DATETIME NOT NULL, expires_at DATETIME NOT NULL) WITHOUT ROWID;
CREATE INDEX ix_api_sessions_token ON api_sessions (token_hash, created_at);
ALTER TABLE audit_batches ADD COLUMN owner VARCHAR;
ALTER TABLE event_log ADD COLUMN owner VARCHAR;
CREATE INDEX ix_audit_batches_owner ON audit_batches (owner, created_at, id)
  WHERE owner IS NOT NULL;
)sql"
