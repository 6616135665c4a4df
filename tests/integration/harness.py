"""The real binaries on real sockets: start, talk, kill. Standard library only."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid

BUILD = pathlib.Path(os.environ["VIGIE_BUILD"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
API = "/api/v1"
READY = re.compile(rb"ready on http://127\.0\.0\.1:(\d+)")


class Server:
    """One vigied on a port and a folder of its own; killed by its own pid."""

    def __init__(self, folder=None, workers=1, fault=None, config="", env=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="vigie-"))
        self.owns = folder is None
        self.workers, self.fault, self.extra = workers, fault, env or {}
        self.config = self.folder / "vigie.toml"
        self.config.write_text(config)
        self.process = None
        self.start()

    def start(self):
        env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
        env |= self.extra
        if self.fault:
            env["VIGIE_FAULT"] = self.fault
        # Its own log file: a pipe that nobody reads would block the server.
        self.log = self.folder / "log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [BUILD / "vigied", "--config", self.config,
                 "--listen", "127.0.0.1:0", "--remote-listen", "127.0.0.1:0",
                 "--workers", str(self.workers),
                 "--storage", self.folder / "st"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        self.port = int(wait_for(self._ready, 30)[1])

    def _ready(self):
        if self.process.poll() is not None:
            raise AssertionError("vigied ended: " + self.log.read_text())
        return READY.search(self.log.read_bytes())

    def children(self):
        path = f"/proc/{self.process.pid}/task"
        pids = []
        for task in pathlib.Path(path).glob("*/children"):
            with contextlib.suppress(OSError):
                pids += [int(x) for x in task.read_text().split()]
        return pids

    def kill(self):
        self.process.kill()
        self.process.wait(30)

    def stop(self):
        """SIGTERM; answers the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def close(self):
        if self.process.poll() is None:
            self.kill()
        if self.owns:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # -- HTTP

    def ask(self, method, path, body=None, headers=None, timeout=60):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            c.request(method, path, body, headers or {})
            r = c.getresponse()
            return Answer(r.status, {k.lower(): v for k, v in r.getheaders()},
                          r.read())
        finally:
            c.close()

    def get(self, path, **headers):
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.ask("GET", path, headers=named)

    def post(self, files, batch_id=None, timeout=60):
        """files: [(name, bytes)]; answers the answer."""
        body, kind = multipart(files, batch_id)
        return self.ask("POST", f"{API}/ingestion/batches", body,
                        {"Content-Type": kind}, timeout)

    def snapshot(self, batch_id):
        return self.get(f"{API}/ingestion/batches/{batch_id}").json()

    def finished(self, batch_id, within=60):
        """The snapshot once the batch has ended."""
        def ended():
            view = self.snapshot(batch_id)
            return view if view["status"] != "processing" else None
        return wait_for(ended, within)

    def status(self, key):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+)", text, re.M)[1])


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


def multipart(files, batch_id=None, field="files"):
    edge = uuid.uuid4().hex
    out = bytearray()
    if batch_id is not None:
        out += (f"--{edge}\r\nContent-Disposition: form-data; "
                f'name="client_batch_id"\r\n\r\n{batch_id}\r\n').encode()
    for name, data in files:
        out += (f"--{edge}\r\nContent-Disposition: form-data; "
                f'name="{field}"; filename="{name}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n").encode()
        out += data + b"\r\n"
    out += f"--{edge}--\r\n".encode()
    return bytes(out), f"multipart/form-data; boundary={edge}"


def wait_for(what, within):
    """Asks until `what` answers something; fails after `within` seconds."""
    end = time.monotonic() + within
    while True:
        got = what()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError(f"nothing after {within} s")
        time.sleep(0.02)


class Events:
    """One SSE connection, read in a thread of its own."""

    def __init__(self, server, last_id=None, query=""):
        self.seen = []  # (id, data) of unnamed events with data
        self.named = []
        self.closed = threading.Event()
        self.socket = socket.create_connection(("127.0.0.1", server.port), 30)
        head = f"GET {API}/ingestion/events{query} HTTP/1.1\r\nHost: vigie\r\n"
        if last_id is not None:
            head += f"Last-Event-ID: {last_id}\r\n"
        self.socket.sendall((head + "\r\n").encode())
        self.socket.settimeout(None)
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        stream = self.socket.makefile("rb")
        with contextlib.suppress(OSError, ValueError):
            self._parse(stream)
        self.closed.set()
        self.ready.set()

    def _parse(self, stream):
        for line in stream:  # the head
            if line == b"\r\n":
                break
        event, ident, data = None, None, []
        for line in stream:
            line = line.rstrip(b"\n").decode()
            name, _, value = line.partition(": ")
            if line:
                event = value if name == "event" else event
                ident = value if name == "id" else ident
                if name == "data":
                    data.append(value)
                continue
            if event:
                self.named.append((event, "\n".join(data)))
            elif data:
                self.seen.append((int(ident), json.loads("\n".join(data))))
            self.ready.set()  # the priming event counts
            event, data = None, []

    def codes(self, batch_id):
        return [d["stage"]["code"] for _, d in list(self.seen)
                if d["batchId"] == batch_id and "stage" in d]

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)
        self.socket.close()
