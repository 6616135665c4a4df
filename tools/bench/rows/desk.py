"""GEMINI_DESK with 10^5 analyses in its queue, batches of 8 images: processor
time of an arrival and of a decision to send (its answer included), and what it
keeps of each. Virtual time; nothing is sent anywhere."""
import sys

from running import run
from table import Spread, bounded


def rows(bench):
    count, out, memory = bench.pick(100_000, 10_000), [], []
    for rpm, what in ((0, "limit not known"), (20_000, "20,000 a minute")):
        got = [run([bench.tool("desk"), count, 8, rpm, bench.pick(20, 5)])
               for _ in range(min(bench.runs, 3))]
        if any(x["queued"] < count for x in got):
            print(f"desk, {what}: only {got[0]['queued']} came in before the "
                  "time was up", file=sys.stderr)
        queued = min(x["queued"] for x in got)
        name = f"Gemini desk, {queued:,} queued, {what}"
        for key, words in (("arrive_us", "an arrival"),
                           ("decide_us", "a decision")):
            out.append(bounded(f"{name}: {words}",
                               Spread([x[key] for x in got], "us"), "< 20 us",
                               at_most=20))
        memory += [x["bytes_each"] for x in got]
    out.append(bounded("Gemini desk: memory of an analysis",
                       Spread(memory, "bytes"), "< 1 KB", at_most=1024))
    return out
