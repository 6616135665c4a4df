"""kill -9 at any moment: what was acknowledged is finished, once."""
import random
import sqlite3
import time
import unittest

import samples
from harness import Server

BATCHES = 50


class KilledAgainAndAgain(unittest.TestCase):
    def test_fifty_batches_survive_kills_at_random_moments(self):
        rng = random.Random(11)
        files = [("n.txt", samples.NOTE), ("log.csv", samples.CSV),
                 ("p.png", samples.flat_png(20, 64, 64))]
        with Server(workers=2) as server:
            acknowledged, kills = [], 0
            for n in range(BATCHES):
                try:
                    answer = server.post(files, f"k{n}", timeout=10)
                    self.assertEqual(answer.status, 202, answer.body)
                    acknowledged.append(f"k{n}")
                except OSError:
                    pass  # never answered: it may be there or not
                if rng.random() < 0.4:
                    time.sleep(rng.random() * 2)  # slots join within a second
                    server.kill()
                    kills += 1
                    server.start()
            self.assertGreater(kills, 10)
            for batch in acknowledged:
                view = server.finished(batch, 120)
                self.whole(view)
            resumed = sum("pipeline:resumed" in self.codes(server, b)
                          for b in acknowledged)
            print(f"\n{len(acknowledged)} batches, {kills} kills, "
                  f"{resumed} batches resumed")
            self.assertGreater(resumed, 0, "no kill met a batch at work")
            server.stop()
            self.nothing_twice(server.folder / "st" / "vigie.db")
            staging = server.folder / "st" / ".staging"
            self.assertEqual(list(staging.iterdir()), [])

    @staticmethod
    def codes(server, batch):
        return [e["code"] for e in server.snapshot(batch)["timeline"]]

    def whole(self, view):
        self.assertEqual(view["status"], "completed", view["last_error"])
        self.assertEqual({f["status"] for f in view["files"]}, {"done"})
        self.assertEqual(len(view["ocr_texts"]), 3)
        codes = [e["code"] for e in view["timeline"]]
        for once in ("ingestion:received", "metadata:extracted",
                     "analysis:complete", "scoring:complete",
                     "summary:complete", "report:available"):
            self.assertEqual(codes.count(once), 1, codes)
        self.assertEqual(codes.count("ocr:complete"), 3, codes)

    def nothing_twice(self, path):
        db = sqlite3.connect(path)
        for table in ("ocr_texts", "gemini_analyses"):
            key = "batch_id, filename" if table == "ocr_texts" else "batch_id"
            twice = db.execute(f"SELECT {key}, count(*) FROM {table} "
                               f"GROUP BY {key} HAVING count(*) > 1").fetchall()
            self.assertEqual(twice, [])
        different = db.execute(
            "SELECT DISTINCT n FROM (SELECT count(*) AS n FROM "
            "vision_observations GROUP BY batch_id)").fetchall()
        self.assertEqual(len(different), 1, different)
        self.assertEqual(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
        db.close()
