"""vigie-admin: what lives in a running server, and orders about batches."""
import json
import os
import pty
import subprocess
import unittest

import samples
from harness import API, BUILD, Server, wait_for
from test_admin import Operator
from test_gemini import Simulator, images, with_gemini

OFF = {"GEMINI_ENABLED": "false"}


def rows(sheet, **how):
    return [a for a in sheet["actors"]
            if all(a[k] == v for k, v in how.items())]


class Actors(unittest.TestCase):
    def test_a_slot_that_hangs_is_shown_as_such(self):
        with Server(workers=1, fault="sleep:60000:slow", env=OFF) as server:
            ops = Operator(server)
            server.post([("slow.txt", samples.NOTE)], "b-1")

            def hangs():
                sheet = ops.json("actors")
                slots = rows(sheet, kind="slot")
                return sheet if slots and slots[0]["no_answer_seconds"] else None
            sheet = wait_for(hangs, 30)
            [slot] = rows(sheet, kind="slot")
            self.assertEqual((slot["node"], slot["number"], slot["message"],
                              slot["busy"]), ("local", 1, "work", True))
            self.assertGreaterEqual(slot["no_answer_seconds"], 1)
            self.assertGreaterEqual(slot["seconds"],
                                    slot["no_answer_seconds"])
            self.assertEqual(sheet["actors"][0], slot, "the first of all")
            kinds = {a["kind"] for a in sheet["actors"]}
            self.assertLessEqual(
                {"front", "pipeline", "metadata", "vision", "text",
                 "worker_hub", "gate", "gate_keeper", "depot", "admin", "looker",
                 "clerk", "inspector",
                 "store_keeper", "printer", "replayer", "broadcaster", "node",
                 "slot"}, kinds)
            for a in sheet["actors"]:
                if a is not slot:
                    self.assertIsNone(a["no_answer_seconds"], a)
                self.assertEqual(a["batch_id"] is None, a["kind"] not in
                                 ("pipeline", "metadata", "vision", "text"))
            self.assertEqual(sheet["total"], len(sheet["actors"]))
            totals = {k["kind"]: k["actors"] for k in sheet["kinds"]}
            self.assertEqual(totals["pipeline"], 1)
            self.narrow(ops)

    def narrow(self, ops):
        self.assertEqual(len(ops.json("actors", "--limit", "2")["actors"]), 2)
        mine = ops.json("actors", "--batch", "b-1")["actors"]
        self.assertEqual({a["kind"] for a in mine},
                         {"pipeline", "metadata", "vision", "text"})
        table = ops.run("actors", "--kind", "SLOT").stdout
        self.assertRegex(table, r"slot 1 +local +- +0 +work +no answer [\d.]+ s")
        self.assertRegex(table, r"\d+ actors, of which 1 are shown")
        top = ops.json("top")
        self.assertEqual([s["stage"] for s in top["stages"]],
                         ["metadata", "vision", "text", "report"])
        self.assertEqual(sum(s["working"] for s in top["stages"]), 1)
        self.assertEqual(top["streams"]["clients"], 0)
        self.assertEqual(top["leased"], 1)

    def test_a_slot_that_was_started_again_has_restarts(self):
        with Server(workers=1, fault="crash:poison", env=OFF) as server:
            ops = Operator(server)
            server.post([("poison.txt", samples.NOTE)], "b")
            server.finished("b", 120)
            [slot] = ops.json("actors", "--kind", "slot")["actors"]
            self.assertEqual(slot["restarts"], 3)
            self.assertEqual(rows(ops.json("actors"), kind="pipeline"), [])

    def test_a_frozen_node_costs_a_row_and_no_answer(self):
        with Server(workers=1, env=OFF) as server:
            ops = Operator(server)
            wait_for(lambda: ops.names() == ["local"], 20)
            os.kill(server.node(), 19)  # SIGSTOP
            try:
                sheet = ops.json("actors")
            finally:
                os.kill(server.node(), 18)
            [node] = [a for a in sheet["actors"] if a["node"] == "local"]
            self.assertEqual((node["kind"], node["no_answer_seconds"]),
                             ("node", 1.8))


