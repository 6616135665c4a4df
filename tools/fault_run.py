#!/usr/bin/env python3
"""Batches go in while a random process is killed every second: the server, a
remote node or a slot. The server and the remote nodes are started again, as a
supervisor would; slots and the server's own node start again by themselves.
Then nobody is killed any more, and what was acknowledged must be there, once.

Usage: fault_run.py BUILD [--batches 300] [--seconds 240] [--settle 240]
                    [--seed 1]
Exit code: 0 PASS, 1 FAIL."""
import argparse
import collections
import contextlib
import hashlib
import http.client
import os
import pathlib
import random
import sqlite3
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("build", type=pathlib.Path)
    p.add_argument("--batches", type=int, default=300)
    p.add_argument("--seconds", type=int, default=240, help="of killing, at most")
    p.add_argument("--settle", type=int, default=240,
                   help="seconds to finish afterwards, at most")
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


class Client(threading.Thread):
    """Sends each batch until it is acknowledged, at an even pace."""

    def __init__(self, run, count, seconds):
        super().__init__(daemon=True)
        self.run_, self.count, self.pace = run, count, seconds / count
        self.acknowledged, self.refused = {}, 0

    def files(self, n):
        mark = f"Visite {n}\n".encode()
        all_of_them = [
            ("photo.png", samples.png(*samples.letters("SECURITE"))),
            ("note.txt", samples.NOTE + mark), ("log.csv", samples.CSV),
            ("text.pdf", samples.pdf_with_text(f"Zone {n}")),
            ("note.docx", samples.docx(f"Porte {n}")), ("run.log", samples.LOG + mark)]
        return all_of_them[n % 3:][:3]

    def run(self):
        begun = time.monotonic()
        for n in range(self.count):
            time.sleep(max(0, begun + n * self.pace - time.monotonic()))
            self.send(f"f{n:03}", self.files(n))

    def send(self, name, files):
        """The same id with the same bytes may be sent again: it is one batch."""
        while not self.run_.over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer = self.run_.core.post(files, name, timeout=20)
                if answer.status in (200, 202):
                    self.acknowledged[name] = [f for f, _ in files]
                    return
                self.refused += 1
            time.sleep(0.3)


