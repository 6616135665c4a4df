"""The real binaries on real sockets: start, talk, kill. Whatever the server says
is checked against the API's document."""
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid

import openapi

BUILD = pathlib.Path(os.environ["TEST_BUILD"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
API = "/api/v1"
DOCUMENT = openapi.Document(SOURCE / "build" / "web" / "dist" / "openapi.json")
READY = re.compile(rb"ready on http://[\d.]+:(\d+)")


class Server:
    """One vigied on a port and a folder of its own; killed by its own pid."""

    def __init__(self, folder=None, workers=1, fault=None, config="", env=None,
                 gate="127.0.0.1:0", host=None, program=None):
        """host: what starts programs and opens sockets elsewhere; config: a
        text, or the path of a file that is there."""
        self.host = host or Here()
        self.gate_wish = gate  # with a port: a start after a kill keeps it
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="vigie-"))
        self.owns = folder is None
        self.workers, self.fault, self.extra = workers, fault, env or {}
        self.program = program or BUILD / "vigied"
        self.config = self.folder / "vigie.toml"
        if isinstance(config, pathlib.Path):
            self.config = config
        else:
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
                [*self.host.prefix, self.program, "--config", self.config,
                 "--listen", "127.0.0.1:0", "--remote-listen", self.gate_wish,
                 "--workers", str(self.workers),
                 "--storage", self.folder / "st"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        self.port = int(wait_for(self._ready, 30)[1])
        said = self.log.read_text()
        self.gate = (self.gate_wish.rpartition(":")[0] + ":"
                     + re.search(r"join on port (\d+)", said)[1])

    def _ready(self):
        if self.process.poll() is not None:
            raise AssertionError("vigied ended: " + self.log.read_text())
        return READY.search(self.log.read_bytes())

    def children(self):
        """Processes of the slots: children of the server's own node."""
        nodes = children_of(self.process.pid)
        return children_of(nodes[0]) if nodes else []

    def node(self):
        """Process of the server's own node."""
        return wait_for(lambda: children_of(self.process.pid), 10)[0]

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

    def cert(self, *words):
        """`vigied cert`, beside the server."""
        return subprocess.run(
            [BUILD / "vigied", "cert", *words, "--storage", self.folder / "st"],
            cwd=self.folder, capture_output=True, text=True, timeout=30)

    def token(self, *words):
        """`vigied token`, beside the server."""
        return subprocess.run(
            [BUILD / "vigied", "token", *words, f"--storage={self.folder}/st"],
            cwd=self.folder, capture_output=True, text=True, timeout=30)

    def add_token(self, name, role, *words):
        """Answers the headers that come in by a new token."""
        done = self.token("add", name, f"--role={role}", *words)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return {"Authorization": f"Bearer {done.stdout.strip()}"}

    def bundle(self, name):
        done = self.cert(name)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return self.folder / f"{name}.pem"

    # -- HTTP

    def ask(self, method, path, body=None, headers=None, timeout=60):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            with self.host:
                c.connect()
            c.request(method, path, body, headers or {})
            r = c.getresponse()
            answer = Answer(r.status, {k.lower(): v for k, v in r.getheaders()},
                            r.read())
        finally:
            c.close()
        DOCUMENT.check_answer(method, path, answer.status, answer.headers,
                              answer.body)
        return answer

    def get(self, path, **headers):
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.ask("GET", path, headers=named)

    def post(self, files, batch_id=None, timeout=60, headers=None):
        """files: [(name, bytes)]; answers the answer."""
        body, kind = multipart(files, batch_id)
        return self.ask("POST", f"{API}/ingestion/batches", body,
                        {"Content-Type": kind} | (headers or {}), timeout)

    def get_log(self):
        return self.log.read_text()

    def snapshot(self, batch_id):
        return self.get(f"{API}/ingestion/batches/{batch_id}").json()

    def finished(self, batch_id, within=60):
        """The snapshot once the batch has ended."""
        def ended():
            view = self.snapshot(batch_id)
            return view if view["status"] != "processing" else None
        return wait_for(ended, within)

    def status(self, key):
        return status_of(self.process.pid, key)


class Here:
    """Programs run and sockets are opened where the tests run."""
    prefix = ()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def gate_port():
    """A free one outside the range of outgoing connections: while a server is
    down nobody gets its port by chance."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", port))
            return port


class Node:
    """One vigie-worker as on another machine: a bundle and an address are all
    that it shares with the server."""

    def __init__(self, server, name="node-a", slots=1, fault=None, env=None,
                 program=None, words=(), host=None, joins=True):
        self.server, self.name, self.slots = server, name, slots
        self.host = host or Here()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vigie-node-"))
        self.cache, self.temp = self.folder / "cache", self.folder / "temp"
        self.bundle = server.folder / f"{name}.pem"
        if not self.bundle.exists():
            server.bundle(name)
        self.program = program or BUILD / "vigie-worker"
        self.words = [str(w) for w in words]
        self.env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
        self.env |= {"TMPDIR": str(self.folder)} | (env or {})
        if fault:
            self.env["VIGIE_FAULT"] = fault
        self.log = self.folder / "log"
        try:
            self.start(joins)
        except BaseException:  # nobody else would end it
            self.close()
            raise

    def start(self, joins=True):
        with open(self.log, "ab") as log:
            begun = log.tell()
            self.process = subprocess.Popen(
                [*self.host.prefix, self.program, "--connect", self.server.gate,
                 "--bundle", self.bundle, "--slots", str(self.slots),
                 "--cache", self.cache, "--temp", self.temp, *self.words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env)
        if joins:
            wait_for(lambda: b"joined " in self.log.read_bytes()[begun:], 30)

    def said(self):
        return self.log.read_text(errors="replace")

    def joins(self):
        return self.said().count("joined ")

    def slot_pids(self):
        return children_of(self.process.pid)

    def signal(self, number, slots=False):
        """To the node; with slots, to all processes of this machine."""
        self.process.send_signal(number)
        for pid in self.slot_pids() if slots else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self):
        self.process.kill()
        self.process.wait(30)

    def stop(self, within=40):
        """SIGTERM; answers the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    def close(self):
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def status_of(pid, key):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{key}:\s+(\d+)", text, re.M)[1])


def alive(pid):
    """A zombie does not count."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def children_of(pid):
    pids = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            pids += [int(x) for x in task.read_text().split()]
    return pids


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

    def __init__(self, server, last_id=None, query="", headers=None):
        self.seen = []  # (id, data) of unnamed events with data
        self.named = []
        self.closed = threading.Event()
        self.socket = socket.create_connection(("127.0.0.1", server.port), 30)
        head = f"GET {API}/ingestion/events{query} HTTP/1.1\r\nHost: vigie\r\n"
        if last_id is not None:
            head += f"Last-Event-ID: {last_id}\r\n"
        for name, value in (headers or {}).items():
            head += f"{name}: {value}\r\n"
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
            if event or data:
                DOCUMENT.check_event(event, "\n".join(data))
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
