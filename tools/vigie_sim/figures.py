"""What is read while it runs: /metrics of vigied, /proc of everybody."""
import os
import pathlib
import re
from collections import defaultdict

LINE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.M)
LABEL = re.compile(r'(\w+)="([^"]*)"')
TICK = os.sysconf("SC_CLK_TCK")
WORK = ("metadata", "vision", "text")  # the stages that nodes do


class Scrape:
    """One text of /metrics."""

    def __init__(self, text):
        self.rows = defaultdict(list)
        for name, labels, value in LINE.findall(text):
            self.rows[name].append((dict(LABEL.findall(labels)), float(value)))

    def sum(self, name, **labels):
        return sum(v for has, v in self.rows[name]
                   if all(has.get(k) == x for k, x in labels.items()))

    def of_work(self, name, **labels):
        return sum(self.sum(name, stage=s, **labels) for s in WORK)

    def buckets(self, name):
        """Upper bound -> how many up to it, all stages of nodes together."""
        out = defaultdict(float)
        for has, v in self.rows[name + "_bucket"]:
            if has["stage"] in WORK:
                out[float(has["le"])] += v
        return out


def quantile(before, after, share):
    """Of what a histogram took in between two scrapes, within its bucket by
    proportion; seconds."""
    grown = sorted((le, n - before.get(le, 0)) for le, n in after.items())
    want, low, below = share * grown[-1][1], 0.0, 0.0
    for le, n in grown:
        if n >= want and n > below:
            if le == float("inf"):
                return low
            return low + (le - low) * (want - below) / (n - below)
        low, below = le, n
    return low


def stat(path):
    fields = pathlib.Path(path).read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def cpu(pid):
    return stat(f"/proc/{pid}/stat")


def threads(pid):
    """Thread id -> (name, CPU seconds)."""
    out = {}
    for t in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            out[int(t.name)] = ((t / "comm").read_text().strip(),
                                stat(t / "stat"))
        except FileNotFoundError:
            pass  # it has ended
    return out


def pin(pid, processors):
    for thread in threads(pid):
        os.sched_setaffinity(thread, processors)


def idle_seconds():
    """Of all processors together."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return (int(fields[4]) + int(fields[5])) / TICK


# Detached actors in the order in which the server hires them.
HIRED = ("REPLAYER", "STORE_KEEPER", "PRINTER", "DEPOT", "CLERK", "INSPECTOR")


def parts(at_start):
    """Thread id -> what of the server it is, of a server that nobody has
    joined yet. Threads that are made later carry what nodes say."""
    def named(name):
        return sorted(t for t, (n, _) in at_start.items() if n == name)
    out = dict.fromkeys(at_start, "HTTP")
    out |= dict.fromkeys(named("caf.actor") + named("caf.clock"), "other CAF")
    out |= zip(named("caf.actor")[-len(HIRED):], HIRED)
    *workers, io = named("caf.multiplexer")  # all are called so
    return out | dict.fromkeys(workers, "actors") | {io: "CAF's I/O"}


def spent(part_of, before, after):
    """Part -> CPU seconds in between."""
    out = defaultdict(float)
    for t, (_, cpu_s) in after.items():
        out[part_of.get(t, "door")] += cpu_s - before.get(t, ("", 0))[1]
    return out
