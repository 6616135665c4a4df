"""Page images on two slots, and xargs -P2 tesseract on the same files. vigie's
time is from the first byte of the POST to the last stage of the analysis."""
import os
import pathlib
import subprocess
import sys
import time
from datetime import datetime, timezone

from running import API, ROOT, Server, wait_for
from table import Spread, compared

sys.path[:0] = [str(ROOT / "tools" / "slot_bench"),
                str(ROOT / "tests" / "integration")]
import samples  # noqa: E402
import slot_bench  # noqa: E402

LANGUAGES = "fra+eng"  # analysis.ocr_languages


def floor(files):
    begun = time.monotonic()
    subprocess.run(
        ["xargs", "-P2", "-I{}", "tesseract", "{}", "{}.out", "-l", LANGUAGES],
        input="\n".join(map(str, files)), text=True, check=True, timeout=900,
        # One thread each, as slots have: two times all cores is slower.
        env=os.environ | {"OMP_THREAD_LIMIT": "1"}, stderr=subprocess.DEVNULL)
    return time.monotonic() - begun


def vigie(server, files, name):
    words = ["curl", "-sS", "-f", "-o", "/dev/null", "-F",
             f"client_batch_id={name}"]
    for f in files:
        words += ["-F", f"files=@{f}"]
    begun = datetime.now(timezone.utc)
    subprocess.run([*words, f"http://127.0.0.1:{server.port}{API}/batches"],
                   check=True, timeout=60)
    wait_for(lambda: server.json(f"{API}/batches/{name}")["status"]
             != "processing", 900, 0.5)
    view = server.json(f"{API}/batches/{name}")
    if {f["status"] for f in view["files"]} != {"done"}:
        raise RuntimeError("some pages were not read")
    at = {e["code"]: datetime.fromisoformat(e["timestamp"])
          for e in view["timeline"]}
    return (at["analysis:complete"] - begun).total_seconds()


def rows(bench):
    pages = bench.pick(40, 8)
    folder = pathlib.Path(bench.folder("pages"))
    files = slot_bench.pages(folder, pages, samples)
    ours, least = [], []
    with Server(bench, workers=2) as server:
        vigie(server, files[:4], "warm")
        for n in range(bench.runs):
            least.append(floor(files))
            ours.append(vigie(server, files, f"r{n}"))
    return [compared(f"OCR, {pages} page images, 2 slots: wall time",
                     Spread(ours, "s"), Spread(least, "s"), "<= 1.05",
                     at_most=1.05)]
