"""Metrics, readiness and log lines of the real server."""
import json
import re
import signal
import subprocess
import time
import unittest

import samples
from harness import (API, BUILD, SOURCE, Events, Server, multipart, wait_for)
from test_disk import fill, small_disk
from test_gemini import Simulator, images, with_gemini

NO_GEMINI = {"GEMINI_ENABLED": "false"}
SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def scrape(server):
    """{(name, frozenset of labels): value}"""
    answer = server.get("/metrics")
    assert answer.status == 200, answer.body
    out = {}
    for line in answer.body.decode().splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        out[name, frozenset(LABEL.findall(labels or ""))] = float(value)
    return out


def value(figures, name, **labels):
    return figures.get((name, frozenset(labels.items())), 0.0)


class Figures(unittest.TestCase):
    def test_counts_move_by_the_right_amount(self):
        with Server(env=NO_GEMINI) as server:
            before = scrape(server)

            def moved(name, **labels):
                return (value(scrape(server), name, **labels)
                        - value(before, name, **labels))
            files = [("private-name.txt", samples.NOTE),
                     ("other.txt", samples.NOTE + b"more")]
            server.post(files, "b")
            self.assertEqual(server.finished("b")["status"], "completed")
            self.assertEqual(moved("vigie_batches_accepted_total"), 1)
            self.assertEqual(moved("vigie_files_accepted_total"), 2)
            self.assertEqual(moved("vigie_evidence_bytes_total"),
                             sum(len(data) for _, data in files))
            wait_for(lambda: moved("vigie_batches_ended_total",
                                   status="completed") == 1, 10)
            for stage, n in (("metadata", 2), ("text", 2)):
                self.assertEqual(moved("vigie_stage_duration_seconds_count",
                                       stage=stage, outcome="ok"), n)
                self.assertEqual(moved("vigie_stage_wait_seconds_count",
                                       stage=stage), n)
            self.assertEqual(moved("vigie_stage_duration_seconds_count",
                                   stage="report", outcome="ok"), 1)
            self.assertGreater(
                moved("vigie_store_commit_duration_seconds_count"), 3)
            route = {"route": f"{API}/ingestion/batches", "method": "POST"}
            self.assertEqual(moved("vigie_http_requests_total", status="2xx",
                                   **route), 1)
            # A refusal is a request and nothing else.
            refused = server.post([("x.exe", b"MZ\x90\0" + b"\0" * 600)], "c")
            self.assertEqual(refused.status, 400, refused.body)
            wait_for(lambda: moved("vigie_http_requests_total", status="4xx",
                                   **route) == 1, 10)
            self.assertEqual(moved("vigie_batches_accepted_total"), 1)
            self.assertEqual(moved("vigie_uploads_in_progress"), 0)
            now = scrape(server)
            self.assertEqual(value(now, "vigie_batches_unfinished"), 0)
            for kind, n in (("front", 1), ("gate_keeper", 1), ("pipeline", 0),
                            ("janitor", 0)):
                self.assertEqual(now["vigie_actors", frozenset(
                    {("kind", kind)})], n, kind)
            self.assertNotIn(("vigie_actors", frozenset({("kind", "slot")})),
                             now)
            self.assertEqual(value(now, "vigie_nodes", state="able"), 1)
            self.assertEqual(value(now, "vigie_slots"), 1)
            self.assertEqual(value(now, "vigie_door_peers"), 1)
            self.assertGreater(value(now, "vigie_storage_free_bytes"), 0)
            self.assertGreater(value(now, "vigie_database_size_bytes"), 0)
            self.assertGreater(value(now, "process_resident_memory_bytes"), 1e6)
            self.assertLess(abs(value(now, "process_start_time_seconds")
                                - time.time()), 120)
            self.assertEqual(sum(v for (name, _), v in now.items() if name
                                 == "vigie_scrape_parts_missing_total"), 0)

    def test_a_stream_is_a_client_and_its_events_are_counted(self):
        with Server(env=NO_GEMINI) as server:
            events = Events(server)
            events.ready.wait(10)
            wait_for(lambda: value(scrape(server), "vigie_sse_clients") == 1,
                     10)
            server.post([("n.txt", samples.NOTE)], "b")
            server.finished("b")
            wait_for(lambda: value(scrape(server),
                                   "vigie_sse_events_sent_total")
                     == len(events.seen) > 0, 10)
            events.close()
            wait_for(lambda: value(scrape(server), "vigie_sse_clients") == 0,
                     10)

    def test_labels_are_of_closed_lists(self):
        with Server(env=NO_GEMINI) as server:
            for n in range(40):
                server.get(f"{API}/ingestion/batches/secret-{n}")
                server.get(f"/secret/{n}")
                server.ask("BREW", f"/secret/{n}")
            server.post([("private-name.txt", samples.NOTE)], "secret-b")
            server.finished("secret-b")
            text = server.get("/metrics").body.decode()
            self.assertNotIn("secret", text)
            self.assertNotIn("private", text)
            series = len(scrape(server))
            for n in range(40, 80):
                server.get(f"{API}/ingestion/batches/secret-{n}")
            self.assertEqual(len(scrape(server)), series)


