"""Live events for 1,000, 5,000 and 9,000 subscribers, all at once and paced,
beside a bare epoll loop with one send() per socket, and nginx with nchan.

A burst is made of batches that are cancelled, 16 requests at a time; one batch
is one event. Paced, they are cancelled one after another. Sizes of events are
those that vigie's turn out to have, for everybody."""
import subprocess
import sys

import nchan
from running import API, Server, run, start
from table import Row, Spread, bounded, compared

STREAM = f"{API}/events"


class Listeners:
    """bench-listen, from the moment that all have joined."""

    def __init__(self, bench, port, path, count, events, seconds, *database):
        self.process = start([bench.tool("listen"), port, path, count, events,
                              seconds, *database],
                             stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "joined\n":
            raise RuntimeError("the subscribers did not join")

    def result(self):
        import json
        text = self.process.stdout.read()
        if self.process.wait(30):
            raise RuntimeError("bench-listen failed")
        return json.loads(text)


def post_batches(bench, server, prefix, count):
    got = run([bench.tool("post"), server.port, 16, count, 300, prefix])
    if got["failed"]:
        raise RuntimeError("batches were refused")


def vigie(bench, subscribers, events, pause_us):
    with Server(bench) as server:
        post_batches(bench, server, "b", events)
        lines = [f"POST {API}/batches/b{n}/cancel" for n in range(events)]
        before = server.status_kb("VmRSS")
        got = Listeners(bench, server.port, STREAM, subscribers, events, 60,
                        server.database)
        each = (server.status_kb("VmRSS") - before) / subscribers
        clients = 1 if pause_us else 16
        sent = run([bench.tool("http"), server.port, clients, pause_us], lines)
        if sent["failed"]:
            raise RuntimeError("cancels were refused")
        out = got.result()
        return out | {"kb_each": each}


def floor(bench, subscribers, events, pause_us, size):
    loop = start([bench.tool("fanout"), subscribers, events, size, pause_us],
                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        port = int(loop.stdout.readline())
        got = Listeners(bench, port, "/", subscribers, events, 60)
        loop.stdin.write("go\n")
        loop.stdin.flush()
        return got.result()
    finally:
        loop.stdin.close()
        loop.wait(30)


def one(bench, subscribers, events, pause_us):
    """All three, in turns."""
    ours, least, theirs = [], [], []
    for _ in range(bench.runs):
        ours.append(vigie(bench, subscribers, events, pause_us))
        size = int(ours[-1]["bytes_each"])
        least.append(floor(bench, subscribers, events, pause_us, size))
        if nchan.module():
            theirs.append(nchan.measured(bench, Listeners, subscribers, events,
                                         pause_us, size))
    for who, got in (("vigie", ours), ("floor", least), ("nchan", theirs)):
        for x in got:
            if x["got"] != subscribers * events:
                print(f"{who}: {x['got']} of {subscribers * events} events "
                      "came", file=sys.stderr)
    return ours, least, theirs


def of(results, key, unit):
    return Spread([x[key] for x in results], unit)


def rows(bench):
    out = []
    for subscribers in bench.pick((1_000, 5_000, 9_000), (1_000,)):
        name = f"SSE, {subscribers:,} subscribers"
        ours, least, theirs = one(bench, subscribers, bench.pick(100, 50), 0)
        mine = of(ours, "rate", "/s")
        out.append(compared(f"{name}, burst: events/s", mine,
                            of(least, "rate", "/s"), ">= 0.7", at_least=0.7))
        out.append(against_nchan(f"{name}, burst: events/s", mine, theirs))
        out.append(bounded(f"{name}: memory each", of(ours, "kb_each", "KB"),
                           "< 5 KB", at_most=5))
        ours, least, theirs = one(bench, subscribers, bench.pick(50, 20),
                                  200_000)
        out.append(compared(f"{name}, paced: p99", of(ours, "p99_ms", "ms"),
                            of(least, "p99_ms", "ms"), "<= 1.5", at_most=1.5))
        if theirs:
            out.append(Row("  the same, nchan's", of(ours, "p99_ms", "ms"),
                           of(theirs, "p99_ms", "ms")))
    return out


def against_nchan(name, mine, theirs):
    if not theirs:
        return Row(f"{name}, nchan", mine,
                   "not run: no libnginx-mod-nchan (tools/setup bench)",
                   goal=">= 5")
    return compared(f"{name}, nchan", mine, of(theirs, "rate", "/s"), ">= 5",
                    at_least=5)
