"""From the commit of a stage to its arrival at one of 1,000 subscribers, while
notes are analysed by two slots. The commit is when a reader of the database
first sees it."""
import sqlite3

from rows.sse import STREAM, Listeners, floor, of
from running import API, Server, run, wait_for
from table import Row, bounded


def events_of_a_note(bench, server):
    run([bench.tool("post"), server.port, 1, 1, 300, "warm"])
    wait_for(lambda: server.json(f"{API}/batches/warm0")["status"]
             == "completed", 60)
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM event_log").fetchone()[0]


def rows(bench):
    subscribers, notes = 1_000, bench.pick(60, 20)
    got, least = [], []
    for _ in range(bench.runs):
        with Server(bench, workers=2) as server:
            events = events_of_a_note(bench, server) * notes
            in_all = Listeners(bench, server.port, STREAM, subscribers, events,
                               60, server.database)
            run([bench.tool("post"), server.port, 1, notes, 300, "n", 200_000])
            got.append(in_all.result())
        least.append(floor(bench, subscribers, bench.pick(50, 20), 200_000,
                           int(got[-1]["bytes_each"])))
    mine, bare = of(got, "p99_ms", "ms"), of(least, "p99_ms", "ms")
    return [bounded("commit to browser, 1,000 subscribers: p99",
                    of(got, "p99_ms", "ms"), "< 5 ms", at_most=5),
            bounded("commit to browser, 1,000 subscribers: p50",
                    of(got, "p50_ms", "ms"), "-"),
            Row("  p99 of a bare loop: 5 a second, nothing else at work", mine,
                bare, mine.median / bare.median)]
