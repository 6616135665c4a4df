#!/usr/bin/env python3
"""What vigie costs on top of the recogniser it runs: page images through
vigied with one and two slots, beside the same stages in bare loops over the
same files, in turns in the same run.
Usage: slot_bench.py BUILD [--pages 24] [--rounds 3]"""
import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import datetime

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def pages(folder, count, samples):
    """Pages of words at 150 dpi, each another."""
    rng = random.Random(7)
    words = ("visite site incendie porte secours badge rapport zone entrée "
             "extincteur panneau alarme câble stockage éclairage").split()
    out = []
    for n in range(count):
        lines = b"".join(
            b"(%s) Tj T* " % " ".join(rng.choices(words, k=9)).encode("latin-1")
            for _ in range(28))
        pdf = folder / f"{n}.pdf"
        pdf.write_bytes(samples.pdf(b"BT /F 12 Tf 20 TL 50 770 Td " + lines
                                    + b"ET"))
        target = folder / f"page{n:03}"
        subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", pdf,
                        target], check=True)
        out.append(target.with_suffix(".png"))
    return out


def bare(build, files, loops):
    """Seconds until the last of `loops` processes has done its share."""
    rules = ROOT / "config" / "observation_rules.json"
    # OMP_THREAD_LIMIT: one thread each, as slots have.
    env = os.environ | {"OMP_THREAD_LIMIT": "1"}
    shares = [files[i::loops] for i in range(loops)]
    running = [subprocess.Popen([build / "bare-loop", rules, *share], env=env,
                                stdout=subprocess.PIPE, text=True)
               for share in shares]
    return max(float(p.communicate()[0].split()[0]) for p in running)


def through(server, files, name):
    """Seconds from the reception to the end of the files' analysis."""
    server.post([(f.name, f.read_bytes()) for f in files], name, 120)
    view = server.finished(name, 600)
    at = {e["code"]: datetime.fromisoformat(e["timestamp"])
          for e in view["timeline"]}
    assert {f["status"] for f in view["files"]} == {"done"}
    return (at["analysis:complete"]
            - at["ingestion:received"]).total_seconds()


def main():
    args = argparse.ArgumentParser()
    args.add_argument("build", type=pathlib.Path)
    args.add_argument("--pages", type=int, default=24)
    args.add_argument("--rounds", type=int, default=3)
    o = args.parse_args()
    build = o.build.resolve()
    os.environ["TEST_BUILD"] = str(build)
    sys.path.insert(0, str(ROOT / "tests" / "integration"))
    sys.dont_write_bytecode = True
    import samples
    from harness import Server
    with tempfile.TemporaryDirectory() as folder:
        files = pages(pathlib.Path(folder), o.pages, samples)
        rates = {}
        for slots in (1, 2):
            with Server(workers=slots) as server:
                through(server, files[:2 * slots], "warm")
                floor, ours = [], []
                for n in range(o.rounds):  # in turns: the machine drifts
                    floor.append(bare(build, files, slots))
                    ours.append(through(server, files, f"r{n}"))
            a, b = statistics.median(floor), statistics.median(ours)
            rates[slots] = o.pages / b
            print(f"{slots} slot{'s' if slots > 1 else ' '}: {o.pages} pages, "
                  f"bare loop {a:.2f} s ({min(floor):.2f}-{max(floor):.2f}), "
                  f"vigie {b:.2f} s ({min(ours):.2f}-{max(ours):.2f}), "
                  f"ratio {b / a:.3f} (goal 1.05)", flush=True)
        print(f"2 slots / 1 slot: {rates[2] / rates[1]:.2f}")


if __name__ == "__main__":
    main()