class Gemini(unittest.TestCase):
    def test_a_pause_shows_with_its_reason(self):
        with Simulator("--sequence", "429:30,429:30") as sim, \
                Server(env=with_gemini(sim)) as server:
            server.post(images(1), "b")

            def paused():
                now = scrape(server)
                return now if value(now, "vigie_gemini_gate_state",
                                    model="gemini-3.8-flash",
                                    state="paused") == 1 else None
            now = wait_for(paused, 30)
            left = value(now, "vigie_gemini_pause_remaining_seconds",
                         model="gemini-3.8-flash")
            self.assertTrue(5 < left <= 40, left)
            self.assertEqual(
                value(now, "vigie_gemini_requests_total", outcome="minute"), 1)
            self.assertEqual(value(now, "vigie_gemini_requests_waiting",
                                   model="gemini-3.8-flash"), 1)


class Readiness(unittest.TestCase):
    def test_a_full_disk_is_a_reason(self):
        with small_disk(48) as folder, \
                Server(folder, env=NO_GEMINI) as server:
            wait_for(lambda: server.get("/readyz").json()["reasons"] == [], 30)
            ballast = fill(folder, leave=4 << 20)
            answer = server.get("/readyz")
            self.assertEqual(answer.status, 503)
            self.assertEqual(answer.json(), {"status": "not-ready",
                                             "reasons": ["disk-low"]})
            self.assertEqual(server.get("/livez").status, 200)
            ballast.unlink()
            self.assertEqual(server.get("/readyz").status, 200)

    def test_a_drain_is_a_reason(self):
        with Server(fault="sleep:3000:slow", env=NO_GEMINI) as server:
            server.post([("slow.txt", samples.NOTE)], "a")
            time.sleep(1.5)  # the slot has it
            server.process.send_signal(signal.SIGTERM)
            answer = wait_for(lambda: (lambda a: a if a.status == 503
                                       else None)(server.get("/readyz")), 5)
            self.assertEqual(answer.json()["status"], "not-ready")
            self.assertIn("draining", answer.json()["reasons"])
            self.assertEqual(server.get("/livez").status, 200)
            self.assertEqual(server.process.wait(30), 0)


