#!/usr/bin/env python3
"""make bench: what vigie does, beside the least that any program could do for
the same promise, measured in the same run. docs/performance.md says how.
Usage: bench.py BUILD [--rows post,sse] [--runs 5] [--quick] [--no-page]
Exit code: 0 when all rows ran; whether goals are met is in the table."""
import argparse
import importlib
import pathlib
import resource
import shutil
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import table  # noqa: E402
from running import ROOT  # noqa: E402

ROWS = ("post", "big", "get", "sse", "browser", "ocr", "small", "idle",
        "resume", "desk")


class Bench:
    """What every row is given."""

    def __init__(self, build, runs, quick):
        self.build, self.runs, self.quick = build.resolve(), runs, quick
        self.cache = ROOT / "build" / "bench"  # generated databases stay here
        self.cache.mkdir(parents=True, exist_ok=True)
        self.temp = pathlib.Path(tempfile.mkdtemp(prefix="run-",
                                                  dir=self.cache))

    def tool(self, name):
        return self.build / f"bench-{name}"

    def folder(self, prefix):
        return pathlib.Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=self.temp))

    def pick(self, whole, quick):
        return quick if self.quick else whole


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("build", type=pathlib.Path)
    p.add_argument("--rows", default="", help=",".join(ROWS))
    p.add_argument("--runs", type=int, default=0, help="5; quick: 2")
    p.add_argument("--quick", action="store_true", help="small, to try it out")
    p.add_argument("--no-page", action="store_true",
                   help="leave docs/performance.md alone")
    o = p.parse_args()
    o.rows = [r for r in o.rows.split(",") if r] or list(ROWS)
    if unknown := set(o.rows) - set(ROWS):
        p.error(f"no such row: {', '.join(sorted(unknown))}")
    return o


def measured(bench, name):
    begun = time.monotonic()
    try:
        rows = importlib.import_module(f"rows.{name}").rows(bench)
        failed = False
    except Exception as e:
        traceback.print_exc()
        rows, failed = [table.Row(name, f"did not run: {e}")], True
    for row in rows:
        print("  ".join(row.cells()), flush=True)
    print(f"-- {name}: {time.monotonic() - begun:.0f} s", file=sys.stderr,
          flush=True)
    return rows, failed


def allow_sockets():
    """9,000 subscribers are as many sockets at both ends."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < 10_000:
        print(f"only {hard} open files are allowed: 9,000 subscribers need "
              "more", file=sys.stderr)


def main():
    o = arguments()
    allow_sockets()
    bench = Bench(o.build, o.runs or (2 if o.quick else 5), o.quick)
    rows, failed = [], False
    try:
        for name in o.rows:
            more, bad = measured(bench, name)
            rows += more
            failed |= bad
    finally:
        shutil.rmtree(bench.temp, ignore_errors=True)
    said = table.conditions(o.quick, bench.runs, command(o))
    print(f"\n{said}\n\n{table.text_table(rows)}")
    if not o.no_page and not o.quick and o.rows == list(ROWS):
        table.write_page(ROOT / "docs" / "performance.md",
                         table.markdown(rows, said))
    return 1 if failed else 0


def command(o):
    words = ["make bench"]
    if o.rows != list(ROWS):
        words.append("ROWS=" + ",".join(o.rows))
    if o.quick:
        words.append("QUICK=1")
    return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
