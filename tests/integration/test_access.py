"""Who may come in, what for, and what he sees."""
import json
import re
import sqlite3
import subprocess
import unittest

import samples
from harness import API, BUILD, Events, Server, wait_for

BATCHES = f"{API}/ingestion/batches"
REPORTS = f"{API}/ingestion/reports"
SESSION = f"{API}/session"
ROLES = ("nobody", "revoked", "expired", "reader", "auditor", "admin")


class TheTable(unittest.TestCase):
    """Each endpoint of a batch that has ended, tried by each kind of caller."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(workers=1, config="[gemini]\nenabled = false\n"
                            "[access]\nfailures_per_minute = 6000\n")
        cls.addClassCleanup(cls.server.close)
        add = cls.server.add_token
        cls.who = {"nobody": {}} | {name: add(name, name)
                                    for name in ("reader", "auditor", "admin")}
        cls.who["own"] = add("own", "auditor", "--own-only")
        cls.who["other"] = add("other", "auditor", "--own-only")
        cls.who["revoked"] = add("revoked", "admin")
        cls.server.token("revoke", "revoked")
        cls.who["expired"] = add("expired", "admin", "--days", "1")
        db = sqlite3.connect(cls.server.folder / "st" / "vigie.db")
        db.execute("UPDATE api_tokens SET expires_at='2026-01-01 00:00:00' "
                   "WHERE name='expired'")
        db.commit()
        db.close()

    def make(self, name, sender="own"):
        files = [("n.txt", samples.NOTE), ("p.jpg", samples.jpeg_with_exif())]
        headers = self.who[sender]
        answer = self.server.post(files, name, headers=headers)
        self.assertEqual(answer.status, 202, answer.body)

        def ended():
            view = self.ask("GET", f"{BATCHES}/{name}", "admin").json()
            return view if view["status"] != "processing" else None
        return wait_for(ended, 60)

    def ask(self, method, path, who):
        return self.server.ask(method, path, headers=self.who[who])

    def rows(self, name, photo):
        batch, report = f"{BATCHES}/{name}", f"{REPORTS}/{name}"
        #                                       reader auditor admin
        return [("GET", batch,                    200, 200, 200),
                ("GET", f"{batch}/analysis",      200, 200, 200),
                ("POST", f"{batch}/analysis",     403, 409, 409),
                ("POST", f"{batch}/cancel",       403, 409, 409),
                ("POST", f"{batch}/retry",        403, 409, 409),
                ("GET", f"{batch}/files/{photo}", 200, 200, 200),
                ("GET", f"{batch}/files/{photo}/thumbnail", 200, 200, 200),
                ("GET", report,                   200, 200, 200),
                ("HEAD", report,                  200, 200, 200),
                ("GET", f"{report}/verify",       200, 200, 200),
                ("DELETE", batch,                 403, 403, 204)]

    def test_each_role_on_each_endpoint(self):
        photo = self.make("b")["files"][1]["file_id"]
        general = [("GET", BATCHES,                   200, 200, 200),
                   ("POST", BATCHES,                  403, 422, 422),
                   ("GET", f"{API}/gemini/quota",     200, 200, 200),
                   ("GET", SESSION,                   200, 200, 200),
                   ("GET", "/metrics",                200, 200, 200),
                   ("HEAD", f"{API}/ingestion/events", 200, 200, 200)]
        surprises, cells = [], 0
        for method, path, *expected in general + self.rows("b", photo):
            for who, status in zip(ROLES, [401] * 3 + expected):
                cells += 1
                got = self.ask(method, path, who)
                if got.status != status:
                    surprises.append((method, path, who, status, got.status))
                if got.status == 401:
                    self.assertEqual(got.headers["www-authenticate"],
                                     'Bearer realm="vigie"')
        for path in ("/", "/livez", "/readyz", "/health", f"{API}/health"):
            for who in ROLES:
                cells += 1
                if (got := self.ask("GET", path, who)).status != 200:
                    surprises.append(("GET", path, who, 200, got.status))
        print(f"\n{cells} cells, {len(surprises)} surprises")
        self.assertEqual(surprises, [])

    def test_anothers_batch_looks_like_one_that_is_not_there(self):
        photo = self.make("hers")["files"][1]["file_id"]
        for (method, path, _, mine, _), (_, absent, *_) in zip(
                self.rows("hers", photo), self.rows("none", photo)):
            other = self.ask(method, path, "other")
            if mine == 403:
                self.assertEqual(other.status, 403, path)
                continue
            none = self.ask(method, absent, "other")
            told = other.body.replace(b"/hers", b"/none")
            self.assertEqual((other.status, told), (404, none.body), path)
            for headers in (other.headers, none.headers):
                headers.pop("date")
                self.assertRegex(headers.pop("x-request-id"), "^[0-9a-f]{32}$")
            self.assertEqual(dict(other.headers), dict(none.headers), path)
            # The words are those that everybody gets.
            plain = self.ask(method, absent, "auditor")
            if method != "POST" or "analysis" not in path:
                self.assertEqual(none.body, plain.body, path)
            self.assertEqual(self.ask(method, path, "own").status, mine, path)

    def test_lists_hold_what_may_be_seen(self):
        self.make("list-own")
        self.make("list-all", "auditor")

        def ids(who):
            page = self.ask("GET", f"{BATCHES}?limit=200&q=list-", who).json()
            return sorted(x["batch_id"] for x in page["items"])
        self.assertEqual(ids("own"), ["list-own"])
        self.assertEqual(ids("other"), [])
        self.assertEqual(ids("reader"), ["list-all", "list-own"])
        taken = self.server.post([("n.txt", samples.NOTE)], "list-all",
                                 headers=self.who["other"])
        self.assertEqual(taken.status, 409)
        self.assertIn("exists with other files", taken.json()["detail"])

    def test_streams_tell_what_may_be_seen_live_and_again(self):
        live = {who: Events(self.server, headers=self.who[who])
                for who in ("own", "other", "reader")}
        for events in live.values():
            self.assertTrue(events.ready.wait(10))
        self.make("told")
        self.assertEqual(self.ask("DELETE", f"{BATCHES}/told", "admin").status, 204)

        def gone(events):
            return {"batchId": "told", "status": "deleted"} in [
                d for _, d in events.seen]
        for who in ("own", "reader"):
            wait_for(lambda: gone(live[who]), 20)
            self.assertIn("report:available", live[who].codes("told"))
        self.assertEqual(live["other"].seen, [])
        self.make("again")
        for who, sees in (("own", {"again"}), ("other", set())):
            events = Events(self.server, last_id=0, headers=self.who[who])
            if sees:
                wait_for(lambda: "report:available" in events.codes("again"), 20)
            else:
                self.make("marker", "other")
                wait_for(lambda: "report:available" in events.codes("marker"), 20)
            seen = {d["batchId"] for _, d in events.seen}
            self.assertTrue(sees <= seen)
            self.assertNotIn("again" if not sees else "marker", seen)
            events.close()
        for events in live.values():
            events.close()


class TheDoor(unittest.TestCase):
    def test_a_token_counts_from_the_next_request_and_ends_streams(self):
        with Server(workers=0) as server:
            anybody = Events(server)
            self.assertTrue(anybody.ready.wait(10))
            self.assertEqual(server.get(BATCHES).status, 200)
            claire = server.add_token("claire", "reader")
            self.assertEqual(server.get(BATCHES).status, 401)
            self.assertEqual(server.ask("GET", BATCHES, headers=claire).status, 200)
            self.assertTrue(anybody.closed.wait(6), "anybody still listens")
            events = Events(server, headers=claire)
            self.assertTrue(events.ready.wait(10))
            self.assertEqual(server.token("revoke", "claire").returncode, 0)
            self.assertEqual(server.ask("GET", BATCHES, headers=claire).status, 401)
            self.assertTrue(events.closed.wait(6), "the revoked still listens")
            self.assertEqual(server.get(BATCHES).status, 401)
            for text in (server.get_log(), str(events.seen)):
                self.assertNotIn(claire["Authorization"][7:], text)

    def test_tokens_are_added_listed_replaced_and_revoked(self):
        with Server(workers=0) as server:
            done = server.token("add", "claire", "--role", "auditor",
                                "--own-only", "--days", "20")
            self.assertRegex(done.stdout, r"^vigie_[0-9a-f]{64}\n$")
            self.assertRegex(done.stderr, r"^vigied: claire \(auditor, own only\): "
                             r"expires 2\d{3}-\d\d-\d\d; the token is not shown again\n$")
            again = server.token("add", "claire", "--role", "reader")
            self.assertIn("the older token is dead", again.stderr)
            rows = json.loads(server.token("list", "--json").stdout)
            self.assertEqual([(r["name"], r["role"], r["state"], r["expires_at"])
                              for r in rows], [("claire", "reader", "valid", None)])
            self.assertNotIn(again.stdout.strip()[6:],
                             server.token("list", "--json").stdout)
            self.assertEqual(server.token("revoke", "claire").returncode, 0)
            self.assertRegex(server.token("list").stdout,
                             r"claire +reader +all +\S+ +- +revoked")

    def test_what_makes_no_sense_is_refused_with_a_sentence(self):
        with Server(workers=0) as server:
            for words, why in ((["add", "x"], "--role: reader, auditor or admin"),
                               (["add", "x", "--role", "king"], "--role"),
                               (["add", "../x", "--role", "reader"], "NAME"),
                               (["add", "x", "--role", "reader", "--days", "0"], "--days"),
                               (["add", "x", "--role", "admin", "--own-only"], "--own-only"),
                               (["revoke", "nobody"], "no token of that name"),
                               ([], "token --help"), (["give"], "token --help")):
                done = server.token(*words)
                self.assertEqual(done.returncode, 2, words)
                self.assertRegex(done.stderr, r"^vigied: .+\n$")
                self.assertIn(why, done.stderr)
                self.assertEqual(done.stdout, "")
            self.assertEqual(server.token("list", "--json").stdout, "[]\n")
            self.assertEqual(server.get(BATCHES).status, 200, "still open")

    def test_a_new_storage_folder_is_told(self):
        with Server(workers=0) as server:
            for words in (["token", "add", "x", "--role", "reader"], ["cert", "x"]):
                folder = server.folder / words[0]
                said = [subprocess.run(
                    [BUILD / "vigied", *words, "--storage", folder],
                    cwd=server.folder, capture_output=True, text=True,
                    timeout=30, check=True).stderr for _ in range(2)]
                self.assertIn(f"made a new storage folder, {folder}:", said[0])
                self.assertNotIn("made a new", said[1])

    def start(self, server, *more):
        return subprocess.run(
            [BUILD / "vigied", "--listen", "0.0.0.0:0", "--remote-listen",
             "127.0.0.1:0", "--workers", "0", "--storage", server.folder / "st",
             *more], capture_output=True, text=True, timeout=30)

    def test_in_the_open_without_a_token_it_does_not_start(self):
        with Server(workers=0) as server:
            server.stop()
            done = self.start(server)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("http.listen: 0.0.0.0 can be reached from other machines",
                          done.stderr)
            self.assertIn("vigied token add NAME --role admin", done.stderr)
            nowhere = server.folder / "nowhere"
            done = self.start(server, "--storage", nowhere)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertFalse(nowhere.exists(), "nothing was made")
            server.add_token("claire", "admin")
            server.token("revoke", "claire")
            self.assertEqual(self.start(server).returncode, 2, "a dead token is none")

    def test_in_the_open_it_starts_with_a_token_or_when_told_to(self):
        for config, status in (("", 401), ("[access]\nrequired = false\n", 200)):
            with Server(workers=0) as server:
                server.stop()
                if not config:
                    server.add_token("claire", "admin")
                server.config.write_text(config)
                with open(server.log, "wb") as log:
                    server.process = subprocess.Popen(
                        [BUILD / "vigied", "--config", server.config, "--listen",
                         "0.0.0.0:0", "--remote-listen", "127.0.0.1:0",
                         "--workers", "0", "--storage", server.folder / "st"],
                        stderr=log)
                server.port = int(wait_for(lambda: re.search(
                    rb"ready on http://[\d.]+:(\d+)", server.log.read_bytes()), 30)[1])
                self.assertEqual(server.get(BATCHES).status, status)

    def test_a_session_outlives_a_restart_and_not_its_token(self):
        with Server(workers=0) as server:
            claire = server.add_token("claire", "auditor")
            answer = server.ask("POST", SESSION, headers=claire)
            self.assertEqual(answer.status, 200, answer.body)
            cookie = answer.headers["set-cookie"]
            self.assertRegex(cookie, r"^vigie=[0-9a-f]{64}; Path=/; HttpOnly; "
                             r"SameSite=Strict; Max-Age=43200$")
            mine = {"Cookie": cookie.split(";")[0]}
            server.stop()
            server.start()
            who = server.ask("GET", SESSION, headers=mine).json()
            self.assertEqual((who["name"], who["role"], who["session"]),
                             ("claire", "auditor", True))
            body = server.ask("POST", f"{BATCHES}/x/cancel", headers=mine)
            self.assertEqual(body.status, 403)
            same = mine | {"Sec-Fetch-Site": "same-origin"}
            self.assertEqual(server.ask("POST", f"{BATCHES}/x/cancel",
                                        headers=same).status, 404)
            events = Events(server, headers=mine)
            self.assertTrue(events.ready.wait(10))
            self.assertEqual(server.ask("DELETE", SESSION, headers=same).status, 204)
            self.assertTrue(events.closed.wait(6), "signed out, still listening")
            self.assertEqual(server.ask("GET", SESSION, headers=mine).status, 401)
            mine = {"Cookie": server.ask("POST", SESSION, headers=claire)
                    .headers["set-cookie"].split(";")[0]}
            server.token("revoke", "claire")
            self.assertEqual(server.ask("GET", SESSION, headers=mine).status, 401)

    def test_wrong_tokens_run_out_by_the_address_that_proxies_tell(self):
        config = ('[http]\ntrusted_proxies = ["127.0.0.1"]\n'
                  "[access]\nfailures_per_minute = 3\n")
        with Server(workers=0, config=config) as server:
            claire = server.add_token("claire", "reader")

            def tried(client, token="vigie_x"):
                return server.ask("GET", BATCHES, headers={
                    "Authorization": f"Bearer {token}", "X-Forwarded-For": client})
            self.assertEqual([tried("203.0.113.1").status for _ in range(4)],
                             [401, 401, 401, 429])
            late = tried("9.9.9.9, 203.0.113.1")
            self.assertEqual(late.status, 429, "what the client wrote is believed")
            self.assertRegex(late.json()["detail"],
                             r"^Too many wrong tokens from this address")
            self.assertRegex(late.headers["retry-after"], r"^\d+$")
            self.assertEqual(tried("203.0.113.2").status, 401)
            self.assertEqual(tried("203.0.113.1", claire["Authorization"][7:]).status,
                             200, "the right one is held up")

    def test_a_refusal_has_a_title_in_two_languages(self):
        with Server(workers=0) as server:
            server.add_token("claire", "reader")
            for language, title in (("fr", "Identification nécessaire"),
                                    ("en", "Sign-in needed")):
                answer = server.get(BATCHES, Accept_Language=language)
                self.assertEqual(answer.json()["title"], title)
                self.assertNotIn(str(server.folder), answer.body.decode())