class Batches(unittest.TestCase):
    def test_orders_are_seen_in_the_batch(self):
        with Server(workers=1, fault="sleep:60000:slow", env=OFF) as server:
            ops = Operator(server)
            server.post([("slow.txt", samples.NOTE)], "b-1")
            [row] = ops.json("batches")["batches"]
            self.assertEqual((row["batch_id"], row["status"], row["files"]),
                             ("b-1", "processing", 1))
            done = ops.run("cancel", "b-1")
            self.assertEqual((done.returncode, done.stdout),
                             (0, "b-1: cancelled\n"), done.stderr)
            self.assertEqual(server.snapshot("b-1")["status"], "cancelled")
            self.assertEqual(ops.json("batches")["batches"], [])
            self.assertIn("no batches", ops.run("batches").stdout)
            table = ops.run("batches", "--status", "all").stdout
            self.assertRegex(table, r"b-1 +cancelled +20")
            self.refused(ops.run("cancel", "b-1"), "has ended already")
            self.refused(ops.run("cancel", "nobody"), "Batch not found")
            self.assertEqual(ops.json("retry", "b-1"),
                             {"batch_id": "b-1", "status": "processing"})
            self.assertEqual(server.snapshot("b-1")["status"], "processing")
            self.refused(ops.run("retry", "b-1"), "still being processed")
            self.assertIn("admin ops: cancel b-1", server.get_log())

    def refused(self, done, why):
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(why, done.stderr)

    def test_lists_are_bounded(self):
        with Server(workers=0, env=OFF) as server:
            ops = Operator(server)
            for i in range(3):
                server.post([("n.txt", b"quiet")], f"b-{i}")
            told = ops.json("batches", "--limit", "2")
            self.assertEqual(([b["batch_id"] for b in told["batches"]],
                              told["more"]), (["b-2", "b-1"], True))


class Gates(unittest.TestCase):
    def test_gates_are_told(self):
        with Simulator() as sim, Server(env=with_gemini(sim)) as server:
            ops = Operator(server)
            server.post(images(1), "b")
            server.finished("b")
            gates = ops.json("gemini")["gates"]
            self.assertEqual(gates[0]["state"], "open")
            self.assertGreater(gates[0]["day_requests"], 0)
            self.assertIsNone(gates[0]["opens_in_seconds"])
            self.assertIn(gates[0]["model"], ops.run("gemini").stdout)
            callers = ops.json("actors", "--kind", "gemini_caller")["actors"]
            self.assertEqual(sorted(a["number"] for a in callers),
                             list(range(1, len(callers) + 1)))

    def test_without_a_key_there_is_none(self):
        with Server(workers=0, env=OFF) as server:
            ops = Operator(server)
            self.assertEqual(ops.json("gemini"), {"gates": []})
            self.assertIn("Gemini is off", ops.run("gemini").stdout)


class Verify(unittest.TestCase):
    def test_what_is_not_as_stored_is_named_and_exit_code_1(self):
        with Server(workers=1, env=OFF) as server:
            ops = Operator(server)
            for b in ("b-1", "b-2"):
                server.post([("n.txt", b"quiet"), ("m.txt", samples.NOTE)], b)
                self.assertEqual(server.finished(b)["status"], "completed")
            done = ops.run("verify")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertRegex(done.stdout, r"^4 files and 2 reports \(.*\): all "
                                          r"as they were stored\n$")
            stored = server.folder / "st"
            (stored / "b-1" / "n.txt").write_bytes(b"Quiet")
            (stored / "reports" / "report-b-2.pdf").unlink()
            done = ops.run("--json", "verify")
            self.assertEqual(done.returncode, 1)
            told = json.loads(done.stdout)
            self.assertEqual((told["files"], told["reports"]), (4, 2))
            self.assertEqual(told["faults"], [
                {"batch_id": "b-1", "what": "file", "name": "n.txt",
                 "fault": "changed"},
                {"batch_id": "b-2", "what": "report",
                 "name": "report-b-2.pdf", "fault": "missing"}])
            table = ops.run("verify")
            self.assertEqual(table.returncode, 1)
            self.assertRegex(table.stdout, r"b-1 +file +n\.txt +changed")


