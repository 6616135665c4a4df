"""vigied backup and vigied restore: beside a server at work, and elsewhere."""
import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest
import uuid

import samples
from harness import API, BUILD, Server


def vigied(*words, within=120):
    return subprocess.run([BUILD / "vigied", *map(str, words)], text=True,
                          capture_output=True, timeout=within)


def entries(dest):
    lines = (dest / "manifest.jsonl").read_text().splitlines()
    return [json.loads(x) for x in lines[1:-1]]


def object_of(dest, entry):
    return dest / "objects" / entry["sha256"][:2] / entry["sha256"]


class Case(unittest.TestCase):
    def setUp(self):
        self.temp = pathlib.Path(tempfile.mkdtemp(prefix="vigie-backup-"))
        self.addCleanup(shutil.rmtree, self.temp, True)
        self.dest = self.temp / "dest"

    def backup(self, server, *words, code=0):
        done = vigied("backup", self.dest, "--storage", server.folder / "st",
                      *words)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def restored(self, *words):
        """A server on a folder of its own, made from the backup."""
        home = self.temp / "elsewhere"
        done = vigied("restore", f"--storage={home / 'st'}", self.dest, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return Server(home)


class Load:
    """Batches come and go as fast as they can, until told to stop."""

    def __init__(self, server):
        self.server, self.deleted = server, 0
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(n,))
                        for n in range(3)]
        for t in self.threads:
            t.start()

    def run(self, n):
        with contextlib.suppress(OSError):  # the server is killed
            self.come_and_go(n)

    def come_and_go(self, n):
        mine = []
        while not self.ending.is_set():
            batch = f"load-{n}-{uuid.uuid4().hex[:8]}"
            note = samples.NOTE + batch.encode()
            if self.server.post([("n.txt", note), ("p.png",
                                samples.flat_png(n, 64, 64))], batch).status == 202:
                mine.append(batch)
            for old in mine[:-2]:
                if self.server.ask("DELETE", f"{API}/ingestion/batches/{old}"
                                   ).status == 204:
                    mine.remove(old)
                    self.deleted += 1

    def stop(self):
        self.ending.set()
        for t in self.threads:
            t.join(60)


class UnderLoad(Case):
    def facts(self, server, batch):
        """What clients rely on: the snapshot and every byte behind it."""
        view = server.snapshot(batch)
        bodies = {}
        for f in view["files"]:
            for path in ("", "/thumbnail"):
                a = server.get(f"{API}/ingestion/batches/{batch}/files/"
                               f"{f['file_id']}{path}")
                bodies[f["filename"] + path] = (
                    a.status, hashlib.sha256(a.body).hexdigest())
            self.assertEqual(bodies[f["filename"]][1], f["checksum_sha256"])
        report = server.get(f"{API}/ingestion/reports/{batch}")
        self.assertEqual(hashlib.sha256(report.body).hexdigest(),
                         view["report_hash"])
        self.assertTrue(server.get(
            f"{API}/ingestion/reports/{batch}/verify").json()["valid"])
        view.pop("event_cursor")  # of the whole log: the load moves it
        return view, bodies, report.body

    def test_a_restored_server_serves_the_same_after_a_kill(self):
        with Server(workers=2) as server:
            for n in range(4):
                server.post([("n.txt", samples.NOTE + b"%d" % n),
                             ("p.png", samples.flat_png(n, 64, 64))], f"keep{n}")
            before = {}
            for n in range(4):
                server.finished(f"keep{n}", 120)
                before[n] = self.facts(server, f"keep{n}")
            load = Load(server)
            try:
                for _ in range(6):
                    told = self.backup(server)
                    done = vigied("backup", "--verify", self.dest)
                    self.assertEqual(done.returncode, 0, done.stderr)
                server.kill()
            finally:
                load.stop()
            print(f"\n{load.deleted} batches deleted meanwhile; {told.strip()}")
            self.assertGreater(load.deleted, 20)
            with self.restored() as again:
                for n in range(4):
                    self.assertEqual(self.facts(again, f"keep{n}"), before[n])
                # What was at work is finished there, from its evidence.
                others = [i["batch_id"] for i in again.get(
                    f"{API}/ingestion/batches?limit=200").json()["items"]]
                self.assertGreater(len(others), 4)
                for batch in others:
                    view = again.finished(batch, 120)
                    self.assertEqual(view["status"], "completed", view)
                    self.facts(again, batch)
                self.assertEqual(again.stop(), 0)


