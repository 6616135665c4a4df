"""Cancel, retry, delete and search, against the real programs."""
import random
import threading
import time
import unittest

import samples
from harness import API, Events, Server, wait_for
from test_gemini import Simulator, images, with_gemini

BATCHES = f"{API}/ingestion/batches"
OFF = {"GEMINI_ENABLED": "false"}


def codes(view):
    return [e["code"] for e in view["timeline"]]


def say(server, batch, what):
    return server.ask("POST", f"{BATCHES}/{batch}/{what}")


def delete(server, batch):
    return server.ask("DELETE", f"{BATCHES}/{batch}")


class Cancel(unittest.TestCase):
    def refused(self, answer, status, kind):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.json()["type"], f"/problems/{kind}")

    def test_what_waits_is_stopped_and_stays_so_over_a_restart(self):
        with Server(workers=0, env=OFF) as server:
            server.post([("n.txt", samples.NOTE)], "w")
            events = Events(server, last_id=0)
            answer = say(server, "w", "cancel")
            self.assertEqual(answer.status, 202)
            view = answer.json()
            self.assertEqual(view["status"], "cancelled")
            self.assertEqual(codes(view)[-1], "pipeline:cancelled")
            told = wait_for(lambda: [d for _, d in list(events.seen)
                                     if d.get("status") == "cancelled"], 10)
            self.assertEqual(told[0]["stage"]["code"], "pipeline:cancelled")
            events.close()
            self.refused(say(server, "w", "cancel"), 409, "batch_ended")
            self.refused(say(server, "nobody", "cancel"), 404, "no_such_batch")
            server.kill()
            server.workers = 1
            server.start()
            self.assertIn(b"0 batches resumed", server.log.read_bytes())
            self.assertEqual(server.snapshot("w")["status"], "cancelled")
            self.assertEqual(say(server, "w", "retry").status, 202)
            view = server.finished("w")
            self.assertEqual(view["status"], "completed")
            self.assertEqual(view["files"][0]["status"], "done")

    def test_the_result_of_a_running_job_is_dropped(self):
        with Server(fault="sleep:2000:slow", env=OFF) as server:
            server.post([("slow.txt", samples.NOTE)], "s")
            time.sleep(1)  # the job is out by now
            self.assertEqual(say(server, "s", "cancel").status, 202)
            before = server.snapshot("s")
            server.post([("n.txt", samples.NOTE)], "next")
            self.assertEqual(server.finished("next")["status"], "completed")
            self.assertEqual(server.snapshot("s")["timeline"],
                             before["timeline"])
            self.assertEqual(server.snapshot("s")["files"][0]["status"],
                             "pending")

    def test_a_batch_that_waits_for_gemini_leaves_the_desk(self):
        with Simulator("--sequence", "429:60") as sim, \
                Server(env=with_gemini(sim)) as server:
            server.post(images(2), "g")
            wait_for(lambda: "gemini:waiting" in codes(server.snapshot("g")),
                     30)

            def waiting():
                board = server.get(f"{API}/gemini/quota").json()
                return board["models"][0]["waiting"]
            self.assertEqual(waiting(), 2)
            view = say(server, "g", "cancel").json()
            self.assertEqual(view["gemini_status"], "failed")
            self.assertIsNone(view["gemini"]["resume_at"])
            wait_for(lambda: waiting() == 0, 5)
            record = server.get(f"{BATCHES}/g/analysis").json()["latest"]
            self.assertEqual(record["warnings"], ["gemini-interrupted"])

    def test_of_cancel_and_completion_exactly_one_wins(self):
        rng = random.Random(5)
        won = {"cancelled": 0, "completed": 0}
        with Server(workers=2, env=OFF) as server:
            server.post([("n.txt", samples.NOTE)], "first")
            server.finished("first")  # the slots are up
            for n in range(40):
                batch = f"r{n}"
                server.post([("n.txt", samples.NOTE)], batch)
                time.sleep(rng.random() * 0.1)
                status = say(server, batch, "cancel").status
                view = server.finished(batch)
                won[view["status"]] += 1
                self.assertEqual(status == 202, view["status"] == "cancelled")
                ends = [c for c in codes(view) if c in
                        ("pipeline:cancelled", "report:available")]
                self.assertEqual(len(ends), 1, ends)
                self.assertEqual(codes(view)[-1], ends[0])
                if status == 202:  # and at once again, whatever was about
                    self.assertEqual(say(server, batch, "retry").status, 202)
                    view = server.finished(batch)
                    self.assertEqual(view["status"], "completed")
                    self.assertEqual(len(view["ocr_texts"]), 1)
            print(f"\n{won}")
            self.assertTrue(all(won.values()), won)


