"""The program: settings, signals, memory, an old installation, the README."""
import os
import re
import socket
import sqlite3
import subprocess
import time
import unittest

import samples
from harness import API, BUILD, SOURCE, Server, multipart, wait_for

BIG = 500 * 1024 * 1024


class TheProgram(unittest.TestCase):
    def test_sigterm_ends_with_zero(self):
        with Server() as server:
            self.assertEqual(server.stop(), 0)

    def test_a_bad_setting_is_named_and_ends_with_two(self):
        for flags, words in ((["--listen", "nowhere"], "--listen"),
                             (["--colour", "red"], "--colour"),
                             (["--workers", "-1"], "--workers")):
            done = subprocess.run([BUILD / "vigied", *flags],
                                  capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)

    def test_a_port_in_use_is_a_bad_setting(self):
        with Server(workers=0) as server:
            done = subprocess.run(
                [BUILD / "vigied", "--listen", f"127.0.0.1:{server.port}",
                 "--remote-listen", "127.0.0.1:0",
                 "--storage", server.folder / "other"],
                capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("http.listen", done.stderr)

    def test_a_second_server_on_the_same_folder_is_refused(self):
        with Server(workers=0) as server:
            done = subprocess.run(
                [BUILD / "vigied", "--listen", "127.0.0.1:0",
                 "--remote-listen", "127.0.0.1:0",
                 "--storage", server.folder / "st"],
                capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("storage.path: another server", done.stderr)

    def test_an_upload_in_progress_does_not_hold_up_the_stop(self):
        with Server(workers=0) as server:
            body, kind = multipart([("n.txt", b"x" * 1_000_000)])
            s = socket.create_connection(("127.0.0.1", server.port), 30)
            s.sendall((f"POST {API}/ingestion/batches HTTP/1.1\r\nHost: x\r\n"
                       f"Content-Type: {kind}\r\nContent-Length: {len(body)}"
                       "\r\n\r\n").encode() + body[:5_000])
            staging = server.folder / "st" / ".staging"
            wait_for(lambda: any(staging.iterdir()), 10)
            before = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - before, 5)
            self.assertIn(b" 503 ", s.recv(65_536).split(b"\r\n")[0])
            self.assertEqual(list(staging.iterdir()), [])
            s.close()

    def test_a_large_upload_takes_little_memory(self):
        with Server(workers=0) as server:
            server.post([("n.txt", b"warm")], "warm")
            before = server.status("VmHWM")
            head, kind = multipart([("big.txt", b"")], "big")
            first, _, last = head.partition(b"\r\n\r\n\r\n--")
            del last
            tail = head[len(first) + 4:]
            s = socket.create_connection(("127.0.0.1", server.port), 60)
            length = len(first) + 4 + BIG + len(tail)
            s.sendall((f"POST {API}/ingestion/batches HTTP/1.1\r\nHost: x\r\n"
                       f"Content-Type: {kind}\r\nContent-Length: {length}\r\n"
                       "\r\n").encode() + first + b"\r\n\r\n")
            block = b"une ligne de journal\n" * 50_000
            left = BIG
            while left:
                s.sendall(block[:min(left, len(block))])
                left -= min(left, len(block))
            s.sendall(tail)
            self.assertIn(b" 202 ", s.recv(65_536).split(b"\r\n")[0])
            s.close()
            grown = (server.status("VmHWM") - before) // 1024
            print(f"\n500 MB upload: {grown} MB of memory more at the peak")
            self.assertLess(grown, 32)

    def test_an_old_installation_opens_and_its_abandoned_batch_is_finished(self):
        with Server(workers=1) as server:
            server.stop()
            st = server.folder / "st"
            for old in st.glob("vigie.db*"):
                old.unlink()
            (st / "old").mkdir()
            (st / "old" / "n.txt").write_bytes(samples.NOTE)
            schema = (SOURCE / "storage/migrations/001_kept_schema.sql"
                      ).read_text()
            db = sqlite3.connect(st / "vigie.db")
            db.executescript(re.sub(r'^R"sql\(|\)sql"$', "", schema.strip()))
            db.execute("INSERT INTO audit_batches (id, created_at, updated_at, "
                       "status) VALUES ('old', '2026-11-23 13:46:33.307169', "
                       "'2026-11-23 13:46:33.307169', 'processing')")
            db.execute("INSERT INTO batch_files (batch_id, filename, "
                       "content_type, size_bytes, checksum_sha256, stored_path)"
                       " VALUES ('old', 'n.txt', 'text/plain', ?, ?, "
                       "'tmp/uploads/old/n.txt')",
                       (len(samples.NOTE), "00" * 32))
            db.commit()
            db.close()
            server.start()
            view = server.finished("old")
            self.assertEqual(view["status"], "completed", view)
            self.assertEqual(view["stored_at"], "2026-11-23T13:46:33.307169Z")
            self.assertTrue(view["observations"])
            self.assertIn("checksum-mismatch",
                          [w["code"] for w in view["files"][0]["warnings"]])
            self.assertEqual(
                server.get(f"{API}/ingestion/reports/old").status, 200)


class TheReadme(unittest.TestCase):
    def test_its_session_runs_as_written(self):
        text = (SOURCE / "README.md").read_text()
        opening = re.findall(r"^ {4}(make \w+)$", text, re.M)[:2]
        self.assertEqual(opening, ["make run", "make test"])
        session = re.search(r"<!-- session -->\n```sh\n(.*?)```", text, re.S)[1]
        with Server(workers=2) as server:
            folder = server.folder / "visit"
            folder.mkdir()
            (folder / "notes.txt").write_bytes(samples.NOTE)
            (folder / "photo.jpg").write_bytes(samples.jpeg_with_exif())
            script = session.replace("localhost:8000",
                                     f"127.0.0.1:{server.port}")
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", script],
                                  cwd=folder, capture_output=True, text=True,
                                  timeout=120, env=os.environ)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn('"status":"completed"', done.stdout.replace(" ", ""))
            self.assertTrue((folder / "report.pdf").read_bytes()
                            .startswith(b"%PDF-"))
