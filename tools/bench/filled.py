"""Databases with many batches, made by SQL through the migrations; kept in
build/bench until the schema or this file changes."""
import hashlib
import pathlib
import re
import sqlite3

from running import ROOT

MIGRATIONS = sorted((ROOT / "storage" / "migrations").glob("*.sql"))


def schema():
    """The migrations, as storage/database.cpp runs them."""
    out = ["CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, "
           "applied_at DATETIME NOT NULL);"]
    for n, file in enumerate(MIGRATIONS, 1):
        text = re.fullmatch(r'R"sql\((.*)\)sql"\s*', file.read_text(), re.S)[1]
        out.append(text + "\nINSERT INTO schema_migrations VALUES "
                   f"({n}, '2026-01-01 00:00:00.000000');")
    return "\n".join(out)


def batch_id(n):
    return f"{(n * 2_654_435_761) % (1 << 32):08x}-0000-4000-8000-{n:012d}"


NUMBERS = ("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
           "WHERE i + 1 < {size}) ")
WHEN = "strftime('%Y-%m-%d %H:%M:%S', 1735689600 + i * 20, 'unixepoch') || '.000000'"
HASH = "printf('%064d', i)"
IDS = "(SELECT rowid - 1 AS i, id FROM audit_batches)"

# What a finished batch of one note leaves, a little shorter.
ENDED = f"""
INSERT INTO batch_files (batch_id, filename, content_type, size_bytes,
  checksum_sha256, stored_path, metadata, status)
  SELECT id, 'note.txt', 'text/plain', 300, {HASH}, id || '/note.txt',
  '{{"camera":null,"captured_at":null,"gps":null,"zone":"nord"}}', 'done'
  FROM {IDS};
INSERT INTO event_log (batch_id, data, created_at)
  SELECT id, '{{"batchId":"' || id || '","status":"completed"}}', {WHEN}
  FROM {IDS};
INSERT INTO processing_events (batch_id, code, label, kind, progress,
  timestamp, details, event_id, seq)
  SELECT id, c, 'Étape terminée', 'success', p, {WHEN}, '{{"fileCount":1}}',
  id, i + 1 FROM {IDS},
  (SELECT 'ingestion:received' AS c, 5 AS p UNION ALL
   SELECT 'analysis:complete', 70 UNION ALL SELECT 'report:available', 100);
INSERT INTO ocr_texts (batch_id, filename, engine, content, confidence,
  created_at)
  SELECT id, 'note.txt', 'text', 'porte de secours ouverte au sous-sol, '
  || 'extincteur absent, badge trouvé', 1.0, {WHEN} FROM {IDS};
INSERT INTO vision_observations (batch_id, filename, label, severity,
  confidence, source, created_at)
  SELECT id, 'note.txt', 'incendie', 'high', 0.8, 'local', {WHEN} FROM {IDS};
INSERT INTO risk_scores SELECT id, 7.0, 0.07,
  '[{{"label":"incendie","severity":"high","count":1,"score":7.0}}]', {WHEN}
  FROM {IDS};
INSERT INTO batch_reports (batch_id, summary_text, findings, status, source,
  created_at) SELECT id, 'Une observation.', '["incendie"]', 'ok', 'local',
  {WHEN} FROM {IDS};
"""

WAITING = f"""
INSERT INTO batch_files (batch_id, filename, content_type, size_bytes,
  checksum_sha256, stored_path, status)
  SELECT id, 'note.txt', 'text/plain', 300, {HASH}, id || '/note.txt',
  'pending' FROM {IDS};
INSERT INTO event_log (batch_id, data, created_at)
  SELECT id, '{{"batchId":"' || id || '","status":"processing"}}', {WHEN}
  FROM {IDS};
INSERT INTO processing_events (batch_id, code, label, kind, progress,
  timestamp, details, event_id, seq)
  SELECT id, 'ingestion:received', 'Lot reçu', 'info', 5, {WHEN},
  '{{"fileCount":1}}', id, i + 1 FROM {IDS};
"""


def fill(path, size, waiting=False):
    """Without its indices, which are made afterwards: much faster."""
    db = sqlite3.connect(path, isolation_level=None)
    db.create_function("batch_id", 1, batch_id, deterministic=True)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        db.execute(f"PRAGMA {pragma}")
    db.executescript(schema())
    indices = db.execute("SELECT name, sql FROM sqlite_master WHERE "
                         "type='index' AND sql IS NOT NULL").fetchall()
    for name, _ in indices:
        db.execute(f"DROP INDEX {name}")
    db.execute("BEGIN")
    status, progress = ("processing", 5) if waiting else ("completed", 100)
    db.execute(NUMBERS.format(size=size)
               + "INSERT INTO audit_batches (id, created_at, updated_at, "
               "status, report_hash, gemini_status, progress, version) "
               f"SELECT batch_id(i), {WHEN}, {WHEN}, '{status}', "
               f"{'NULL' if waiting else HASH}, NULL, {progress}, 9 FROM n")
    for statement in (WAITING if waiting else ENDED).split(";\n"):
        db.execute(statement)
    db.execute("COMMIT")
    for _, sql in indices:
        db.execute(sql)
    db.execute("PRAGMA journal_mode=WAL")
    db.close()


def database(bench, size):
    """The path of one with `size` ended batches."""
    mark = hashlib.sha256(pathlib.Path(__file__).read_bytes()
                          + schema().encode()).hexdigest()[:12]
    path = bench.cache / f"ended-{size}-{mark}.db"
    if not path.exists():
        for old in bench.cache.glob(f"ended-{size}-*.db*"):
            old.unlink()
        made = bench.temp / path.name
        fill(made, size)
        made.rename(path)
    return path
