"""One batch of every kind of file, from the POST to the report."""
import hashlib
import unittest
import uuid

import samples
from harness import API, Events, Server

BATCHES = f"{API}/ingestion/batches"


class ABatchOfEveryKind(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(workers=2, env={"GEMINI_ENABLED": "false"})
        cls.addClassCleanup(cls.server.close)
        cls.events = Events(cls.server)
        cls.addClassCleanup(cls.events.close)
        cls.events.ready.wait(10)
        cls.files = samples.one_of_each()
        cls.posted = cls.server.post(cls.files, "every-kind")
        cls.view = cls.server.finished("every-kind")

    def file(self, name):
        return next(f for f in self.view["files"] if f["filename"] == name)

    def text(self, name):
        return next(t for t in self.view["ocr_texts"] if t["filename"] == name)

    def test_the_post_is_accepted_with_the_snapshot(self):
        self.assertEqual(self.posted.status, 202)
        self.assertEqual(self.posted.headers["location"],
                         f"{BATCHES}/every-kind")
        body = self.posted.json()
        self.assertEqual(body["status"], "processing")
        self.assertEqual(body["timeline"], [])

    def test_every_file_is_done_and_its_hash_is_that_of_the_bytes(self):
        self.assertEqual(self.view["status"], "completed", self.view)
        for name, data in self.files:
            file = self.file(name)
            self.assertEqual(file["status"], "done", file)
            self.assertEqual(file["checksum_sha256"],
                             hashlib.sha256(data).hexdigest())
            self.assertEqual(file["size_bytes"], len(data))
            got = self.server.get(f"{BATCHES}/every-kind/files/{file['file_id']}")
            self.assertEqual(got.body, data, name)

    def test_exif_is_told(self):
        told = self.file("photo.jpg")["metadata"]
        self.assertTrue(told["captured_at"].startswith("2026-11-20T10:11:12"))
        self.assertEqual(told["camera"], "Acme Lens 9")
        self.assertAlmostEqual(told["gps"]["latitude"], 48.5)
        self.assertAlmostEqual(told["gps"]["longitude"], 2.25)

    def test_texts_are_read(self):
        self.assertIn("Rapport de visite", self.text("text.pdf")["content"])
        self.assertIn("INCENDIE", self.text("scan.pdf")["content"])
        self.assertIn("SECURITE", self.text("photo.png")["content"])
        self.assertIn("coupe-feu", self.text("note.docx")["content"])
        self.assertIn("secours bloquée", self.text("note.doc")["content"])
        self.assertIn("Détecteur de fumée", self.text("latin1.txt")["content"])

    def test_notes_and_logs_yield_observations(self):
        seen = {(o["filename"], o["label"]) for o in self.view["observations"]}
        for wanted in (("note.txt", "incendie"), ("latin1.txt", "incendie"), ("note.doc", "incendie"),
                       ("log.csv", "access_control")):
            self.assertIn(wanted, seen)
        self.assertGreater(self.view["risk_score"]["total_score"], 0)

    def test_the_same_picture_twice_is_noticed(self):
        classes = [o["class_name"] for o in self.view["observations"]]
        self.assertIn("duplicate-near", classes)

    def test_the_timeline_is_what_the_stream_said(self):
        told = [e["code"] for e in self.view["timeline"]]
        self.assertEqual(told, self.events.codes("every-kind"))
        self.assertEqual(told[0], "ingestion:received")
        self.assertEqual(told[-1], "report:available")
        steps = [e["progress"] for e in self.view["timeline"]
                 if e["progress"] is not None]
        self.assertEqual(steps, sorted(steps))
        self.assertEqual(steps[-1], 100)
        end = self.events.seen[-1][1]
        self.assertEqual(end["status"], "completed")
        self.assertEqual(end["reportHash"], self.view["report_hash"])

    def test_the_report_is_a_pdf_of_the_hash_that_was_told(self):
        url = f"{API}/ingestion/reports/every-kind"
        report = self.server.get(url)
        self.assertEqual(report.headers["content-type"], "application/pdf")
        self.assertTrue(report.body.startswith(b"%PDF-"))
        self.assertEqual(hashlib.sha256(report.body).hexdigest(),
                         self.view["report_hash"])
        self.assertTrue(self.server.get(url + "/verify").json()["valid"])
        part = self.server.get(url, Range="bytes=0-9")
        self.assertEqual((part.status, part.body), (206, report.body[:10]))

    def test_pictures_have_thumbnails(self):
        for name in ("photo.png", "photo.jpg", "photo.webp", "scan.pdf"):
            small = self.server.get(f"{BATCHES}/every-kind/files/"
                                    f"{self.file(name)['file_id']}/thumbnail")
            self.assertEqual(small.status, 200, name)
            self.assertTrue(small.body.startswith(b"\xff\xd8"))

    def test_gemini_is_said_to_be_disabled(self):
        self.assertEqual(self.view["gemini_status"], "disabled")
        record = self.server.get(f"{BATCHES}/every-kind/analysis").json()
        self.assertEqual(record["latest"]["requested_by"], "pipeline:auto")

    def test_an_unchanged_snapshot_is_not_sent_again(self):
        first = self.server.get(f"{BATCHES}/every-kind")
        again = self.server.get(f"{BATCHES}/every-kind",
                                If_None_Match=first.headers["etag"])
        self.assertEqual((again.status, again.body), (304, b""))

    def test_the_same_post_again_redoes_nothing(self):
        again = self.server.post(self.files, "every-kind")
        self.assertEqual(again.status, 202)
        self.assertEqual(again.json()["report_hash"], self.view["report_hash"])
        other = self.server.post([("other.txt", b"other")], "every-kind")
        self.assertEqual(other.status, 409)
        self.assertEqual(self.server.snapshot("every-kind")["timeline"],
                         self.view["timeline"])


class HealthAndLists(unittest.TestCase):
    def test_health_readiness_and_pages(self):
        with Server() as server:
            self.assertEqual(server.get(f"{API}/health").json(), {"status": "ok"})
            self.assertEqual(server.get("/livez").status, 200)
            self.assertEqual(server.get("/readyz").status, 200)
            ids = [str(uuid.uuid4()) for _ in range(5)]
            for batch in ids:
                server.post([("n.txt", b"rien a dire")], batch)
            found, path = [], f"{BATCHES}?limit=2"
            while path:
                page = server.get(path).json()
                found += [x["batch_id"] for x in page["items"]]
                cursor = page["next_cursor"]
                path = cursor and f"{BATCHES}?limit=2&cursor={cursor}"
            self.assertEqual(found, ids[::-1])
