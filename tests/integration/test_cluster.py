"""Three hosts, which are network namespaces: whatever happens to them, the
rows and the reports are those of a run that nobody disturbed."""
import hashlib
import shutil
import signal
import tempfile
import time
import unittest

import hosts
import runs
import samples
from harness import Node, Server, wait_for

SLOW = "sleep:450:slow"


def batches():
    """Slow files give a disturbance something to meet."""
    read = samples.letters("SECURITE INCENDIE")
    picture, scan = samples.png(*read), samples.pdf_of_a_scan()
    other = samples.bmp(*samples.letters("ISSUE DE SECOURS"))
    out = {}
    for n in range(6):
        mark = f"Visite {n}\n".encode()
        out[f"c{n}"] = [
            ("slow-photo.png", picture), (f"plan{n}.bmp", other),
            ("scan.pdf", scan), ("text.pdf", samples.pdf_with_text(f"Zone {n}")),
            ("slow-note.docx", samples.docx()), ("slow.txt", samples.NOTE + mark),
            ("latin1.txt", samples.LATIN1), ("log.csv", samples.CSV)][n % 3:]
    return out


BATCHES = batches()  # once: a DOCX tells when it was made


class ACluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("ip"):
            raise unittest.SkipTest("no program `ip` (package iproute2)")
        try:
            cls.lan = hosts.Lan("core", "a", "b")
        except OSError as why:
            raise unittest.SkipTest(f"no network namespaces here: {why}")
        cls.addClassCleanup(cls.lan.close)
        cls.expected, cls.drawn, took = cls.run_with(lambda *_: None)
        print(f"\nundisturbed: {took:.1f} s")

    @classmethod
    def run_with(cls, disturb):
        """Rows, reports drawn with equal clocks, seconds."""
        at = cls.lan.hosts
        with tempfile.TemporaryDirectory(prefix="vigie-") as folder, \
                Server(folder, 0, host=at["core"], env={"GEMINI_ENABLED": "false"},
                       gate=f"{at['core'].address}:4711") as core, \
                Node(core, "node-a", host=at["a"], fault=SLOW) as a, \
                Node(core, "node-b", host=at["b"], fault=SLOW) as b:
            since = time.monotonic()
            for name, files in BATCHES.items():
                answer = core.post(files, name)
                assert answer.status == 202, answer.body
            wait_for(lambda: list(a.temp.glob("slot-*/in/evidence")), 20)
            disturb(core, a, b)
            for name in BATCHES:
                core.finished(name, 60)
            took = time.monotonic() - since
            assert core.stop() == 0
            return *cls.harvest(core.folder / "st"), took

    @staticmethod
    def harvest(storage):
        found = runs.rows(storage)
        for name, (report, recorded) in runs.stored_reports(storage).items():
            assert hashlib.sha256(report).hexdigest() == recorded, name
            # It is what the rows give, disturbed or not.
            assert runs.redraw(storage, name) == report, name
        runs.equalize(storage)
        return found, {name: runs.redraw(storage, name) for name in BATCHES}

    def undone_by(self, disturb):
        found, drawn, took = self.run_with(disturb)
        print(f"\n{self.id().rpartition('_a_')[2]}: {took:.1f} s")
        for table, rows in self.expected.items():
            self.assertEqual(found[table], rows, table)
        self.assertEqual(drawn.keys(), self.drawn.keys())
        for name, report in self.drawn.items():
            self.assertEqual(drawn[name], report, name)

    @staticmethod
    def back(since, *nodes, times=2):
        """All have joined so often."""
        wait_for(lambda: all(n.joins() >= times for n in nodes), 40)
        print(f"\n  back after {time.monotonic() - since:.1f} s", end="")

    def test_nothing_changes_by_a_pulled_cable(self):
        def pull(core, a, b):
            a.host.cable(False)
            wait_for(lambda: "connection" in a.said(), 40)
            a.host.cable(True)
            self.back(time.monotonic(), a)
        self.undone_by(pull)

    def test_nothing_changes_by_a_killed_node(self):
        self.undone_by(lambda core, a, b: a.kill())

    def test_nothing_changes_by_a_frozen_node(self):
        def freeze(core, a, b):
            time.sleep(2.2)
            a.signal(signal.SIGSTOP, slots=True)
            time.sleep(20)
            a.signal(signal.SIGCONT, slots=True)
            time.sleep(3)
        self.undone_by(freeze)

    def test_nothing_changes_by_a_node_that_leaves_and_returns(self):
        def leave(core, a, b):
            self.assertEqual(a.stop(), 0)
            since = time.monotonic()
            a.start()
            self.back(since, a)
        self.undone_by(leave)

    def test_nothing_changes_by_a_restart_of_the_core(self):
        def restart(core, a, b):
            for life in (2, 3):
                time.sleep(1)
                core.kill()
                core.start()
                self.back(time.monotonic(), a, b, times=life)
        self.undone_by(restart)
