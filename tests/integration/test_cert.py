"""vigied cert, beside a running server."""
import json
import pathlib
import unittest

from harness import Server


class Certificates(unittest.TestCase):
    def rows(self, server):
        done = server.cert("list", "--json")
        return {row["name"]: row for row in json.loads(done.stdout)}

    def test_a_peer_is_issued_listed_replaced_and_revoked(self):
        with Server(workers=0) as server:
            done = server.cert("node-a", "--days", "20")
            self.assertEqual(done.returncode, 0, done.stderr)
            bundle = pathlib.Path(server.folder / "node-a.pem")
            self.assertEqual(bundle.stat().st_mode & 0o777, 0o600)
            self.assertIn("VIGIE JOIN TOKEN", bundle.read_text())
            rows = self.rows(server)
            self.assertEqual({"ca", "core", "local", "node-a"}, set(rows))
            self.assertRegex(rows["node-a"]["state"], r"expires in (19|20) days")
            again = server.cert("node-a", "--out", "-")
            self.assertIn("older certificate and token are dead", again.stderr)
            self.assertIn("BEGIN PRIVATE KEY", again.stdout)
            self.assertNotEqual(self.rows(server)["node-a"]["serial"],
                                rows["node-a"]["serial"])
            self.assertEqual(server.cert("revoke", "node-a").returncode, 0)
            self.assertEqual(self.rows(server)["node-a"]["state"], "revoked")
            self.assertEqual(server.stop(), 0)

    def test_what_makes_no_sense_is_refused_with_a_sentence(self):
        with Server(workers=0) as server:
            for words in (["core"], ["local"], ["Node"], ["../x"], [],
                          ["a", "--days", "0"], ["a", "--days", "4000"],
                          ["a", "--role", "king"], ["revoke", "nobody"],
                          ["a", "--out", "/nowhere/a.pem"]):
                done = server.cert(*words)
                self.assertEqual(done.returncode, 2, words)
                self.assertRegex(done.stderr, r"^vigied: .+\n$")
            notes = server.folder / "notes.txt"
            notes.write_text("mine")
            done = server.cert("a", "--out", notes)
            self.assertEqual((done.returncode, notes.read_text()), (2, "mine"))
            self.assertEqual({"ca", "core", "local"}, set(self.rows(server)))
