"""What goes wrong on a node, and what it may cost."""
import os
import pathlib
import shutil
import signal
import time
import unittest

import samples
from harness import Node, Server, alive, children_of, status_of, wait_for
from nodes import (BATCHES, NO_GEMINI, at_work, cmdline, codes, core, rows_of,
                   states, together)
from test_admin import Operator


class Lost(unittest.TestCase):
    def test_a_file_that_the_core_has_lost_is_an_outcome(self):
        with core() as server:
            server.post([("n.txt", samples.NOTE), ("lost.log", samples.LOG)],
                        "holes")
            for kept in (server.folder / "st").rglob("*"):
                if kept.is_file() and kept.read_bytes() == samples.LOG:
                    kept.unlink()
            with Node(server):
                view = server.finished("holes", 20)
            self.assertEqual(view["status"], "completed")
            self.assertEqual(states(view)["n.txt"], "done")
            self.assertIn("checksum-mismatch", str(view["warnings"]))

    def test_a_node_that_cannot_keep_files_leaves_them_to_others(self):
        with core() as server, Node(server, "full") as full:
            shutil.rmtree(full.cache)
            server.post([("n.txt", samples.NOTE)], "elsewhere")
            wait_for(lambda: "cannot fetch a file" in full.said(), 10)
            time.sleep(5)
            self.assertLess(len(full.said().splitlines()), 9, full.said())
            self.assertEqual(server.snapshot("elsewhere")["status"],
                             "processing")
            with Node(server, "good"):
                view = server.finished("elsewhere", 30)
            self.assertEqual(states(view), {"n.txt": "done"})


class Stopping(unittest.TestCase):
    def test_a_cancel_stops_the_process_on_the_node(self):
        with core() as server, Node(server, fault="sleep:60000:slow") as node:
            server.post([("slow.txt", samples.NOTE)], "off")
            at_work(node)
            slot, = node.slot_pids()
            answer = server.ask("POST", f"{BATCHES}/off/cancel")
            self.assertEqual(answer.status, 202, answer.body)
            wait_for(lambda: not alive(slot), 3)
            self.assertEqual(server.snapshot("off")["status"], "cancelled")
            server.post([("n.txt", samples.NOTE)], "on")
            self.assertEqual(server.finished("on")["status"], "completed")

    def test_what_stands_still_is_redone(self):
        together(self.a_slot, self.a_machine)

    def a_slot(self):
        with core() as server, Node(server, fault="sleep:2500:slow") as node:
            server.post([("slow.txt", samples.NOTE)], "still")
            at_work(node)
            slot, = node.slot_pids()
            os.kill(slot, signal.SIGSTOP)
            view = server.finished("still", 60)
            self.assertEqual(states(view), {"slow.txt": "done"})
            self.assertFalse(alive(slot))

    def a_machine(self):
        with core() as server, \
                Node(server, "frozen", fault="sleep:4000:slow") as frozen:
            server.post([("slow.txt", samples.NOTE)], "moved")
            at_work(frozen)
            with Node(server, "other") as other:
                time.sleep(2.2)
                frozen.signal(signal.SIGSTOP, slots=True)
                since = time.monotonic()
                view = server.finished("moved", 30)
                took = time.monotonic() - since
                self.assertLess(took, 15)
                before = self.results(server)
                self.assertEqual(states(view), {"slow.txt": "done"})
                time.sleep(max(0.0, 22 - took))  # longer than CAF bears
                frozen.signal(signal.SIGCONT, slots=True)
                time.sleep(5)  # its result comes, and is for nobody
                self.assertEqual(self.results(server), before)
                self.assertEqual(server.snapshot("moved"), view)
                self.assertEqual(frozen.joins(), 2, frozen.said())
                other.stop()
                server.post([("n.txt", samples.NOTE)], "again")
                view = server.finished("again", 30)
                self.assertEqual(view["status"], "completed")
                self.assertEqual(states(view), {"n.txt": "done"})

    @staticmethod
    def results(server):
        return rows_of(server, "SELECT * FROM stage_results")


