"""POST of one 500 MB file, and cat to a file + fsync + sha256sum."""
import os
import subprocess
import time

from running import Server, run
from table import Spread, bounded, compared


def floor(bench, source):
    target = bench.temp / "copy"
    begun = time.monotonic()
    with open(target, "wb") as out:
        subprocess.run(["cat", source], stdout=out, check=True, timeout=300)
        os.fsync(out.fileno())
    subprocess.run(["sha256sum", target], stdout=subprocess.DEVNULL,
                   check=True, timeout=300)
    took = time.monotonic() - begun
    target.unlink()
    return took


def made(bench, megabytes):
    """A log of lines: what the sniffer calls text."""
    source = bench.temp / "big.log"
    line = b"2026-01-31T12:00:00Z door 17 opened by badge %012d, granted\n"
    with open(source, "wb") as out:
        for n in range(megabytes):
            piece = b"".join(line % (n * 16_384 + i) for i in range(16_384))
            out.write(piece[:1_000_000])
        out.flush()
        os.fsync(out.fileno())
    return source


def rows(bench):
    megabytes = bench.pick(500, 200)
    source = made(bench, megabytes)
    ours, least, growth = [], [], []
    for _ in range(bench.runs):
        with Server(bench) as server:
            run([bench.tool("post"), server.port, 1, 3, 100_000, ""])
            least.append(megabytes / floor(bench, source))
            server.forget_peak()
            before = server.status_kb("VmRSS")
            got = run([bench.tool("post"), server.port, source])
            if got["failed"]:
                raise RuntimeError("the POST was refused")
            ours.append(megabytes / got["seconds"])
            growth.append((server.status_kb("VmHWM") - before) / 1024)
    name = f"POST of one {megabytes} MB file"
    return [compared(f"{name}: MB/s", Spread(ours, "MB/s"),
                     Spread(least, "MB/s"), ">= 0.8", at_least=0.8),
            bounded(f"{name}: growth of RSS", Spread(growth, "MB"),
                    "flat: <= 8 MB", at_most=8)]
