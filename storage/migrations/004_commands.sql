R"sql(
-- Search by file name and counting, from the index alone; whether another
-- batch holds the same bytes.
CREATE INDEX ix_batch_files_name ON batch_files (batch_id, filename);
CREATE INDEX ix_batch_files_checksum ON batch_files (checksum_sha256);
)sql"
