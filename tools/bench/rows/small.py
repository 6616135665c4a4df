"""Small batches, one note each, from the first POST to the end of the last."""
import time

from running import API, Server, run, wait_for
from table import Spread, bounded


def rows(bench):
    count = bench.pick(1_000, 200)
    rates, costs = [], []
    for _ in range(bench.runs):
        with Server(bench, workers=2) as server:
            process(bench, server, "warm", 20)
            cpu = server.cpu_seconds()
            rates.append(count / process(bench, server, "n", count))
            costs.append(1e3 * (server.cpu_seconds() - cpu) / count)
    name = f"{count:,} small batches, 2 slots"
    return [bounded(f"{name}: batches/s", Spread(rates, "/s"), ">= 200",
                    at_least=200),
            bounded(f"{name}: CPU of vigied each", Spread(costs, "ms"),
                    "< 3 ms", at_most=3)]


def process(bench, server, prefix, count):
    begun = time.monotonic()
    got = run([bench.tool("post"), server.port, 16, count, 300, prefix])
    if got["failed"]:
        raise RuntimeError("notes were refused")
    wait_for(lambda: not server.json(
        f"{API}/batches?limit=1&status=processing")["items"], 600)
    took = time.monotonic() - begun
    last = server.json(f"{API}/batches/{prefix}{count - 1}")
    if last["status"] != "completed":
        raise RuntimeError(f"{last['batch_id']}: {last['status']}")
    return took
