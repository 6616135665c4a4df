"""Slots are processes: busy, broken, slow, orphaned."""
import os
import signal
import time
import unittest

import samples
from harness import API, Events, Server, alive, children_of, wait_for
from test_admin import Operator


class Slots(unittest.TestCase):
    def test_the_post_returns_at_once_while_every_slot_is_busy(self):
        with Server(workers=1, fault="sleep:60000:slow") as server:
            server.post([("slow.txt", b"a")], "held")
            # The slot has the job when the job's file is the only one in work.
            wait_for(lambda: len(server.children()) == 1, 10)
            events = Events(server)
            events.ready.wait(10)
            before = time.monotonic()
            answer = server.post([("n.txt", b"b")], "waits")
            took = time.monotonic() - before
            self.assertEqual(answer.status, 202)
            self.assertLess(took, 5)
            self.assertEqual(server.snapshot("waits")["status"], "processing")
            wait_for(lambda: events.codes("waits"), 5)
            self.assertEqual(server.get(f"{API}/health").status, 200)
            events.close()

    def test_a_file_that_kills_its_slot_is_quarantined_and_the_rest_goes_on(self):
        with Server(workers=1, fault="crash:poison") as server:
            server.post([("poison.txt", b"a"), ("n.txt", samples.NOTE)], "bad")
            view = server.finished("bad", 120)
            state = {f["filename"]: f["status"] for f in view["files"]}
            self.assertEqual(view["status"], "completed")
            self.assertEqual(state, {"poison.txt": "quarantined",
                                     "n.txt": "done"})
            codes = [e["code"] for e in view["timeline"]]
            self.assertEqual(codes.count("file:quarantined"), 1)
            self.assertTrue(view["warnings"])
            self.assertTrue(view["observations"])

    def test_a_job_has_a_wall_clock_limit(self):
        limit = "[workers]\njob_timeout_seconds = 1\nmax_broken_leases = 2\n"
        with Server(fault="sleep:600000:slow", config=limit) as server:
            server.post([("slow.txt", b"a"), ("n.txt", b"b")], "late")
            view = server.finished("late", 120)
            state = {f["filename"]: f["status"] for f in view["files"]}
            self.assertEqual(state, {"slow.txt": "quarantined", "n.txt": "done"})

    def test_a_slot_that_is_killed_is_replaced_and_its_job_redone(self):
        with Server(fault="sleep:1500:slow") as server:
            server.post([("slow.txt", samples.NOTE)], "again")
            slot = wait_for(server.children, 10)[0]
            time.sleep(1)
            os.kill(slot, 9)
            view = server.finished("again", 60)
            self.assertEqual(view["files"][0]["status"], "done")
            self.assertEqual(view["status"], "completed")

    def test_the_servers_node_comes_back_after_a_signal(self):
        with Server(workers=1) as server:
            for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
                wait_for(lambda: server.children(), 20)
                before = server.node()
                os.kill(before, number)
                wait_for(lambda: server.node() not in (before, None), 20)
            server.post([("n.txt", samples.NOTE)], "b")
            self.assertEqual(server.finished("b")["status"], "completed")
            self.assertEqual(server.get_log().count("is started again"), 3)
            self.assertEqual(server.stop(), 0)
            self.assertEqual(server.get_log().count("is started again"), 3)

    def test_a_drained_node_of_the_server_stays_away_and_readiness_says_so(self):
        with Server(workers=1) as server:
            def ready():
                answer = server.get("/readyz")
                self.assertEqual(answer.status, 200, answer.body)
                return answer.json()["reasons"]
            wait_for(lambda: ready() == [], 20)
            pid = server.node()
            done = Operator(server).run("drain", "local")
            self.assertEqual(done.returncode, 0, done.stderr)
            wait_for(lambda: not alive(pid), 20)
            wait_for(lambda: ready() == ["no-worker"], 5)
            time.sleep(1)
            self.assertEqual(children_of(server.process.pid), [])
            self.assertIn("a restart brings it back", server.get_log())

    def test_slots_die_with_the_server(self):
        with Server(workers=2) as server:
            slots = wait_for(lambda: len(server.children()) == 2
                             and server.children(), 10)
            slots.append(server.node())
            server.kill()
            wait_for(lambda: not any(map(alive, slots)), 10)

    def test_a_stranger_without_a_certificate_does_not_hurt(self):
        import re
        import socket
        with Server(workers=1) as server:
            port = int(re.search(r"join on port (\d+)",
                                 server.log.read_text())[1])
            for junk in (b"", b"\0" * 200, b"GET / HTTP/1.0\r\n\r\n",
                         b"\xff" * 4096):
                with socket.create_connection(("127.0.0.1", port), 5) as s:
                    s.sendall(junk)
            server.post([("n.txt", samples.NOTE)], "well")
            self.assertEqual(server.finished("well")["status"], "completed")