class Run:
    def __init__(self, options):
        self.options, self.rng = options, random.Random(options.seed)
        self.over = threading.Event()
        self.kills = collections.Counter()
        self.core = harness.Server(workers=1, env={"GEMINI_ENABLED": "false"},
                                   gate=f"127.0.0.1:{harness.gate_port()}")
        self.nodes = [harness.Node(self.core, name) for name in ("node-a", "node-b")]

    def victims(self):
        """One kind is as likely as another."""
        local = harness.children_of(self.core.process.pid)
        slots = [pid for parent in (*local, *(n.process.pid for n in self.nodes))
                 for pid in harness.children_of(parent)]
        return {"core": [self.core.process.pid], "local node": local,
                "node": [n.process.pid for n in self.nodes], "slot": slots}

    def kill_one(self):
        kind, pids = self.rng.choice([v for v in self.victims().items() if v[1]])
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.rng.choice(pids), 9)
            self.kills[kind] += 1

    def supervise(self):
        """Starts again what has ended."""
        if self.core.process.poll() is not None:
            self.core.start()
        for node in self.nodes:
            if node.process.poll() is not None:
                node.start(joins=False)

    def storm(self):
        client = Client(self, self.options.batches, self.options.seconds * 0.8)
        client.start()
        end = time.monotonic() + self.options.seconds
        while time.monotonic() < end and not self.is_done(client):
            second = time.monotonic() + 1
            self.kill_one()
            time.sleep(0.1)  # death is not instant
            self.supervise()
            time.sleep(max(0, second - time.monotonic()))
        self.supervise()
        client.join(30)  # the last ones, undisturbed
        self.over.set()
        return client

    def is_done(self, client):
        return not client.is_alive() and not self.unfinished(client.acknowledged)

    def unfinished(self, names):
        """Not ended, as one read of the database sees it."""
        ended = dict(self.rows("SELECT id, status FROM audit_batches WHERE status "
                               "IN ('completed', 'failed', 'cancelled')"))
        return [n for n in names if n not in ended]

    def settle(self, names):
        """Batches that are still at work at the end of the time."""
        end = time.monotonic() + self.options.settle
        while (left := self.unfinished(names)) and time.monotonic() < end:
            self.supervise()
            time.sleep(0.2)
        return left

    def rows(self, question):
        db = sqlite3.connect(f"file:{self.core.folder}/st/vigie.db?mode=ro",
                             uri=True, timeout=10)
        with contextlib.closing(db):
            return db.execute(question).fetchall()

    def lost(self, acknowledged):
        """Files whose row or bytes are not there."""
        have = {(b, f): (path, sha) for b, f, path, sha in self.rows(
            "SELECT batch_id, filename, stored_path, checksum_sha256 "
            "FROM batch_files")}
        out = []
        for batch, names in acknowledged.items():
            for name in names:
                path, sha = have.get((batch, name), (None, None))
                file = self.core.folder / "st" / (path or "?")
                if not file.is_file() or hashlib.sha256(
                        file.read_bytes()).hexdigest() != sha:
                    out.append((batch, name))
        return out

    def twice(self):
        """Rows that stand more than once."""
        keys = {"ocr_texts": "batch_id, filename",
                "vision_observations": "batch_id, filename, label, class_name, extra",
                "gemini_analyses": "batch_id", "batch_files": "batch_id, filename"}
        out = []
        for table, key in keys.items():
            out += self.rows(f"SELECT '{table}', {key}, count(*) FROM {table} "
                             f"GROUP BY {key} HAVING count(*) > 1")
        once = "('report:available', 'scoring:complete', 'analysis:complete')"
        return out + self.rows("SELECT batch_id, code, count(*) FROM "
                               f"processing_events WHERE code IN {once} "
                               "GROUP BY 1, 2 HAVING count(*) > 1")

    def close(self):
        for node in self.nodes:
            node.close()
        self.core.close()


def tell(run, client, left, storm_took, settle_took):
    files = sum(map(len, client.acknowledged.values()))
    lost, twice = run.lost(client.acknowledged), run.twice()
    status = collections.Counter(
        s for i, s in run.rows("SELECT id, status FROM audit_batches")
        if i in client.acknowledged)
    quarantined = run.rows("SELECT batch_id, filename FROM batch_files "
                           "WHERE status = 'quarantined'")
    whole = run.rows("PRAGMA integrity_check")[0][0] == "ok"
    good = (not lost and not left and not twice and whole
            and len(client.acknowledged) == run.options.batches
            and set(status) == {"completed"})
    kills = ", ".join(f"{n} {kind}" for kind, n in sorted(run.kills.items()))
    print(f"batches            {len(client.acknowledged)} acknowledged of "
          f"{run.options.batches}: {dict(status)}\n"
          f"files              {files} acknowledged, {len(lost)} lost\n"
          f"stuck              {len(left)} batches\n"
          f"quarantined        {len(quarantined)} files\n"
          f"rows that are twice {len(twice)}\n"
          f"kills              {sum(run.kills.values())}: {kills}\n"
          f"time               {storm_took:.0f} s under fire, done "
          f"{settle_took:.1f} s after it\n{'PASS' if good else 'FAIL'}")
    for what in (*lost, *left, *twice, *quarantined):
        print(" ", what)
    return good


def main(options):
    run = Run(options)
    try:
        begun = time.monotonic()
        client = run.storm()
        ceased = time.monotonic()
        left = run.settle(client.acknowledged)
        good = tell(run, client, left, ceased - begun, time.monotonic() - ceased)
        return 0 if good else 1
    finally:
        run.over.set()
        run.close()


if __name__ == "__main__":
    wishes = arguments()
    os.environ["TEST_BUILD"] = str(wishes.build.resolve())
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(HERE.parent / "tests" / "integration"))
    import harness
    import samples
    sys.exit(main(wishes))