class Purge(unittest.TestCase):
    def test_a_purged_file_is_gone_and_the_batch_stands(self):
        with Server(workers=1, fault="crash:poison", env=OFF) as server:
            ops = Operator(server)
            server.post([("poison.txt", samples.NOTE), ("n.txt", b"quiet")], "b")
            before = server.finished("b", 120)
            ident = [f["file_id"] for f in before["files"]
                     if f["filename"] == "poison.txt"][0]
            path = server.folder / "st" / "b" / "poison.txt"
            self.assertTrue(path.exists())
            done = ops.run("quarantine", "purge", "b", "poison.txt")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertFalse(path.exists())
            view = server.snapshot("b")
            self.assertEqual(view["status"], "completed")
            self.assertEqual(view["report_hash"], before["report_hash"])
            [said] = [e for e in view["timeline"] if e["code"] == "file:purged"]
            self.assertEqual(said["details"]["document"], "poison.txt")
            self.assertEqual(ops.json("quarantine", "list")["files"], [])
            answer = server.get(f"{API}/ingestion/batches/b/files/{ident}")
            self.assertEqual(answer.status, 404)
            self.assertEqual(ops.run("verify").returncode, 0)
            for words, why in ((("release", "b", "poison.txt"), "was purged"),
                               (("purge", "b", "n.txt"), "not in quarantine"),
                               (("purge", "b", "x"), "holds no file")):
                done = ops.run("quarantine", *words)
                self.assertEqual(done.returncode, 1)
                self.assertIn(why, done.stderr)


class Shells(unittest.TestCase):
    def complete(self, *words):
        script = ("source <(\"$1\" completion bash); shift; "
                  "COMP_WORDS=(vigie-admin \"$@\"); COMP_CWORD=$#; "
                  "_vigie_admin; echo \"${COMPREPLY[*]}\"")
        return subprocess.run(
            ["bash", "-c", script, "bash", BUILD / "vigie-admin", *words],
            capture_output=True, text=True, timeout=15, check=True
        ).stdout.split()

    def test_bash_completes(self):
        self.assertEqual(self.complete("qu"), ["quarantine"])
        self.assertEqual(self.complete("quarantine", ""),
                         ["list", "purge", "release"])
        self.assertEqual(self.complete("--status", "c"),
                         ["completed", "cancelled"])
        self.assertEqual(self.complete("--kind", "st"), ["store_keeper"])
        self.assertIn("--bundle", self.complete("--"))
        self.assertEqual(self.complete("--limit", ""), [])

    def said_on_a_terminal(self, ops, **env):
        mine, theirs = pty.openpty()
        done = subprocess.run(
            [BUILD / "vigie-admin", "--connect", ops.address(), "--bundle",
             ops.bundle, "batches"], stdout=theirs, stdin=subprocess.DEVNULL,
            env={"TERM": "xterm"} | env, timeout=15)
        os.close(theirs)
        out = os.read(mine, 1 << 16).decode()
        os.close(mine)
        self.assertEqual(done.returncode, 0)
        return out

    def test_colour_is_for_terminals_that_want_it(self):
        with Server(workers=0, env=OFF) as server:
            ops = Operator(server)
            server.post([("n.txt", b"quiet")], "b")
            self.assertIn("\x1b[1mBATCH", self.said_on_a_terminal(ops))
            self.assertNotIn("\x1b", self.said_on_a_terminal(ops, NO_COLOR="1"))
            self.assertNotIn("\x1b", ops.run("batches").stdout)
