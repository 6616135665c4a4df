"""SIGTERM while work is under way: what runs is kept, nothing is done twice."""
import http.client
import re
import signal
import socket
import sqlite3
import time
import unittest

import samples
from harness import API, Events, Server, multipart, wait_for
from test_gemini import Simulator, images, with_gemini


def rows(server, sql):
    with sqlite3.connect(server.folder / "st" / "vigie.db") as db:
        return db.execute(sql).fetchall()


def codes(view):
    return [e["code"] for e in view["timeline"]]


def begins(server, word="jobs of workers", within=20):
    """SIGTERM, and the server says what it waits for."""
    server.process.send_signal(signal.SIGTERM)
    wait_for(lambda: word.encode() in server.log.read_bytes(), within)


class Draining(unittest.TestCase):
    def test_a_running_stage_is_committed_and_not_redone(self):
        with Server(fault="sleep:3000:slow") as server:
            server.post([("slow.txt", samples.NOTE)], "a")
            time.sleep(1.5)  # the slot has it
            begins(server)
            self.assertEqual(server.get("/livez").status, 200)
            ready = server.get("/readyz")
            self.assertEqual(ready.status, 503)
            self.assertIn("draining", ready.json()["reasons"])
            refused = server.post([("n.txt", samples.NOTE)], "b")
            self.assertEqual(refused.status, 503, refused.body)
            self.assertIn("retry-after", refused.headers)
            again = server.ask("POST", f"{API}/ingestion/batches/a/retry")
            self.assertEqual(again.status, 503, again.body)
            self.assertEqual(server.snapshot("a")["status"], "processing")
            self.assertEqual(server.process.wait(30), 0)
            done = rows(server, "SELECT stage, created_at FROM stage_results")
            self.assertEqual([stage for stage, _ in done], ["metadata"])
            self.assertEqual(server.get_log().count("drained: everything"), 1)
            server.fault = None
            server.start()
            view = server.finished("a")
            self.assertEqual(view["status"], "completed")
            self.assertEqual(codes(view).count("pipeline:resumed"), 1)
            self.assertEqual(codes(view).count("metadata:extracted"), 1)
            self.assertIn(done[0], rows(
                server, "SELECT stage, created_at FROM stage_results"))
            self.assertEqual(server.get(
                f"{API}/ingestion/batches/b").status, 404)

    def test_a_job_that_hangs_does_not_break_the_bound(self):
        with Server(fault="sleep:60000:slow",
                    config="[server]\ndrain_seconds = 2\n") as server:
            server.post([("slow.txt", samples.NOTE)], "a")
            time.sleep(1.5)
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            took = time.monotonic() - began
            print(f"\ndrained in {took:.1f} s")
            self.assertLess(took, 7)
            self.assertGreater(took, 1.9)
            server.fault = None
            server.start()
            self.assertEqual(server.finished("a")["status"], "completed")

    def test_a_second_signal_ends_at_once(self):
        with Server(fault="sleep:60000:slow") as server:
            server.post([("slow.txt", samples.NOTE)], "a")
            time.sleep(1.5)
            begins(server)
            began = time.monotonic()
            server.process.send_signal(signal.SIGINT)
            self.assertEqual(server.process.wait(5), 0)
            self.assertLess(time.monotonic() - began, 1)
            server.fault = None
            server.start()
            self.assertEqual(server.finished("a")["status"], "completed")

    def test_an_idle_server_stops_within_two_seconds(self):
        with Server() as server:
            server.post([("n.txt", samples.NOTE)], "a")
            server.finished("a")
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 2)

    def test_a_call_that_is_out_is_stored_and_not_paid_again(self):
        with Simulator("--latency", "4-4", "--findings", "1") as sim, \
                Server(env=with_gemini(
                    sim, GEMINI_SUMMARY_ENABLED="false")) as server:
            server.post(images(1), "a")
            wait_for(lambda: len(sim.arrivals()) == 1, 30)
            begins(server, "calls of Gemini")
            self.assertEqual(server.process.wait(30), 0)
            self.assertEqual(rows(
                server, "SELECT count(*) FROM model_answers"), [(1,)])
            server.start()
            view = server.finished("a")
            self.assertEqual(view["gemini_status"], "ok", view["timeline"])
            self.assertEqual(len(sim.arrivals()), 1, "paid twice")

    def test_a_batch_that_waits_for_quota_does_not_hold_it_up(self):
        with Simulator("--rpm", "1", "--findings", "1") as sim, \
                Server(env=with_gemini(sim)) as server:
            server.post(images(3), "a")
            wait_for(lambda: "gemini:waiting" in codes(server.snapshot("a")),
                     60)
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 3)


class StreamsAtTheEnd(unittest.TestCase):
    def test_every_stream_is_told_when_to_come_back_then_closed(self):
        with Server() as server:
            streams = [socket.create_connection(
                ("127.0.0.1", server.port), 30) for _ in range(40)]
            for s in streams:
                s.sendall(f"GET {API}/ingestion/events HTTP/1.1\r\n"
                          "Host: vigie\r\n\r\n".encode())
                self.assertIn(b"200", s.recv(4096))
            self.assertEqual(server.stop(), 0)
            waits = []
            for s in streams:
                text = b""
                while more := s.recv(4096):  # until EOF, never a reset
                    text += more
                waits.append(int(re.findall(rb"retry: (\d+)\n\n", text)[-1]))
                s.close()
            self.assertGreater(len(set(waits)), 35, waits)
            self.assertTrue(all(1000 <= w <= 10_000 for w in waits), waits)

    def test_a_reader_that_takes_nothing_does_not_hold_it_up(self):
        with Server() as server:
            mute = socket.socket()
            mute.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            mute.connect(("127.0.0.1", server.port))
            mute.sendall(f"GET {API}/ingestion/events?last_event_id=0 HTTP/1.1"
                         "\r\nHost: vigie\r\n\r\n".encode())
            server.post([(f"{i}.txt", samples.NOTE) for i in range(200)], "a")
            server.finished("a", 120)
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 5)
            mute.close()


class UploadsAtTheEnd(unittest.TestCase):
    def test_an_upload_under_way_is_refused_at_its_next_bytes(self):
        with Server(fault="sleep:4000:slow") as server:
            server.post([("slow.txt", samples.NOTE)], "a")
            time.sleep(1)
            body, kind = multipart([("big.txt", b"x" * 4_000_000)], "b")
            c = http.client.HTTPConnection("127.0.0.1", server.port,
                                           timeout=30)
            c.putrequest("POST", f"{API}/ingestion/batches")
            c.putheader("Content-Type", kind)
            c.putheader("Content-Length", str(len(body)))
            c.endheaders()
            c.send(body[:100_000])
            begins(server)
            c.send(body[100_000:200_000])
            answer = c.getresponse()
            self.assertEqual(answer.status, 503)
            self.assertIsNotNone(answer.getheader("Retry-After"))
            c.close()
            self.assertEqual(server.process.wait(30), 0)
            self.assertEqual(
                list((server.folder / "st" / ".staging").iterdir()), [])


if __name__ == "__main__":
    unittest.main()
