"""What a stopped server has stored, without what no two runs share."""
import json
import os
import pathlib
import sqlite3
import subprocess

BUILD = pathlib.Path(os.environ["TEST_BUILD"])
SOME_TIME = "2026-01-01 00:00:00.000000"

# Columns that differ between two runs without any disturbance:
#  id, seq, event_id   counters and random numbers; files end in any order
#  *_at, timestamp     clocks
#  version             counts changes: a resumed batch has some more
#  report_hash         the report tells the times; compared apart, see `drawn`
#  token, duration_ms  of a lease, of a call
PRIVATE = {"id", "seq", "event_id", "timestamp", "created_at", "updated_at",
           "version", "report_hash", "token", "duration_ms"}
TABLES = ("audit_batches", "batch_files", "ocr_texts", "vision_observations",
          "gemini_analyses", "risk_scores", "batch_reports", "stage_results")
# Events that tell of a disturbance, and of nothing else.
ABOUT_TROUBLE = ("pipeline:resumed", "worker:waiting")


def opened(storage):
    db = sqlite3.connect(pathlib.Path(storage) / "vigie.db")
    db.row_factory = sqlite3.Row
    return db


def rows(storage):
    """Table -> sorted rows. The id of a batch is its name: it stays."""
    out = {}
    db = opened(storage)
    for table in TABLES:
        hidden = PRIVATE - ({"id"} if table == "audit_batches" else set())
        out[table] = sorted(
            json.dumps({k: row[k] for k in row.keys() if k not in hidden})
            for row in db.execute(f"SELECT * FROM {table}"))
    out["events"] = sorted(events(db))
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()
    return out


def events(db):
    """Facts. A start may be told twice (a step begun again after the core's
    end), a fact may not; their progress depends on who ends first."""
    told = [(e["batch_id"], e["code"], e["kind"], plain(e["details"]))
            for e in db.execute("SELECT * FROM processing_events")
            if e["code"] not in ABOUT_TROUBLE]
    starts = {t for t in told if t[1].endswith(":start")}
    return [*starts, *(t for t in told if t not in starts)]


def plain(details):
    """Without the hash of the report."""
    told = json.loads(details or "{}")
    told.pop("hash", None)
    return json.dumps(told, sort_keys=True)


def redraw(storage, batch):
    return subprocess.run([BUILD / "vigie-redraw", storage, batch], timeout=60,
                          check=True, capture_output=True).stdout


def stored_reports(storage):
    """batch -> (bytes, recorded SHA-256)."""
    db = opened(storage)
    found = db.execute("SELECT id, report_path, report_hash FROM audit_batches")
    out = {r["id"]: ((pathlib.Path(storage) / r["report_path"]).read_bytes(),
                     r["report_hash"]) for r in found}
    db.close()
    return out


def equalize(storage):
    """Every clock shows the same, events of trouble are gone and the others
    stand in the order of their words; then equal rows give equal reports."""
    db = opened(storage)
    for table in (*TABLES, "processing_events"):
        columns = {r["name"] for r in db.execute(f"PRAGMA table_info({table})")}
        for clock in columns & {"created_at", "updated_at", "timestamp"}:
            db.execute(f"UPDATE {table} SET {clock} = ?", (SOME_TIME,))
    told = [dict(r) for r in db.execute("SELECT * FROM processing_events")
            if r["code"] not in ABOUT_TROUBLE]
    # A report ends its chronology where its own making begins.
    told.sort(key=lambda e: (e["code"].startswith("report:"), e["batch_id"],
                             e["code"], plain(e["details"])))
    db.execute("DELETE FROM processing_events")
    last = None
    for n, e in enumerate(told, 1):
        words = (e["batch_id"], e["code"], plain(e["details"]))
        if words == last and e["code"].endswith(":start"):
            continue
        last = words
        e |= {"id": n, "seq": n}
        db.execute(f"INSERT INTO processing_events ({', '.join(e)}) VALUES "
                   f"({', '.join('?' * len(e))})", tuple(e.values()))
    db.commit()
    db.close()