class Incremental(Case):
    def test_only_new_bytes_are_copied_and_deleted_ones_go(self):
        with Server() as server:
            for batch in ("a", "b"):
                server.post([("n.txt", samples.NOTE + batch.encode()),
                             ("p.png", samples.flat_png(1, 64, 64))], batch)
                server.finished(batch)
            self.assertRegex(self.backup(server), r"copied now: [67] files")
            self.assertRegex(self.backup(server), r"copied now: 0 files, 0 bytes")
            gone = [e for e in entries(self.dest) if e["path"] == "a/n.txt"]
            self.assertTrue(object_of(self.dest, gone[0]).exists())
            server.ask("DELETE", f"{API}/ingestion/batches/a")
            self.assertIn("backup: 1 batch,", self.backup(server))
            self.assertFalse(object_of(self.dest, gone[0]).exists())
            self.assertEqual(self.dest.stat().st_mode & 0o777, 0o700)

    def test_the_backup_of_another_storage_is_left_alone(self):
        with Server() as server, Server() as other:
            for one, name in ((server, "a"), (other, "b")):
                one.post([("n.txt", samples.NOTE)], name)
                one.finished(name)
            self.backup(server)
            before = entries(self.dest)
            self.assertIn("holds a backup of which no file is in this storage",
                          self.backup(other, code=2))
            self.assertEqual(entries(self.dest), before)

    def test_an_interrupted_backup_is_never_taken_for_a_whole_one(self):
        with Server() as server:
            server.post([("n.txt", samples.NOTE)], "a")
            server.finished("a")
            # The first one was killed before its manifest.
            (self.dest / "objects").mkdir(parents=True)
            (self.dest / "objects/.draft-1").write_bytes(b"half a file")
            done = vigied("backup", "--verify", self.dest)
            self.assertEqual(done.returncode, 2)
            self.assertIn("holds no whole backup", done.stderr)
            self.backup(server)
            self.assertFalse((self.dest / "objects/.draft-1").exists())
            # A later one fails: the one before stands.
            was = (self.dest / "manifest.jsonl").read_bytes()
            database = server.folder / "st/vigie.db"
            server.stop()
            database.write_bytes(b"no database" * 1000)
            self.assertIn("storage.database: file is not a database",
                          self.backup(server, code=2))
            self.assertEqual((self.dest / "manifest.jsonl").read_bytes(), was)
            self.assertEqual(
                vigied("backup", "--verify", self.dest).returncode, 0)

    def test_the_storage_heals_from_the_backup_not_the_other_way(self):
        with Server() as server:
            server.post([("n.txt", samples.NOTE)], "a")
            server.finished("a")
            self.backup(server)
            file = server.folder / "st/a/n.txt"
            file.write_bytes(b"changed")
            self.backup(server)  # has the bytes as recorded
            with self.restored() as again:
                self.assertEqual(
                    (again.folder / "st/a/n.txt").read_bytes(), samples.NOTE)
            # A backup that never had them tells of it, and of what is gone.
            shutil.rmtree(self.dest)
            said = self.backup(server, code=1)
            self.assertIn("a/n.txt: its bytes are not those recorded", said)
            file.unlink()
            shutil.rmtree(self.dest)
            self.assertIn("a/n.txt: No such file", self.backup(server, code=1))

    def test_what_an_unfinished_run_left_is_read_again(self):
        """A power cut leaves names before bytes."""
        with Server() as server:
            server.post([("n.txt", samples.NOTE)], "a")
            server.finished("a")
            self.backup(server)
            note = next(e for e in entries(self.dest) if e["path"] == "a/n.txt")
            (self.dest / "manifest.jsonl").unlink()
            object_of(self.dest, note).write_bytes(b"")
            self.backup(server)
        done = vigied("backup", "--verify", self.dest)
        self.assertEqual(done.returncode, 0, done.stderr)


