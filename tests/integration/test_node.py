"""Nodes on other machines: a bundle, an address, and nothing shared."""
import contextlib
import hashlib
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import samples
from harness import BUILD, Node, alive, gate_port, wait_for
from nodes import at_work, codes, core, rows_of, states, together


class Joining(unittest.TestCase):
    def test_a_node_works_without_a_shared_disk(self):
        files = samples.one_of_each()
        with core() as server, Node(server, slots=2) as node:
            server.post(files, "far")
            view = server.finished("far")
            self.assertEqual(view["status"], "completed", view["last_error"])
            self.assertEqual(set(states(view).values()), {"done"})
            for _, data in files:
                sha = hashlib.sha256(data).hexdigest()
                self.assertEqual((node.cache / sha).read_bytes(), data)
            wait_for(lambda: not list(node.temp.glob("slot-*/*/*")), 5)
            self.assertEqual(node.stop(), 0)
            self.assertFalse(list(node.temp.glob("slot-*/*/*")))

    def test_another_version_is_refused_and_both_are_named(self):
        ours = subprocess.run([BUILD / "vigie-worker", "--version"],
                              capture_output=True, text=True).stdout.strip()
        other = "9" * len(ours)
        with core() as server:
            copy = server.folder / "vigie-worker"
            whole = (BUILD / "vigie-worker").read_bytes()
            mark = b"\0" + ours.encode() + b"\0"
            self.assertIn(mark, whole)
            copy.write_bytes(whole.replace(mark, b"\0" + other.encode() + b"\0"))
            copy.chmod(0o755)
            with Node(server, program=copy, joins=False) as node:
                wait_for(lambda: "refused" in node.said(), 20)
                said = node.said()
                self.assertIn(other, said)
                self.assertIn(ours, said)
                self.assertIsNone(node.process.poll())  # an upgrade may come
                time.sleep(3)
                self.assertLess(len(node.said().splitlines()), 5, node.said())

    def test_who_is_revoked_is_refused(self):
        with core() as server:
            bundle = server.bundle("gone")
            self.assertEqual(server.cert("revoke", "gone").returncode, 0)
            time.sleep(2.5)  # a running server follows within two seconds
            with Node(server, "gone", joins=False) as node:
                self.assertEqual(node.bundle, bundle)
                wait_for(lambda: "revoked" in server.log.read_text(), 20)
                time.sleep(1)
                self.assertEqual(node.joins(), 0, node.said())

    def test_who_is_revoked_at_work_is_thrown_out_and_its_job_redone(self):
        with core() as server, \
                Node(server, "bad", fault="sleep:60000:slow") as bad:
            server.post([("slow.txt", samples.NOTE)], "redone")
            at_work(bad)
            with Node(server, "good"):
                server.cert("revoke", "bad")
                since = time.monotonic()
                view = server.finished("redone", 20)
                self.assertLess(time.monotonic() - since, 10)
            self.assertEqual(states(view), {"slow.txt": "done"})
            # What it was at is stopped, and it does not come back.
            wait_for(lambda: not list(bad.temp.glob("slot-*/in/evidence")), 5)
            self.assertEqual(bad.joins(), 1, bad.said())

    def test_garbage_on_the_port_does_not_disturb_who_is_in(self):
        with core() as server, Node(server) as node:
            host, _, port = server.gate.rpartition(":")
            held = []
            for i in range(100):
                s = socket.create_connection((host, int(port)), 5)
                with contextlib.suppress(OSError):
                    s.sendall((b"", b"\0" * 99, b"GET / HTTP/1.0\r\n\r\n",
                               b"\x16\x03\x01\x02\x00" + b"\xff" * 4096)[i % 4])
                held.append(s)
            server.post([("n.txt", samples.NOTE)], "calm")
            view = server.finished("calm", 20)
            for s in held:
                s.close()
            self.assertEqual(view["status"], "completed")
            self.assertEqual(node.joins(), 1, node.said())


class Waiting(unittest.TestCase):
    @staticmethod
    def waits(server, batch, within=15):
        def told():
            view = server.snapshot(batch)
            return [e for e in view["timeline"] if e["code"] == "worker:waiting"]
        return wait_for(told, within)

    def test_without_a_node_a_batch_waits_and_says_so(self):
        with core() as server:
            since = time.monotonic()
            server.post([("n.txt", samples.NOTE)], "patient")
            told = self.waits(server, "patient")
            self.assertGreater(time.monotonic() - since, 4)
            self.assertLess(time.monotonic() - since, 9)
            self.assertEqual(told[0]["details"]["warning"], "no-worker")
            time.sleep(3)
            view = server.snapshot("patient")
            self.assertEqual(view["status"], "processing")
            self.assertEqual(codes(view).count("worker:waiting"), 1)
            with Node(server):
                view = server.finished("patient")
            self.assertEqual(view["status"], "completed")
            self.assertEqual(states(view), {"n.txt": "done"})

    def test_a_node_gets_only_what_it_can_do(self):
        with core() as server, tempfile.TemporaryDirectory() as data:
            english = next(pathlib.Path("/usr/share").glob(
                "tesseract-ocr/*/tessdata/eng.traineddata"))
            (pathlib.Path(data) / english.name).symlink_to(english)
            picture = samples.png(*samples.letters("SECURITE"))
            with Node(server, "english", env={"TESSDATA_PREFIX": data}):
                server.post([("p.png", picture), ("n.txt", samples.NOTE)], "two")
                told = self.waits(server, "two")
                self.assertEqual(told[0]["details"]["warning"],
                                 "no-capable-worker")
                self.assertEqual(told[0]["details"]["needs"],
                                 "ocr:eng ocr:fra")
                view = server.snapshot("two")
                self.assertEqual(view["status"], "processing")
                read = {t["filename"] for t in view["ocr_texts"]}
                self.assertEqual(read, {"n.txt"})
                with Node(server, "both"):
                    view = server.finished("two")
            self.assertEqual(view["status"], "completed")
            texts = {t["filename"]: t["content"] for t in view["ocr_texts"]}
            self.assertIn("SECURITE", texts["p.png"])


