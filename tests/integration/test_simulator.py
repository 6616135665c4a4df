"""gemini-sim by itself: strict about what it is told, quick to end."""
import http.client
import json
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from harness import BUILD


def ask(port, model="m", key="k"):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        c.request("POST", f"/v1beta/models/{model}:generateContent", b"{}",
                  {"x-goog-api-key": key})
        r = c.getresponse()
        return r.status, json.loads(r.read())
    finally:
        c.close()


class Running:
    def __init__(self, *args):
        self.process = subprocess.Popen(
            [BUILD / "gemini-sim", "--lifetime", "60", *args],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        self.port = int(re.search(r":(\d+)$", line.strip())[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(10)
        self.process.stdout.close()


class GeminiSim(unittest.TestCase):
    def refused(self, *args):
        done = subprocess.run(
            [BUILD / "gemini-sim", "--lifetime", "1", *args],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=20)
        self.assertEqual(done.returncode, 2, (args, done))
        return done.stderr

    def test_a_bad_option_is_named_and_ends_it(self):
        self.assertIn("foo: no such option", self.refused("--foo", "bar"))
        self.assertIn("--rpm: needs a value",
                      self.refused("--rpm", "--seed", "1"))
        for pair in (("--sequence", "nonsense"), ("--sequence", "503:2"),
                     ("--p503", "2"), ("--rpm", "0.5"), ("--rpm", "-1"),
                     ("--listen", "127.0.0.1"), ("--listen", "127.0.0.1:x"),
                     ("--window", "round"), ("--time_scale", "0"),
                     ("--lifetime", "soon"), ("--findings", "9")):
            self.assertIn(pair[1], self.refused(*pair))

    def test_a_bad_scenario_is_named_and_ends_it(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "s.json"
            self.assertIn("cannot read", self.refused("--scenario", file))
            for text in ('[]', '{', '{"storms": [1]}', '{"storms": 3}',
                         '{"storms": [{"from": "x"}]}', '{"rpm": [1, 2]}',
                         '{"rpm": null}', '{"rpm": "many"}',
                         '{"sequence": [503]}', '{"sequence": ["what"]}',
                         '{"latency": [3, 1]}', '{"nonsense": 1}'):
                file.write_text(text)
                self.assertIn("s.json: ", self.refused("--scenario", file))

    def test_no_requests_per_minute_is_no_limit_in_every_window(self):
        for window in ("sliding", "fixed", "bucket"):
            with Running("--rpm", "0", "--window", window) as sim:
                self.assertEqual({ask(sim.port)[0] for _ in range(20)}, {200})

    def test_each_model_has_a_quota_of_its_own(self):
        with Running("--rpd", "1") as sim:
            self.assertEqual([ask(sim.port, m)[0]
                              for m in ("one", "one", "two", "two")],
                             [200, 429, 200, 429])

    def test_it_ends_while_a_reply_hangs(self):
        with Running("--sequence", "hang:30") as sim:
            waiting = threading.Thread(
                target=lambda: self.quietly(sim.port), daemon=True)
            waiting.start()
            time.sleep(0.5)
            began = time.monotonic()
            sim.process.send_signal(signal.SIGTERM)
            self.assertEqual(sim.process.wait(15), 0)
            self.assertLess(time.monotonic() - began, 1)
            waiting.join(10)

    @staticmethod
    def quietly(port):
        try:
            ask(port)
        except (OSError, http.client.HTTPException):
            pass


if __name__ == "__main__":
    unittest.main()
