"""Programs under measurement: each has an end, whatever happens."""
import ctypes
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
API = "/api/v1/ingestion"
LIBC = ctypes.CDLL(None)
READY = re.compile(rb"ready on http://[\d.]+:(\d+)")
LONGEST = 900  # seconds; then a program is ended by its pid

# The limits that a load would meet: documented settings, as an operator
# raises them. No key: nothing leaves this machine.
CONFIG = """
[admission]
max_unfinished = 1_000_000
max_unfinished_bytes = 0

[gemini]
enabled = false
"""


def with_us():
    """In the child: it ends when the benchmark does."""
    LIBC.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def start(words, **more):
    """A program that ends with us and after LONGEST seconds at most."""
    p = subprocess.Popen([str(w) for w in words], preexec_fn=with_us, **more)
    clock = threading.Timer(LONGEST, p.kill)
    clock.daemon = True
    clock.start()
    return p


def run(words, lines=None, env=None):
    """Runs a program of tools/bench; its last line is JSON."""
    text = None if lines is None else "\n".join(lines) + "\n"
    done = subprocess.run([str(w) for w in words], input=text, text=True,
                          stdout=subprocess.PIPE, timeout=LONGEST, check=True,
                          env=env, preexec_fn=with_us)
    return json.loads(done.stdout.strip().splitlines()[-1])


class Server:
    """One vigied on a port of its own, with a folder under build/."""

    def __init__(self, bench, workers=0, database=None, storage=None):
        self.folder = pathlib.Path(
            tempfile.mkdtemp(prefix="server-", dir=bench.temp))
        self.storage = storage or self.folder / "st"
        config = self.folder / "vigie.toml"
        text = CONFIG
        if database:
            text += f'\n[storage]\ndatabase = "{database}"\n'
        config.write_text(text)
        self.database = database or self.storage / "vigie.db"
        self.log = self.folder / "log"
        env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
        self.begun = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = start(
                [bench.build / "vigied", "--config", config, "--listen",
                 "127.0.0.1:0", "--remote-listen", "127.0.0.1:0", "--workers",
                 workers, "--storage", self.storage],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        self.pid = self.process.pid
        said = wait_for(lambda: self._ready(), 120, 0.005)
        self.ready_after = time.monotonic() - self.begun
        self.port = int(said[1])
        if workers:
            wait_for(lambda: self.get("/readyz")[0] == 200, 60)

    def _ready(self):
        if self.process.poll() is not None:
            raise RuntimeError("vigied ended: " + self.log.read_text())
        return READY.search(self.log.read_bytes())

    def get(self, path):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            c.request("GET", path)
            r = c.getresponse()
            return r.status, r.read()
        finally:
            c.close()

    def json(self, path):
        return json.loads(self.get(path)[1])

    def status_kb(self, key):
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+)", text, re.M)[1])

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def cpu_seconds(self):
        """Of vigied alone, without its node and slots."""
        stat = pathlib.Path(f"/proc/{self.pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()  # by its own pid; its node goes with it
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(30)
        # Its folder stays until the end of the benchmark: ext4 is slow to make
        # a file where others were deleted in the last minute.


def wait_for(what, within, pause=0.02):
    end = time.monotonic() + within
    while True:
        got = what()
        if got:
            return got
        if time.monotonic() > end:
            raise RuntimeError(f"nothing after {within} s")
        time.sleep(pause)
