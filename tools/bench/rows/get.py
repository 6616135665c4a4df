"""GET batch and GET list with 10^3, 10^5 and 10^6 batches in the database, and
the same SQL in a bare loop. No batch is asked for twice by one server: what it
keeps of earlier answers does not help."""
import random
import sqlite3

import filled
from running import API, Server, run
from table import Row, Spread, compared

PAGE = 50


def first_rows(db, pages):
    """Where each page begins ("created_at|id" of the row before), newest first."""
    out, at = [], ("9999-12-31", "")
    for _ in range(pages):
        found = db.execute(
            "SELECT created_at, id FROM audit_batches WHERE (created_at, id) < "
            "(?, ?) ORDER BY created_at DESC, id DESC LIMIT ?",
            (*at, PAGE)).fetchall()
        if not found:
            break
        out.append("|".join(at))
        at = found[-1]
    return out


def list_path(first):
    base = f"GET {API}/batches?limit={PAGE}"
    return base if first.endswith("|") else (
        f"{base}&cursor={first.encode().hex()}")


def asked(bench, size, share):
    """(batch ids, page beginnings) of each run."""
    db = sqlite3.connect(filled.database(bench, size))
    ids = [filled.batch_id(n) for n in
           random.Random(5).sample(range(size), share * bench.runs)]
    pages = first_rows(db, 100)
    db.close()
    pages = (pages * (share // len(pages) + 1))[:share]
    return [(ids[n * share:(n + 1) * share], pages) for n in range(bench.runs)]


def measure(bench, size):
    share = bench.pick(min(1_000, size // bench.runs), 100)
    path = filled.database(bench, size)
    figures = {k: ([], [], []) for k in ("batch", "list")}
    plan = asked(bench, size, share)
    with Server(bench, database=path) as server:
        for ids, pages in plan:
            for what, lines, urls in (
                    ("batch", ids, [f"GET {API}/batches/{i}" for i in ids]),
                    ("list", pages, [list_path(p) for p in pages])):
                loop = [bench.tool("get-floor"), path, what]
                ours, least, hop = figures[what]
                run(loop, lines)  # now its pages are in memory for both
                least.append(run(loop, lines)["p50_us"])
                hop.append(run([*loop, "hop"], lines)["p50_us"])
                got = run([bench.tool("http"), server.port, 1], urls)
                if got["failed"]:
                    raise RuntimeError(f"{got['failed']} GETs failed")
                ours.append(got["p50_us"])
    return figures


def rows(bench):
    out, first = [], {}
    for exponent in (3, 5, 6) if not bench.quick else (3, 5):
        figures = measure(bench, 10 ** exponent)
        for what, (ours, least, hop) in figures.items():
            name = f"GET {what}, 10^{exponent} batches: p50"
            mine = Spread(ours, "us")
            out.append(compared(name, mine, Spread(least, "us"), "<= 3",
                                at_most=3))
            behind = Spread(hop, "us")
            out.append(Row("  beside the SQL behind a bare socket", mine,
                           behind, mine.median / behind.median))
            if exponent == 3:
                first[what] = mine
            elif exponent == 6 or bench.quick:
                out.append(compared(f"GET {what}: 10^{exponent} against 10^3",
                                    mine, first[what], "<= 1.5", at_most=1.5))
    return out
