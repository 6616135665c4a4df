"""A start with 10,000 unfinished batches, their files in place."""
import shutil
import sqlite3
import time

import filled
from running import Server, wait_for
from table import Spread, bounded


def storage(bench, count):
    """A storage folder as a killed server leaves it."""
    folder = bench.folder("waiting")
    filled.fill(folder / "vigie.db", count, waiting=True)
    note = b"porte de secours ouverte au sous-sol\n".ljust(300)
    for n in range(count):
        home = folder / filled.batch_id(n)
        home.mkdir()
        (home / "note.txt").write_bytes(note)
    return folder


def resumed(server):
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM processing_events WHERE "
                          "code='pipeline:resumed'").fetchone()[0]


def rows(bench):
    count = bench.pick(10_000, 2_000)
    ready, all_of_them, memory = [], [], []
    for _ in range(min(bench.runs, 3)):
        folder = storage(bench, count)
        with Server(bench, storage=folder) as server:
            wait_for(lambda: server.get("/livez")[0] == 200, 60)
            ready.append(server.ready_after)
            wait_for(lambda: resumed(server) == count, 300, 0.05)
            all_of_them.append(time.monotonic() - server.begun)
            memory.append((server.status_kb("VmRSS")) / 1024)
        shutil.rmtree(folder, ignore_errors=True)
    name = f"{count:,} unfinished batches at start"
    return [bounded(f"{name}: ready", Spread(ready, "s"), "< 2 s", at_most=2),
            bounded(f"{name}: all resumed", Spread(all_of_them, "s"), "-"),
            bounded(f"{name}: RSS", Spread(memory, "MB"), "-")]
