"""A server that nobody asks anything: memory, and how often a thread of it
wakes up. Timers: see docs/performance.md."""
import collections
import pathlib
import re
import sys
import time

from running import Server
from table import Spread, bounded

# WORKER_HUB once a second, CAF's heartbeat every two: arming and ringing wake
# the clock's thread, and it the one that it tells.
TIMERS = 6


def switches(pid):
    """Voluntary context switches, by name of thread."""
    out = collections.Counter()
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        text = (task / "status").read_text()
        name = (task / "comm").read_text().strip()
        out[name] += int(re.search(r"^voluntary\w+:\s+(\d+)", text, re.M)[1])
    return out


def rows(bench):
    seconds = bench.pick(30, 10)
    memory, wakes = [], []
    for _ in range(min(bench.runs, 3)):
        with Server(bench) as server:
            time.sleep(5)
            before = switches(server.pid)
            time.sleep(seconds)
            after = switches(server.pid) - before
            wakes.append(sum(after.values()) / seconds)
            memory.append(server.status_kb("VmRSS") / 1024)
    print("wake-ups by thread, last run: "
          + ", ".join(f"{n} {c}" for n, c in after.most_common()),
          file=sys.stderr)
    return [bounded("idle: RSS of vigied", Spread(memory, "MB"), "< 40 MB",
                    at_most=40),
            bounded("idle: wake-ups", Spread(wakes, "/s"),
                    f"timers: <= {TIMERS}/s", at_most=TIMERS)]