class Lines(unittest.TestCase):
    TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

    def test_json_lines_parse_and_name_the_request(self):
        with Server(env=NO_GEMINI,
                    config='[log]\nformat = "json"\n') as server:
            answer = server.ask(
                "POST", f"{API}/ingestion/batches?q=secret",
                *self.upload("private-name.txt"))
            self.assertEqual(answer.status, 202, answer.body)
            self.assertEqual(answer.headers["x-request-id"], "req-1")
            self.assertIn(self.TRACE, answer.headers["traceparent"])
            server.finished("b")
            server.get(f"{API}/ingestion/batches/private-name.txt")
            self.assertEqual(server.stop(), 0)
            lines = [json.loads(x) for x in server.get_log().splitlines()]
            self.assertEqual({x["program"] for x in lines},
                             {"vigied", "vigie-worker"})
            for x in lines:
                self.assertRegex(x["time"], r"^\d{4}-.*Z$")
                self.assertIn(x["level"], ("info", "warning"))
            mine = [x for x in lines if x.get("request_id") == "req-1"]
            self.assertEqual(len(mine), 1)
            self.assertEqual(mine[0]["route"], f"{API}/ingestion/batches")
            self.assertEqual(mine[0]["method"], "POST")
            self.assertEqual(mine[0]["status"], 202)
            self.assertEqual(mine[0]["batch"], "b")
            self.assertEqual(mine[0]["traceparent"],
                             answer.headers["traceparent"])
            self.assertEqual(mine[0]["bytes"], len(answer.body))
            self.assertTrue(0 < mine[0]["duration_seconds"] < 60)
            self.assertTrue([x for x in lines if x.get("node") == "local"])
            for word in ("private-name", "secret", "Extincteur"):
                self.assertNotIn(word, server.get_log())

    def upload(self, name):
        body, kind = multipart([(name, samples.NOTE)], "b")
        return body, {"Content-Type": kind, "X-Request-Id": "req-1",
                      "traceparent": f"00-{self.TRACE}-00f067aa0ba902b7-01"}

    def test_text_lines_begin_as_scripts_know_them(self):
        with Server(env=NO_GEMINI) as server:
            server.get("/livez", X_Request_Id="req-2")
            wait_for(lambda: "request_id=req-2" in server.get_log(), 10)
            self.assertRegex(server.get_log(),
                             r"(?m)^vigied: ready on http://127\.0\.0\.1:\d+ ")
            self.assertRegex(server.get_log(), r"(?m)^vigied: GET /livez 200 "
                                               r".* at=\d{4}-\S+Z$")

    def test_a_level_leaves_out_what_is_below(self):
        done = subprocess.run(
            [BUILD / "vigied", "--log-level", "loud"], capture_output=True,
            text=True, timeout=30)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--log-level: \"loud\" is none of debug, info, warning, "
                      "error", done.stderr)


class Shipped(unittest.TestCase):
    """What the dashboard and the alerts ask for exists."""
    WORDS = {"by", "sum", "rate", "increase", "max", "min", "histogram_quantile",
             "le", "and", "or", "unless", "on", "without", "time", "for",
             "avg", "changes", "ignoring", "group_left", "clamp_min"}

    def names_in(self, expression):
        bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|\([^()]*\)(?= *\()", "",
                      re.sub(r"\b(by|without|on|ignoring) *\([^)]*\)", "",
                             expression))
        return set(re.findall(r"\b[a-z][a-z0-9_]{2,}\b", bare)) - self.WORDS

    def expressions(self):
        board = json.loads((SOURCE / "config/grafana/vigie.json").read_text())
        for panel in board["panels"]:
            for target in panel.get("targets", []):
                yield panel["title"], target["expr"]
        alerts = (SOURCE / "config/prometheus/alerts.yml").read_text()
        for name, expr in re.findall(
                r"- alert: (\w+)\n\s+expr: (.+)\n", alerts):
            yield name, expr

    def test_every_metric_that_is_asked_for_is_exported(self):
        config = "[gemini]\nrpm = 15\ntpm = 1000000\nrpd = 100\n"
        with Simulator() as sim, \
                Server(env=with_gemini(sim), config=config) as server:
            server.post(images(1), "b")
            server.finished("b")
            text = server.get("/metrics").body.decode()
            exported = set(re.findall(r"(?m)^# TYPE (\S+) (?:gauge|counter)$",
                                      text))
            for name in re.findall(r"(?m)^# TYPE (\S+) histogram$", text):
                exported |= {f"{name}_{x}" for x in ("bucket", "sum", "count")}
            found = 0
            for where, expr in self.expressions():
                for name in self.names_in(expr):
                    found += 1
                    self.assertIn(name, exported | {"up"}, f"{where}: {expr}")
            self.assertGreater(found, 30)
            self.check_labels(server)

    def check_labels(self, server):
        """Every label value that is selected by `=` is one that exists."""
        there = {}
        for (name, labels) in scrape(server):
            for key, text in labels:
                there.setdefault((name, key), set()).add(text)
        for where, expr in self.expressions():
            for name, inner in re.findall(r"(vigie_\w+)\{([^}]*)\}", expr):
                for key, text in re.findall(r'(\w+)="([^"]*)"', inner):
                    if (name, text) == ("vigie_http_requests_total", "5xx"):
                        continue  # there once it has happened
                    self.assertIn(text, there.get((name, key), ()),
                                  f"{where}: {expr}")
