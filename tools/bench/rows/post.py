"""POST of one 100 KB file, and the same promise in a bare loop: write, SHA-256,
fsync of file and directory, one SQLite FULL commit."""
from running import Server, run
from table import Spread, compared

BYTES = 100_000


def floor(bench, clients, requests):
    return run([bench.tool("post-floor"), bench.folder("floor"), clients,
                requests, BYTES])


def vigie(bench, server, clients, requests):
    got = run([bench.tool("post"), server.port, clients, requests, BYTES, ""])
    if got["failed"]:
        raise RuntimeError(f"{got['failed']} POSTs were refused")
    return got


def rows(bench):
    out = []
    with Server(bench) as server:  # no slots: the reception alone
        vigie(bench, server, 1, 20)
        for clients, requests in ((1, bench.pick(300, 100)),
                                  (16, bench.pick(1600, 320))):
            ours, least = [], []
            for _ in range(bench.runs):  # in turns: the machine drifts
                least.append(floor(bench, clients, requests))
                ours.append(vigie(bench, server, clients, requests))
            out += judged(clients, ours, least)
    return out


def judged(clients, ours, least):
    name = f"POST of 100 KB, {clients} client{'s' if clients > 1 else ''}"

    def pair(key, scale, unit):
        return (Spread([x[key] * scale for x in ours], unit),
                Spread([x[key] * scale for x in least], unit))

    out = [compared(f"{name}: p50", *pair("p50_us", 1e-3, "ms"), "<= 2",
                    at_most=2),
           compared(f"{name}: p99", *pair("p99_us", 1e-3, "ms"), "<= 3",
                    at_most=3)]
    if clients > 1:
        out.append(compared(f"{name}: requests/s", *pair("rate", 1, ""),
                            ">= 0.8", at_least=0.8))
    return out