class Limits(unittest.TestCase):
    def test_what_misbehaves_is_given_up_and_the_rest_goes_on(self):
        together(self.flood, self.spin, self.eat)

    def given_up(self, fault, config=""):
        """Peak memory of core and node, kB."""
        with core(config=config) as server, \
                Node(server, fault=f"{fault}:poison") as node:
            server.post([("poison.txt", b"a"), ("n.txt", samples.NOTE)], "b")
            view = server.finished("b", 90)
            self.assertEqual(view["status"], "completed", view["last_error"])
            self.assertEqual(states(view), {"poison.txt": "quarantined",
                                            "n.txt": "done"})
            self.assertEqual(codes(view).count("file:quarantined"), 1)
            self.assertEqual(node.joins(), 1, node.said())
            return (server.status("VmHWM"),
                    status_of(node.process.pid, "VmHWM"), str(view))

    def flood(self):
        core_peak, node_peak, view = self.given_up("flood")
        self.assertLess(core_peak, 150_000)
        self.assertLess(node_peak, 150_000)
        self.assertIn("hors limites", view)

    def spin(self):
        since = time.monotonic()
        *_, view = self.given_up("spin", "[workers]\njob_cpu_seconds = 2\n")
        self.assertLess(time.monotonic() - since, 60)
        self.assertIn("temps de calcul", view)

    def eat(self):
        core_peak, node_peak, _ = self.given_up("eat",
                                                "[workers]\nmemory_mb = 900\n")
        self.assertLess(core_peak, 150_000)
        self.assertLess(node_peak, 150_000)

    def test_the_cache_keeps_its_limit(self):
        logs = [(f"{i}.log", samples.LOG * 12_000 + b"%d\n" % i)
                for i in range(4)]
        large = ("large.log", samples.LOG * 40_000)
        self.assertGreater(len(logs[0][1]), 650_000)
        with core() as server, \
                Node(server, slots=2, words=("--cache-mb", 1)) as node:
            server.post([*logs, large], "tight")
            view = server.finished("tight", 60)
            self.assertEqual(set(states(view).values()), {"done"})
            self.assertEqual(view["status"], "completed")
            wait_for(lambda: self.size(node.cache) <= 1 << 20, 5)

    @staticmethod
    def size(folder):
        return sum(f.stat().st_size for f in folder.iterdir())

    def test_a_file_beyond_the_largest_is_left_to_another_node(self):
        with core() as server, \
                Node(server, "small", words=("--file-mb", 1)) as small:
            large = samples.LOG * 40_000
            server.post([("large.log", large), ("n.txt", samples.NOTE)],
                        "large")
            told, = wait_for(lambda: [
                e for e in server.snapshot("large")["timeline"]
                if e["code"] == "worker:waiting"], 20)
            self.assertEqual(told["details"]["needs"],
                             f"file-mb:{-(-len(large) // (1 << 20))}")
            self.assertNotIn("cannot fetch", small.said())
            with Node(server, "other"):
                view = server.finished("large", 60)
            self.assertEqual(states(view),
                             {"large.log": "done", "n.txt": "done"})

    def test_a_folder_that_is_no_cache_is_refused_and_left_alone(self):
        with core() as server:
            home = server.folder / "home"
            (home / "photos").mkdir(parents=True)
            (home / "photos" / "a.jpg").write_bytes(b"a")
            (home / "letter.txt").write_bytes(b"b")
            home.chmod(0o755)
            for flag, why in (
                    ("--cache", "it is not empty and no cache"),
                    ("--temp", "is not empty, and no folder of vigie-worker")):
                with Node(server, words=(flag, home), joins=False) as node:
                    self.assertEqual(node.process.wait(20), 2)
                    self.assertIn(f"{flag} {home}: {why}", node.said())
            self.assertEqual(sorted(str(p.relative_to(home))
                                    for p in home.rglob("*")),
                             ["letter.txt", "photos", "photos/a.jpg"])
            self.assertEqual(home.stat().st_mode & 0o777, 0o755)

    def test_a_sick_node_costs_no_file(self):
        files = [(f"sick{i}.txt", samples.NOTE + b"%d" % i) for i in range(8)]
        with core() as server, \
                Node(server, "sick", slots=4, fault="crash:sick"):
            ops = Operator(server)
            time.sleep(2.5)  # a running server follows within two seconds
            server.post(files[:4], "many")
            server.post(files[4:], "more")  # of one batch, it may be the files
            wait_for(lambda: "node sick gets no work for 30 s"
                     in server.get_log(), 20)
            row, = ops.json("nodes")["nodes"]
            self.assertGreater(row["benched_seconds"], 0)
            self.assertEqual(server.get("/readyz").json()["reasons"],
                             ["no-worker"])
            with Node(server, "well"):
                for name in ("many", "more"):
                    view = server.finished(name, 60)
                    self.assertEqual(set(states(view).values()), {"done"})
                    self.assertNotIn("file:quarantined", codes(view))

    def test_a_slot_is_replaced_after_its_share(self):
        with core(config="[workers]\nrecycle_after = 2\n") as server, \
                Node(server) as node:
            seen = set()
            server.post([(f"{i}.txt", b"%d" % i) for i in range(4)], "share")
            while server.snapshot("share")["status"] == "processing":
                seen |= set(node.slot_pids())
                time.sleep(0.02)
            self.assertGreaterEqual(len(seen), 4)
            self.assertEqual(server.snapshot("share")["status"], "completed")

    def test_secrets_of_the_server_stay_there(self):
        secrets = NO_GEMINI | {"GEMINI_API_KEY": "sesame-7"}
        with Server(workers=1, env=secrets) as server, \
                Node(server, env=secrets) as node:
            local = server.node()
            wait_for(lambda: children_of(local) and node.slot_pids(), 20)
            slots = [*children_of(local), *node.slot_pids()]
            # Between fork and exec a slot still has its node's environment.
            wait_for(lambda: all(b"--slot" in cmdline(p) for p in slots), 10)
            for pid in [local, *slots]:
                told = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
                self.assertNotIn(b"sesame-7", told)
                self.assertNotIn(b"GEMINI", told)
