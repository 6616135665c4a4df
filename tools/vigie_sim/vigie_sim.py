#!/usr/bin/env python3
"""make scale: how much work one core gives out, and what that costs it.

One vigied without slots of its own; 1, 4, 16, 64 nodes that join over its
door as vigie-worker does and whose slots sleep instead of analysing; clients
that keep more notes at work than there are slots. docs/scale.md says what
came of it.
Usage: vigie_sim.py BUILD [--nodes 1,4] [--slots 4] [--cost 200] [--files 1]
         [--bytes 250] [--load 0.5] [--seconds 20] [--runs 3] [--split]
         [--no-travel] [--storage FOLDER]"""
import argparse
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "bench")]

import figures  # noqa: E402
import telling  # noqa: E402
from feeding import Feeder  # noqa: E402
from figures import Scrape  # noqa: E402
from running import API, ROOT, Server, start, wait_for  # noqa: E402

LOOK = 0.25  # seconds between two looks at /metrics


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("build", type=pathlib.Path)
    p.add_argument("--nodes", default="1,4,16,64")
    p.add_argument("--slots", type=int, default=4, help="of each node")
    p.add_argument("--cost", type=int, default=200, help="of a job, in ms")
    p.add_argument("--files", type=int, default=1, help="notes in a batch")
    p.add_argument("--bytes", type=int, default=250, help="of a note")
    p.add_argument("--load", type=float, default=0,
                   help="share of what the slots can do; 0: all they can")
    p.add_argument("--seconds", type=float, default=20, help="measured, each")
    p.add_argument("--runs", type=int, default=1, help="of each; medians")
    p.add_argument("--split", action="store_true",
                   help="the core on processor 0, all others on the rest")
    p.add_argument("--no-travel", action="store_true",
                   help="as if nodes had the server's disk")
    p.add_argument("--storage", type=pathlib.Path, help="a folder to store in")
    o = p.parse_args()
    o.nodes = [int(n) for n in o.nodes.split(",")]
    return o


def nodes_of(o, server, bench, count):
    """Each a process with a bundle, a folder and slots of its own."""
    door = re.search(r"join on port (\d+)", server.log.read_text())[1]
    out = []
    for n in range(count):
        folder = bench.temp / f"node-{n}"
        folder.mkdir()
        subprocess.run([bench.build / "vigied", "cert", f"sim-{n}", "--storage",
                        server.storage, "--out", folder / "bundle.pem"],
                       check=True, timeout=30, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        with open(folder / "log", "wb") as log:
            out.append(start(
                [bench.build / "vigie-sim-node", f"127.0.0.1:{door}",
                 folder / "bundle.pem", o.slots, o.cost,
                 "-" if o.no_travel else folder / "cache"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log))
    return out


class Moment:
    """Everything that counts, at one time."""

    def __init__(self, server, nodes):
        self.scrape = Scrape(server.get("/metrics")[1].decode())
        self.at = time.monotonic()
        self.core = server.cpu_seconds()
        self.threads = figures.threads(server.pid)
        self.nodes = sum(figures.cpu(n.pid) for n in nodes)
        self.idle = figures.idle_seconds()

    def ended(self):
        return self.scrape.sum("vigie_batches_ended_total")

    def jobs(self):
        return self.scrape.of_work("vigie_stage_duration_seconds_count",
                                   outcome="ok")


def most_batches(o, count):
    """At work at once: jobs for four times the slots. A note is two jobs, then
    one; a batch has 24 out at the most, 16 or so of many notes."""
    return 4 + math.ceil(4 * count * o.slots / min(1.5 * o.files, 16))


def feed(feeder, server, nodes, most, enough):
    """Until then; what was seen on the way."""
    seen = []
    while not seen or not enough(seen):
        now = Moment(server, nodes)
        feeder.allow(most, now.ended())
        seen.append(now)
        time.sleep(LOOK)
    return seen


def warm_up(o, feeder, server, nodes, most):
    """Batches take turns, so the first ones end together: one life and a half
    later they are spread."""
    end = time.monotonic() + 90
    feed(feeder, server, nodes, most, lambda seen: time.monotonic() > end
         or (len(seen) * LOOK > 5
             and seen[-1].ended() >= (1 if o.load else 1.5 * most)))


def measure(o, bench, count):
    bench.temp = bench.folder(bench.cache)
    store = bench.folder(o.storage) if o.storage else bench.temp
    nodes, feeder = [], None
    try:
        with Server(bench, storage=store / "st") as server:
            try:
                server.get("/livez")  # all its threads are there
                part_of = figures.parts(figures.threads(server.pid))
                if o.split:
                    figures.pin(server.pid, {0})
                nodes = nodes_of(o, server, bench, count)
                wait_for(lambda: Scrape(server.get("/metrics")[1].decode()).sum(
                    "vigie_nodes", state="able") == count, 60, 0.2)
                pace = o.load * telling.jobs_a_second(o, count) / 3 / o.files
                feeder = Feeder(server.port, o.files, o.bytes, pace)
                most = most_batches(o, count)
                warm_up(o, feeder, server, nodes, most)
                end = time.monotonic() + o.seconds
                seen = feed(feeder, server, nodes, most,
                            lambda _: time.monotonic() > end)
                prove(server, nodes, seen[-1])
                return part_of, seen
            finally:
                if feeder:
                    feeder.end()
                server.process.kill()  # a drain would wait for sleepers
                for n in nodes:
                    n.kill()
                    n.wait(30)
    finally:
        for folder in (bench.temp, store):
            shutil.rmtree(folder, ignore_errors=True)


def prove(server, nodes, last):
    """What was counted is work that was done."""
    if any(n.poll() is not None for n in nodes):
        raise RuntimeError("a node ended")
    broken = last.scrape.sum("vigie_leases_broken_total")
    if broken:
        raise RuntimeError(f"{broken:.0f} leases broke")
    done = server.json(f"{API}/batches?limit=1&status=completed")["items"]
    view = server.json(f"{API}/batches/{done[0]['batch_id']}")
    if {f["status"] for f in view["files"]} != {"done"}:
        raise RuntimeError("a batch was completed without its files")


class Bench:
    """What running.Server wants to know."""

    def __init__(self, build):
        self.build = build.resolve()
        self.cache = ROOT / "build" / "bench"
        self.cache.mkdir(parents=True, exist_ok=True)
        self.temp = None

    @staticmethod
    def folder(where):
        return pathlib.Path(tempfile.mkdtemp(prefix="scale-", dir=where))


def main():
    o = arguments()
    bench = Bench(o.build)
    if o.split:
        os.sched_setaffinity(0, os.sched_getaffinity(0) - {0})
    print(telling.heading(o))
    for count in o.nodes:
        rows = []
        for _ in range(o.runs):
            part_of, seen = measure(o, bench, count)
            rows.append(telling.row(o, count, seen))
            told = telling.where(part_of, seen)
        print(telling.middle(rows), told, sep="\n", flush=True)


if __name__ == "__main__":
    main()
