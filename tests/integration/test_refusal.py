"""Everything that is refused, and that nothing of it remains."""
import socket
import unittest

import samples
from harness import API, BUILD, Server, multipart, wait_for

BATCHES = f"{API}/ingestion/batches"
LIMITS = """[http]
max_file_bytes = 200000
max_batch_bytes = 300000
max_files = 3
[admission]
max_unfinished = 2
"""


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(workers=0, config=LIMITS)
        cls.addClassCleanup(cls.server.close)

    def left_behind(self):
        """What lies in the storage folder and belongs to no batch."""
        st = self.server.folder / "st"
        return [p.name for p in st.iterdir() if p.is_dir()
                and p.name != "reports" and not p.name.startswith(".")
                ] + [p.name for p in (st / ".staging").iterdir()]

    def nothing_remains(self):
        try:
            wait_for(lambda: self.left_behind() == [], 5)
        except AssertionError:
            self.assertEqual(self.left_behind(), [])

    def refused(self, answer, status, words=""):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["content-type"],
                         "application/problem+json")
        detail = answer.json()["detail"]
        self.assertIn(words, detail)
        self.assertNotIn(str(self.server.folder), detail)
        self.nothing_remains()

    def post(self, files, **more):
        return self.server.post(files, **more)

    def test_a_type_that_is_not_accepted(self):
        program = (BUILD / "vigied").read_bytes()[:4096]
        self.refused(self.post([("n.txt", samples.NOTE), ("a.txt", program)]), 400,
                     "Unsupported content type: application/x-")

    def test_no_file(self):
        self.refused(self.post([], batch_id="x"), 422, "files")
        self.refused(self.server.ask("POST", BATCHES, b"{}",
                                     {"Content-Type": "application/json"}),
                     422, "files")

    def test_a_body_that_ends_too_early(self):
        body, kind = multipart([("n.txt", b"x" * 1000)])
        self.refused(self.server.ask("POST", BATCHES, body[:-30],
                                     {"Content-Type": kind}), 400)

    def test_too_large_and_too_many(self):
        self.refused(self.post([("n.txt", b"a" * 200_001)]), 413, "200000")
        self.refused(self.post([(f"{n}.txt", b"a" * 150_000)
                                for n in range(3)]), 413, "300000")
        self.refused(self.post([(f"{n}.txt", b"a") for n in range(4)]), 413, "3")

    def test_a_bad_id(self):
        for bad in (".hidden", "a/b", "x" * 129, "é", "a b"):
            self.refused(self.post([("n.txt", b"hello")], batch_id=bad), 400,
                         "client_batch_id")

    def test_what_is_not_there(self):
        for path in (f"{BATCHES}/none", f"{API}/ingestion/reports/none",
                     f"{BATCHES}/none/files/1", f"{BATCHES}/none/analysis",
                     f"{BATCHES}/..%2f..%2fetc"):
            self.refused(self.server.get(path), 404)

    def test_a_client_that_goes_away(self):
        body, kind = multipart([("n.txt", b"x" * 150_000)])
        head = (f"POST {BATCHES} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode()
        s = socket.create_connection(("127.0.0.1", self.server.port))
        s.sendall(head + body[:100_000])
        staging = self.server.folder / "st" / ".staging"
        wait_for(lambda: any(staging.iterdir()), 5)
        s.close()
        self.nothing_remains()

    def test_names_are_cleaned_and_made_unique(self):
        with Server(workers=0) as server:
            view = server.post([("../../etc/passwd", b"a"), ("n.txt", b"b"),
                                ("n.txt", b"c"), ("..", b"d"),
                                ("C:\\x\\y.txt", b"e")], "names").json()
            self.assertEqual([f["filename"] for f in view["files"]],
                             ["passwd", "n.txt", "n (2).txt", "file", "y.txt"])

    def test_too_many_unfinished_batches(self):
        with Server(workers=0, config=LIMITS) as server:
            for n in range(2):
                self.assertEqual(
                    server.post([("n.txt", b"a")], f"b{n}").status, 202)
            busy = server.post([("n.txt", b"a")], "b2")
            self.assertEqual(busy.status, 429)
            self.assertIn("retry-after", busy.headers)
            self.assertEqual(server.get(f"{BATCHES}/b2").status, 404)