class Damage(Case):
    def setUp(self):
        super().setUp()
        with Server() as server:
            server.post([("n.txt", samples.NOTE)], "a")
            server.finished("a")
            server.bundle("node-a")
            self.backup(server, "--with-keys")
        self.home = self.temp / "home"

    def flip(self, path):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    def restore(self, *words):
        return vigied("restore", self.dest, "--storage", self.home, *words)

    def refused(self, done, sentence):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(sentence, done.stderr)

    def test_every_flipped_byte_is_named(self):
        for e in entries(self.dest):
            with self.subTest(e["path"]):
                self.flip(object_of(self.dest, e))
                done = vigied("backup", "--verify", self.dest)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"vigied: {e['path']}: its bytes are not those "
                              "of the backup (objects/", done.stderr)
                self.refused(self.restore(), e["path"] + ": its bytes")
                self.assertEqual(
                    [p.name for p in self.home.iterdir() if p.name != ".lock"], [])
                self.flip(object_of(self.dest, e))
                self.home.joinpath(".lock").unlink(missing_ok=True)
        self.flip(self.dest / "manifest.jsonl")
        self.refused(self.restore(), "manifest.jsonl: its bytes are not those")

    def test_the_rest_of_a_damaged_backup_can_be_had(self):
        note = next(e for e in entries(self.dest) if e["path"] == "a/n.txt")
        object_of(self.dest, note).unlink()
        done = self.restore("--despite-damage")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("a/n.txt: No such file", done.stderr)
        self.assertIn(f"{len(entries(self.dest)) - 1} files, ", done.stderr)
        self.assertFalse((self.home / "a/n.txt").exists())
        self.assertTrue((self.home / "reports/report-a.pdf").exists())
        shutil.rmtree(self.home)
        rows = next(e for e in entries(self.dest) if e["kind"] == "database")
        object_of(self.dest, rows).unlink()
        found = self.home / "lost+found" / "1"
        found.parent.mkdir(parents=True)
        found.touch()
        self.refused(self.restore("--despite-damage"), "nothing is restored")
        self.assertTrue(found.exists())

    def test_a_folder_in_use_or_not_empty_is_left_alone(self):
        with Server() as server:
            self.home = server.folder / "st"
            self.refused(self.restore(), "another server uses this folder")
            server.stop()
            self.refused(self.restore(), "the folder is not empty")
        self.home = self.temp / "home"
        taken = self.temp / "vigie.db"
        taken.write_bytes(b"")
        self.refused(self.restore("--database", taken), "is there already")
        (self.dest / "manifest.jsonl").unlink()
        self.refused(self.restore(), "holds no whole backup")

    def test_keys_are_there_when_asked_for_and_nobody_else_reads_them(self):
        self.assertEqual(self.restore().returncode, 0)
        token = self.home / ".pki/ca.key"
        self.assertEqual(token.stat().st_mode & 0o777, 0o600)
        self.assertEqual(token.parent.stat().st_mode & 0o777, 0o700)
        done = vigied("cert", "list", "--storage", self.home)
        self.assertRegex(done.stdout, r"node-a\s+.*expires|node-a\s+.*valid")

    def test_what_makes_no_sense_is_refused_with_a_sentence(self):
        other = self.temp / "other"
        other.mkdir()
        (other / "letter.txt").write_text("mine")
        for words, why in (
                (["backup"], "backup: one folder"),
                (["restore"], "restore: one folder"),
                (["backup", "a", "--despite-damage"], "not of this command"),
                (["restore", "a", "--verify"], "not of this command"),
                (["backup", other, "--storage", self.home], "there is none at"),
                (["restore", other, "--storage", self.home], "no whole backup")):
            self.refused(vigied(*words), why)
        self.assertEqual(self.restore().returncode, 0)
        self.refused(vigied("backup", other, "--storage", self.home),
                     "is not empty, and no backup")
        self.assertEqual(os.listdir(other), ["letter.txt"])
        self.refused(vigied("backup", self.home / "b", "--storage", self.home),
                     "is in the storage folder")
        self.assertFalse((self.home / "b").exists())