class Leaving(unittest.TestCase):
    def test_a_node_drains_within_its_bound_and_costs_no_attempt(self):
        together(self.given_back, self.finished, self.at_once, self.idle,
                 self.while_a_file_travels)

    def given_back(self):
        with core() as server:
            server.post([("slow.txt", samples.NOTE)], "back")
            for _ in range(4):
                with Node(server, fault="sleep:60000:slow",
                          words=("--drain-seconds", 1)) as node:
                    at_work(node)
                    time.sleep(2.2)  # a beat has said that it works on it
                    since = time.monotonic()
                    self.assertEqual(node.stop(), 0)
                    self.assertLess(time.monotonic() - since, 5)
                    self.assertIn("draining: 1 jobs", node.said())
            with Node(server):
                view = server.finished("back")
            self.assertEqual(states(view), {"slow.txt": "done"})
            self.assertNotIn("file:quarantined", codes(view))

    def finished(self):
        with core() as server, Node(server, fault="sleep:3000:slow") as node:
            server.post([("slow.txt", samples.NOTE)], "ended")
            at_work(node)
            self.assertEqual(node.stop(), 0)
            rows = rows_of(server, "SELECT stage, ok, token FROM stage_results "
                                   "WHERE file_id > 0")
            self.assertIn(1, [ok for _, ok, _ in rows], rows)
            self.assertTrue(all(token > 0 for *_, token in rows), rows)

    def at_once(self):
        with core() as server:
            server.post([("slow.txt", samples.NOTE)], "cut")
            for _ in range(3):  # as many as a file may break
                with Node(server, fault="sleep:60000:slow",
                          words=("--drain-seconds", 60)) as node:
                    at_work(node)
                    time.sleep(2.2)  # a beat has said that it works on it
                    slots = node.slot_pids()
                    node.signal(signal.SIGTERM)
                    wait_for(lambda: "draining" in node.said(), 5)
                    time.sleep(1)
                    self.assertIsNone(node.process.poll())
                    self.assertEqual(node.stop(2), 0)
                    wait_for(lambda: not any(map(alive, slots)), 5)
            with Node(server):
                view = server.finished("cut")
            self.assertEqual(states(view), {"slow.txt": "done"})

    def while_a_file_travels(self):
        with core() as server, \
                Node(server, slots=2, fault="sleep:60000:slow",
                     words=("--drain-seconds", 0)) as node:
            server.post([("slow.txt", b"a")], "runs")
            at_work(node)
            server.post([("large.log", samples.LOG * 2_500_000)], "travels")
            wait_for(lambda: list(node.cache.glob("*.part")), 20)
            self.assertEqual(node.stop(5), 0)

    def idle(self):
        with core() as server, Node(server) as node:
            since = time.monotonic()
            self.assertEqual(node.stop(), 0)
            self.assertLess(time.monotonic() - since, 3)


class Returning(unittest.TestCase):
    def test_nodes_come_back_to_a_core_that_was_killed(self):
        files = [("n.txt", samples.NOTE), ("slow.csv", samples.CSV),
                 ("p.png", samples.png(*samples.letters("SECURITE")))]
        with core(gate=f"127.0.0.1:{gate_port()}") as server, \
                Node(server, "node-a", fault="sleep:1000:slow") as a, \
                Node(server, "node-b", fault="sleep:1000:slow") as b:
            for i in range(6):
                server.post(files, f"r{i}")
            slowest = 0.0
            for life in range(2, 7):
                at_work(a)
                server.kill()
                server.start()
                since = time.monotonic()
                wait_for(lambda: a.joins() == b.joins() == life, 5)
                slowest = max(slowest, time.monotonic() - since)
            print(f"\nfive restarts, both back within {slowest:.1f} s")
            self.assertIn("processing", {server.snapshot(f"r{i}")["status"]
                                         for i in range(6)})
            views = [server.finished(f"r{i}", 60) for i in range(6)]
            for view in views:
                self.assertEqual(view["status"], "completed")
                self.assertEqual(set(states(view).values()), {"done"})
                self.assertEqual(codes(view).count("report:available"), 1)
                self.assertEqual(len(view["ocr_texts"]), 3)
            self.assertEqual((a.stop(), b.stop()), (0, 0))
