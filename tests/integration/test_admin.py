"""vigie-admin, beside a running server."""
import contextlib
import json
import re
import socket
import subprocess
import time
import unittest

import samples
from harness import BUILD, Server, wait_for


class Operator:
    """Runs vigie-admin with a bundle of its own."""

    def __init__(self, server, name="ops", role="admin"):
        self.server, self.bundle = server, bundle(server, name, role)

    def address(self):
        log = self.server.log.read_text()
        return "127.0.0.1:" + re.search(r"join on port (\d+)", log)[1]

    def run(self, *words, address=None):
        return run("--connect", address or self.address(),
                   "--bundle", self.bundle, *words)

    def json(self, *words):
        done = self.run("--json", *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def names(self):
        return sorted(n["name"] for n in self.json("nodes")["nodes"])


def run(*words):
    return subprocess.run([BUILD / "vigie-admin", *words], capture_output=True,
                          text=True, timeout=15, stdin=subprocess.DEVNULL)


def bundle(server, name, role="node"):
    subprocess.run([BUILD / "vigied", "cert", name, "--role", role,
                    "--storage", server.folder / "st"],
                   cwd=server.folder, check=True, capture_output=True)
    return server.folder / (name + ".pem")


@contextlib.contextmanager
def node(server, name, address):
    """A vigie-worker of ours; ended by its own pid, if it has not left."""
    log = open(server.folder / (name + ".log"), "wb")
    process = subprocess.Popen(
        [BUILD / "vigie-worker", "--connect", address, "--slots", "1",
         "--bundle", bundle(server, name)],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)
        log.close()


class Quarantine(unittest.TestCase):
    def restart(self, server, fault):
        server.stop()
        server.fault = fault
        server.start()

    def test_a_released_file_is_done_and_nothing_else_is_redone(self):
        with Server(workers=1, fault="crash:poison") as server:
            ops = Operator(server)
            server.post([("poison.txt", samples.NOTE), ("n.txt", b"quiet")], "b")
            first = server.finished("b", 120)
            listed = ops.json("quarantine", "list")
            self.assertFalse(listed["more"])
            [file] = listed["files"]
            self.assertEqual((file["batch_id"], file["filename"]),
                             ("b", "poison.txt"))
            self.assertIn("arrêt brutal", file["reason"])
            event = [e for e in first["timeline"]
                     if e["code"] == "file:quarantined"][0]
            self.assertEqual(event["details"]["message"], file["reason"])
            self.assertRegex(ops.run("quarantine", "list").stdout,
                             r"BATCH +ID +FILE.*\nb +\d+ +poison\.txt +20.*crash")

            self.restart(server, "sleep:60000:poison")
            self.assertEqual(len(ops.json("quarantine", "list")["files"]), 1)
            done = ops.run("quarantine", "release", "b", "poison.txt")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(server.snapshot("b")["status"], "processing")
            self.refused(ops, "still being processed", "b", "poison.txt")

            self.restart(server, None)
            view = server.finished("b")
            self.assertEqual(view["status"], "completed")
            self.assertEqual({f["status"] for f in view["files"]}, {"done"})
            self.assertEqual(view["warnings"], [])
            self.assertNotEqual(view["report_hash"], first["report_hash"])
            read = [e["details"]["document"] for e in view["timeline"]
                    if e["code"] == "ocr:complete"]
            self.assertEqual(sorted(read), ["n.txt", "poison.txt"])
            self.assertEqual(ops.json("quarantine", "list")["files"], [])
            self.refused(ops, "is not in quarantine", "b", "poison.txt")
            self.refused(ops, "holds no file", "b", "other.txt")
            self.refused(ops, "Batch not found", "c", "poison.txt")
            self.assertIn("admin ops: quarantine release c poison.txt",
                          server.log.read_text())

    def refused(self, ops, why, *words):
        done = ops.run("quarantine", "release", *words)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, rf"^vigie-admin: .*{why}.*\n$")


class Nodes(unittest.TestCase):
    def test_nodes_are_listed_and_one_is_drained(self):
        with Server(workers=1) as server:
            ops = Operator(server)
            wait_for(lambda: ops.names() == ["local"], 20)
            with node(server, "node-b", ops.address()) as worker:
                wait_for(lambda: ops.names() == ["local", "node-b"], 20)
                told = ops.json("nodes")
                for n in told["nodes"]:
                    self.assertEqual((n["slots"], n["working"]), (1, 0))
                    self.assertLess(n["silent_seconds"], 10)
                    self.assertGreaterEqual(len(n["boot_id"]), 32)
                self.assertEqual((told["queued"], told["leased"]), (0, 0))
                table = ops.run("nodes").stdout
                self.assertRegex(table, r"(?m)^node-b +\w{8} +[\d.]+ +1 ")
                self.assertIn("2 nodes, 2 slots; 0 jobs queued", table)
                self.assertNotIn("\x1b", table)
                done = ops.run("drain", "node-b")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(worker.wait(30), 0)
                self.assertEqual(ops.names(), ["local"])
            done = ops.run("drain", "node-b")
            self.assertEqual(done.returncode, 1)
            self.assertIn("no node of this name", done.stderr)


class Refusals(unittest.TestCase):
    def test_only_a_bundle_of_role_admin_gives_orders(self):
        with Server(workers=0) as server:
            done = Operator(server, "node-a", "node").run("nodes")
            self.assertEqual(done.returncode, 1)
            self.assertIn("role node gives no orders", done.stderr)
            ops = Operator(server)
            self.assertEqual(ops.names(), [])
            subprocess.run([BUILD / "vigied", "cert", "revoke", "ops",
                            "--storage", server.folder / "st"],
                           check=True, capture_output=True)
            done = wait_for(lambda: (d := ops.run("nodes")).returncode and d, 5)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"^vigie-admin: .+\n$")

    def test_what_makes_no_sense_is_exit_code_2(self):
        with Server(workers=0) as server:
            ops = Operator(server)
            for words in ([], ["top", "all"], ["nodes", "all"], ["drain"],
                          ["quarantine"], ["quarantine", "release", "b"],
                          ["drain", ""], ["--colour", "nodes"]):
                self.bad(ops.run(*words))
            self.bad(run("nodes"))
            self.bad(run("--connect", "nowhere", "--bundle", "x", "nodes"))
            self.bad(run("--connect", ops.address(), "--bundle", "/no", "nodes"))
        self.assertEqual(run("--help").returncode, 0)
        self.assertRegex(run("--version").stdout, r"^\d+\.\d+\.\d+\n$")

    def bad(self, done):
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.args)
        self.assertRegex(done.stderr, r"^vigie-admin: .+\n$")

    def test_a_server_that_is_not_there_is_told_within_ten_seconds(self):
        with Server(workers=0) as server, socket.socket() as silent:
            ops = Operator(server)
            silent.bind(("127.0.0.1", 0))
            here = "127.0.0.1:%d" % silent.getsockname()[1]
            for listens in (False, True):
                if listens:
                    silent.listen()
                before = time.monotonic()
                done = ops.run("nodes", address=here)
                self.assertLess(time.monotonic() - before, 10)
                self.assertEqual(done.returncode, 1)
                self.assertIn(here, done.stderr)