class Retry(unittest.TestCase):
    def test_only_what_failed_is_redone(self):
        with Server(fault="crash:poison", env=OFF) as server:
            server.post([("poison.txt", samples.NOTE),
                         ("log.csv", samples.CSV)], "q")
            first = server.finished("q", 120)
            self.assertEqual(first["status"], "completed")
            self.assertEqual(first["files"][0]["status"], "quarantined")
            server.stop()
            server.fault = None
            server.start()
            answer = say(server, "q", "retry")
            self.assertEqual(answer.status, 202, answer.body)
            self.assertEqual(answer.json()["status"], "processing")
            view = server.finished("q")
            self.assertEqual(view["status"], "completed")
            self.assertEqual([f["status"] for f in view["files"]],
                             ["done", "done"])
            self.assertEqual(view["warnings"], [])
            names = sorted(t["filename"] for t in view["ocr_texts"])
            self.assertEqual(names, ["log.csv", "poison.txt"])
            kept = [o for o in view["observations"]
                    if o["filename"] == "log.csv"]
            self.assertEqual(kept, [o for o in first["observations"]
                                    if o["filename"] == "log.csv"])
            self.assertNotEqual(view["report_hash"], first["report_hash"])
            again = say(server, "q", "retry")
            self.assertEqual(again.status, 409)
            self.assertEqual(again.json()["type"], "/problems/batch_ended")


class Delete(unittest.TestCase):
    def test_nothing_of_a_batch_remains_and_everybody_is_told(self):
        with Server(workers=1, env=OFF) as server:
            root = server.folder / "st"
            server.post([("p.png", samples.flat_png(40, 64, 64))], "d")
            server.post([("n.txt", samples.NOTE)], "kept")
            view = server.finished("d")
            server.finished("kept")
            file = view["files"][0]["file_id"]
            thumbnail = f"{BATCHES}/d/files/{file}/thumbnail"
            self.assertEqual(server.get(thumbnail).status, 200)
            live = Events(server)
            live.ready.wait(10)
            answer = delete(server, "d")
            self.assertEqual((answer.status, answer.body), (204, b""))
            for path in (f"{BATCHES}/d", f"{BATCHES}/d/files/{file}",
                         thumbnail, f"{API}/ingestion/reports/d"):
                self.assertEqual(server.get(path).status, 404, path)
            self.assertEqual(delete(server, "d").status, 404)
            items = server.get(BATCHES).json()["items"]
            self.assertEqual([i["batch_id"] for i in items], ["kept"])
            left = [p for p in root.rglob("*")
                    if p.name == "d" or "report-d" in p.name]
            self.assertEqual(left, [])
            wait_for(lambda: any(d == {"batchId": "d", "status": "deleted"}
                                 for _, d in list(live.seen)), 10)
            live.close()
            server.stop()  # the ring goes, the log stays
            server.start()
            for last in (0, 1, 5):
                replay = Events(server, last_id=last)
                wait_for(lambda: any(d.get("status") == "deleted"
                                     for _, d in list(replay.seen)), 10)
                self.assertEqual(replay.named, [], "no reset")
                if last == 0:
                    # The first event of all says deleted, long before the end.
                    wait_for(lambda: "report:available"
                             in replay.codes("kept"), 10)
                    self.assertEqual(replay.codes("d"), [])
                replay.close()
            server.post([("n.txt", samples.CSV)], "d")
            self.assertEqual(server.finished("d")["status"], "completed")

    def test_a_batch_at_work_is_left_alone(self):
        with Server(workers=0, env=OFF) as server:
            server.post([("n.txt", samples.NOTE)], "b")
            for answer in (delete(server, "b"), say(server, "b", "retry")):
                self.assertEqual(answer.status, 409)
                self.assertEqual(answer.json()["type"],
                                 "/problems/batch_busy")
            self.assertEqual(say(server, "b", "cancel").status, 202)
            self.assertEqual(delete(server, "b").status, 204)

    def test_killed_in_a_deletion_it_is_done_or_not_begun(self):
        rng = random.Random(3)
        with Server(workers=2, env=OFF) as server:
            gone = 0
            for n in range(12):
                batch = f"x{n}"
                server.post([(f"f{i}.txt", samples.NOTE) for i in range(30)],
                            batch)
                say(server, batch, "cancel")

                def ask():
                    try:
                        delete(server, batch)
                    except OSError:
                        pass
                thread = threading.Thread(target=ask)
                thread.start()
                time.sleep(rng.random() * 0.012)
                server.kill()
                thread.join()
                server.start()
                folder = server.folder / "st" / batch
                if server.get(f"{BATCHES}/{batch}").status == 404:
                    gone += 1
                    self.assertFalse(folder.exists())
                else:
                    self.assertEqual(len(list(folder.iterdir())), 30)
                staging = server.folder / "st" / ".staging"
                self.assertEqual(list(staging.iterdir()), [])
            print(f"\n{gone} of 12 deletions were committed")


class Search(unittest.TestCase):
    def test_by_id_and_file_name(self):
        with Server(workers=0, env=OFF) as server:
            server.post([("Évacuation.txt", samples.NOTE)], "Site-A")
            server.post([("100%.txt", samples.NOTE)], "other")

            def found(query):
                answer = server.get(f"{BATCHES}?{query}")
                self.assertEqual(answer.status, 200, answer.body)
                return [i["batch_id"] for i in answer.json()["items"]]
            self.assertEqual(found("q=site"), ["Site-A"])
            self.assertEqual(found("q=%C3%A9VAC"), ["Site-A"])
            self.assertEqual(found("q=%25"), ["other"])
            self.assertEqual(found("q=.txt&limit=1"), ["other"])
            self.assertEqual(found("q=.txt&status=failed"), [])


if __name__ == "__main__":
    unittest.main()
