"""Gemini under quota: the real server before the simulator."""
import json
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
import pathlib
import unittest

import samples
from harness import API, BUILD, Server, wait_for


class Simulator:
    """One gemini-sim on a port of its own; ends by itself, too."""

    def __init__(self, *args):
        self.folder = tempfile.TemporaryDirectory(prefix="sim-")
        self.log = pathlib.Path(self.folder.name) / "log"
        self.process = subprocess.Popen(
            [BUILD / "gemini-sim", "--lifetime", "300", "--log", self.log,
             *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        self.url = re.search(r"http://\S+", line)[0]

    def arrivals(self):
        return [json.loads(x) for x in self.log.read_text().splitlines()] \
            if self.log.exists() else []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.process.stdout.close()
        self.folder.cleanup()


def with_gemini(sim, key="secret-key-1", **more):
    env = {"GEMINI_BASE_URL": sim.url, "GEMINI_API_KEY": key}
    return env | {k: str(v) for k, v in more.items()}


def images(n, start=40):
    return [(f"p{i}.png", samples.flat_png(start + i, 64, 64))
            for i in range(n)]


def codes(view):
    return [e["code"] for e in view["timeline"]]


def details(view, code):
    return [e["details"] for e in view["timeline"] if e["code"] == code]


class UnderQuota(unittest.TestCase):
    def test_a_batch_is_analysed_and_the_answers_are_paid_once(self):
        with Simulator("--findings", "1") as sim, \
                Server(env=with_gemini(sim)) as server:
            server.post(images(3) + [("n.txt", samples.NOTE),
                                     ("t.bmp", samples.bmp(70, 70, [bytes(
                                         [9, 99, 200] * 70)] * 70))], "a")
            view = server.finished("a")
            self.assertEqual(view["gemini_status"], "ok", view["timeline"])
            self.assertEqual(view["summary"]["source"], "gemini")
            self.assertEqual(view["gemini"]["attempts"], 5)  # 4 and a summary
            seen = [o for o in view["observations"] if o["source"] == "gemini"]
            self.assertTrue(seen)
            for o in seen:
                self.assertTrue(o["label"].startswith("security_"), o)
                self.assertIn("category", o["extra"])
            record = server.get(
                f"{API}/ingestion/batches/a/analysis").json()["latest"]
            self.assertEqual(record["status"], "ok")
            self.assertTrue(record["model_version"])
            self.assertEqual(len(record["raw_response"]), 4)

            # Again, and the same images in another batch: nothing is sent.
            answer = server.ask("POST",
                                f"{API}/ingestion/batches/a/analysis",
                                b'{"requested_by": "tester"}')
            self.assertEqual(answer.status, 202, answer.body)
            self.assertEqual(answer.json()["status"], "pending")
            view = server.finished("a")
            history = server.get(f"{API}/ingestion/batches/a/analysis"
                                 "?include_history=true").json()["history"]
            self.assertEqual([r["requested_by"] for r in history],
                             ["tester", "pipeline:auto"])
            self.assertEqual([r["status"] for r in history], ["ok", "ok"])
            again = [o for o in view["observations"]
                     if o["source"] == "gemini"]
            self.assertEqual(len(again), len(seen), "replaced, not added")
            self.assertTrue(view["report_hash"])
            self.assertTrue(server.get(
                f"{API}/ingestion/reports/a/verify").json()["valid"])
            server.post(images(3), "b")
            server.finished("b")
            self.assertEqual(len({a["hash"] for a in sim.arrivals()}),
                             len(sim.arrivals()), "no request twice")

    def test_killed_in_a_pause_it_asks_once_and_not_before_its_time(self):
        with Simulator("--findings", "1", "--sequence", "429:6") as sim, \
                Server(env=with_gemini(sim, GEMINI_SUMMARY_ENABLED="false")) \
                as server:
            server.post(images(1), "k")
            wait_for(lambda: "gemini:waiting" in codes(server.snapshot("k")),
                     30)
            told = details(server.snapshot("k"), "gemini:waiting")[0]
            self.assertEqual(told["warning"], "gemini-quota-exceeded")
            self.assertGreater(told["remainingBudgetSeconds"], 590)
            deadline = server.snapshot("k")["gemini"]["budget_seconds"]
            server.kill()
            server.start()
            view = server.finished("k", 60)
            self.assertEqual(view["gemini_status"], "ok")
            self.assertIn("gemini", {o["source"]
                                     for o in view["observations"]})
            self.assertEqual(view["gemini"]["attempts"], 2)
            self.assertEqual(view["gemini"]["budget_seconds"], deadline)
            self.assertIn("pipeline:resumed", codes(view))
            first, second = sim.arrivals()
            self.assertGreaterEqual(second["t"] - first["t"], 6.24)
            self.assertLess(second["t"] - first["t"], 9)

    def test_a_spent_day_ends_quota_exceeded_and_the_batch_completes(self):
        with Simulator("--sequence", "ok,429-day:40000,429-day:40000") as sim, \
                Server(env=with_gemini(sim)) as server:
            server.post(images(3), "d")
            view = server.finished("d")
            self.assertEqual(view["status"], "completed")
            self.assertEqual(view["gemini_status"], "quota_exceeded")
            told = details(view, "gemini:quota-exceeded")[0]
            self.assertEqual(told["scope"], "day")
            self.assertIn("resetAt", told)
            self.assertEqual(view["summary"]["source"], "local")
            before = len(sim.arrivals())
            server.post(images(2, 90), "e")
            view = server.finished("e")
            self.assertEqual(view["gemini_status"], "quota_exceeded")
            self.assertEqual(len(sim.arrivals()), before, "the day is spent")
            board = server.get(f"{API}/gemini/quota").json()["models"][0]
            self.assertEqual(board["state"], "day_off")

    def test_another_key_starts_afresh(self):
        with Simulator("--findings", "1", "--sequence", "429-day:40000") \
                as sim, Server(env=with_gemini(sim)) as server:
            server.post(images(1), "one")
            self.assertEqual(server.finished("one")["gemini_status"],
                             "quota_exceeded")
            server.stop()
            server.extra["GEMINI_API_KEY"] = "secret-key-2"
            server.start()
            server.post(images(1, 90), "two")
            self.assertEqual(server.finished("two")["gemini_status"], "ok")
            for file in (server.folder / "st").glob("vigie.db*"):
                self.assertNotIn(b"secret-key", file.read_bytes())

    def test_a_run_survives_a_restart_and_a_clock_that_went_back(self):
        with Simulator("--findings", "1", "--sequence", "429:5,429:1") as sim, \
                Server(env=with_gemini(sim)) as server:
            server.post(images(1), "c")
            wait_for(lambda: "gemini:waiting" in codes(server.snapshot("c")),
                     30)
            server.kill()
            with sqlite3.connect(server.folder / "st" / "vigie.db") as db:
                for column in ("begun_at", "deadline", "waiting_since"):
                    db.execute(f"UPDATE gemini_runs SET {column} = strftime("
                               f"'%Y-%m-%d %H:%M:%f', {column}, '+3 hours')")
            server.start()
            view = server.finished("c")
            self.assertEqual(view["gemini_status"], "ok")
            self.assertAlmostEqual(view["gemini"]["budget_seconds"], 600, 0)
            self.assertLess(view["gemini"]["waited_seconds"], 30)
            self.assertIsNone(view["gemini"]["resume_at"])
            self.assertEqual(view["gemini"]["attempts"], 4)  # and a summary
            told = details(view, "gemini:waiting")
            self.assertEqual([told[0]["attempt"], told[-1]["attempt"]], [2, 3],
                             "the request before the restart counts")
            self.assertLessEqual(told[-1]["remainingBudgetSeconds"], 600)

    def test_a_failed_rerun_keeps_what_was_paid_for(self):
        with Simulator("--findings", "1") as sim, \
                Server(env=with_gemini(sim)) as server:
            def seen():
                return [o for o in server.snapshot("f")["observations"]
                        if o["source"] == "gemini"]
            server.post(images(2), "f")
            server.finished("f")
            before = seen()
            self.assertEqual(len(before), 2)
            server.stop()
            server.extra |= {"GEMINI_API_KEY": "bad-key",
                             "GEMINI_MODEL": "another"}
            server.start()
            server.ask("POST", f"{API}/ingestion/batches/f/analysis")
            self.assertEqual(server.finished("f")["gemini_status"], "failed")
            self.assertEqual(seen(), before)

    def test_a_fallback_is_named_and_logged_once(self):
        with Simulator("--findings", "1", "--models", "next-model") as sim, \
                Server(env=with_gemini(sim, GEMINI_MODEL="gone-model"),
                       config='[gemini]\nfallback_models = ["next-model"]\n') \
                as server:
            server.post(images(3), "n")
            view = server.finished("n")
            self.assertEqual(view["gemini_status"], "ok")
            self.assertEqual(view["gemini_model"], "next-model")
            record = server.get(
                f"{API}/ingestion/batches/n/analysis").json()["latest"]
            self.assertEqual(record["model"], "next-model")
            self.assertEqual(server.log.read_text().count("falling back"), 1)

    def test_required_fails_the_batch_in_plain_words(self):
        with Simulator() as sim, \
                Server(env=with_gemini(sim, key="bad-key",
                                       GEMINI_REQUIRED="true")) as server:
            server.post(images(2), "r")
            view = server.finished("r")
            self.assertEqual(view["status"], "failed")
            self.assertIn("obligatoire", view["last_error"])
            self.assertEqual(codes(view)[-1], "pipeline:error")
            # Both images may be on their way before the first answer.
            asked = len(sim.arrivals())
            self.assertIn(asked, (1, 2))
            server.post(images(2, 90), "later")
            self.assertEqual(server.finished("later")["status"], "failed")
            self.assertEqual(len(sim.arrivals()), asked,
                             "nothing is sent with a key that is refused")
            self.assertNotIn("bad-key", server.log.read_text())
            self.assertNotIn("bad-key", json.dumps(view))

    def test_without_a_key_the_batch_says_so_and_completes(self):
        with Server() as server:
            server.post(images(1), "s")
            view = server.finished("s")
            self.assertEqual(view["gemini_status"], "skipped")
            self.assertEqual(details(view, "gemini:complete")[0]["warning"],
                             "gemini-missing-api-key")
            answer = server.ask("POST", f"{API}/ingestion/batches/s/analysis")
            self.assertEqual(answer.status, 409)
            self.assertEqual(answer.json()["detail"],
                             "Gemini API key missing.")

    def test_the_budget_ends_the_waiting(self):
        with Simulator("--sequence", "503,503,hang:8,hang:8") as sim, \
                Server(env=with_gemini(sim, GEMINI_TIMEOUT_SECONDS_TOTAL="5")) \
                as server:
            began = time.monotonic()
            server.post(images(2), "w")
            view = server.finished("w")
            self.assertLess(time.monotonic() - began, 15)
            self.assertEqual(view["status"], "completed")
            self.assertEqual(view["gemini_status"], "failed",
                             "no quota was in the way")
            record = server.get(
                f"{API}/ingestion/batches/w/analysis").json()["latest"]
            self.assertIn("gemini-unavailable", record["warnings"])
            self.assertEqual(details(view, "gemini:waiting")[0]["warning"],
                             "gemini-unavailable")

    def test_a_stop_waits_no_longer_than_the_drain_may_take(self):
        with Simulator("--sequence", "hang:60,hang:60") as sim, \
                Server(env=with_gemini(sim),
                       config="[server]\ndrain_seconds = 1\n") as server:
            server.post(images(2), "h")
            wait_for(lambda: len(sim.arrivals()) == 2, 20)
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 5)


if __name__ == "__main__":
    unittest.main()
