"""nginx and Caddy, as config/proxy sets them up, before the real server."""
import contextlib
import http.client
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import samples
from harness import API, SOURCE, Server, multipart, wait_for

PROXY = SOURCE / "config/proxy"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Tap:
    """Between proxy and server: passes bytes on and keeps what came."""

    def __init__(self, port):
        self.to, self.came = port, bytearray()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                near = self.door.accept()[0]
                far = socket.create_connection(("127.0.0.1", self.to))
                for a, b, keep in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self.pump, args=(a, b, keep),
                                     daemon=True).start()

    def pump(self, a, b, keep):
        with contextlib.suppress(OSError):
            while data := a.recv(65_536):
                if keep:
                    self.came += data
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)

    def close(self):
        self.door.close()


class Proxied:
    """What holds for every proxy. A subclass starts its own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vigie-proxy-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        os.chmod(self.folder, 0o755)
        self.server = Server(
            workers=1, config='[http]\ntrusted_proxies = ["127.0.0.1"]\n')
        self.addCleanup(self.server.close)
        self.tap = Tap(self.server.port)
        self.addCleanup(self.tap.close)
        self.port, self.plain = free_port(), free_port()
        self.log = open(self.folder / "log", "wb")
        self.addCleanup(self.log.close)
        self.process = self.launch()
        self.addCleanup(self.end)
        wait_for(self.answers, 30)

    def run_proxy(self, *command, **env):
        return subprocess.Popen(command, stdout=self.log, stderr=self.log,
                                env=os.environ | env, cwd=self.folder)

    def end(self):
        self.process.terminate()
        self.process.wait(30)

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError((self.folder / "log").read_text())
        with contextlib.suppress(OSError):
            return self.ask("GET", "/livez").status == 200

    def connect(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        c = http.client.HTTPSConnection("localhost", self.port, timeout=30,
                                        context=context)
        c.connect()
        return c

    def ask(self, method, path, body=None, headers=None):
        c = self.connect()
        self.addCleanup(c.close)
        c.request(method, path, body, headers or {})
        answer = c.getresponse()
        answer.bytes = answer.read()
        return answer

    def test_a_batch_goes_through_and_its_report_comes_back(self):
        body, kind = multipart([("n.txt", samples.NOTE)], "a")
        answer = self.ask("POST", f"{API}/ingestion/batches", body,
                          {"Content-Type": kind})
        self.assertEqual(answer.status, 202, answer.bytes)
        self.server.finished("a")
        report = self.ask("GET", f"{API}/ingestion/reports/a")
        self.assertEqual(report.bytes,
                         self.server.get(f"{API}/ingestion/reports/a").body)
        self.assertIn("max-age", report.getheader("Strict-Transport-Security"))

    def test_an_event_arrives_within_a_second_while_the_stream_is_open(self):
        c = self.connect()
        self.addCleanup(c.close)
        c.request("GET", f"{API}/ingestion/events")
        stream = c.getresponse()
        self.assertEqual(stream.getheader("Content-Type"),
                         "text/event-stream; charset=utf-8")
        while not stream.readline().startswith(b"id:"):
            pass  # the priming event
        self.server.post([("n.txt", samples.NOTE)], "a")
        sent = time.monotonic()
        while b"ingestion:received" not in stream.readline():
            pass
        self.assertLess(time.monotonic() - sent, 1)

    def staged(self):
        files = (self.server.folder / "st/.staging").glob("*/big.bin")
        return sum(f.stat().st_size for f in files)

    def test_an_upload_is_on_the_servers_disk_before_it_ends(self):
        body, kind = multipart([("big.bin", b"\n" * 24_000_000)], "a")
        c = self.connect()
        self.addCleanup(c.close)
        c.putrequest("POST", f"{API}/ingestion/batches")
        c.putheader("Content-Type", kind)
        c.putheader("Content-Length", str(len(body)))
        c.endheaders()
        half = len(body) // 2
        c.send(body[:half])
        # All but what the proxy's and the sockets' own buffers hold.
        wait_for(lambda: self.staged() > half - 8_000_000, 20)
        c.send(body[half:])
        self.assertEqual(c.getresponse().status, 202)

    def test_the_client_s_address_comes_through_and_no_claim_of_his(self):
        self.ask("GET", "/livez", headers={
            "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "gopher",
            "Forwarded": "for=203.0.113.9", "X-Mark": "this one"})
        head = next(h for h in bytes(self.tap.came).split(b"\r\n\r\n")
                    if b"this one" in h).decode().lower()
        lines = [x.partition(": ")[::2] for x in head.splitlines()[1:]]
        self.assertEqual([v for k, v in lines if k == "x-forwarded-for"],
                         ["127.0.0.1"])
        self.assertEqual([v for k, v in lines if k == "x-forwarded-proto"],
                         ["https"])
        self.assertNotIn("203.0.113.9", head)
        self.assertIn(("host", "localhost"),
                      [(k, v.partition(":")[0]) for k, v in lines])

    def test_the_page_signs_in_over_https_and_gives_orders(self):
        claire = self.server.add_token("claire", "auditor")
        self.assertEqual(self.ask("GET", f"{API}/session").status, 401)
        answer = self.ask("POST", f"{API}/session", headers=claire)
        self.assertEqual(answer.status, 200, answer.bytes)
        cookie = answer.getheader("Set-Cookie")
        self.assertIn("; Secure", cookie)  # by X-Forwarded-Proto
        # A browser without Sec-Fetch-Site, on a port of the proxy's own.
        mine = {"Cookie": cookie.split(";")[0],
                "Origin": f"https://localhost:{self.port}"}
        cancel = f"{API}/ingestion/batches/x/cancel"
        self.assertEqual(self.ask("POST", cancel, headers=mine).status, 404)
        other = mine | {"Origin": "https://localhost:1"}
        self.assertEqual(self.ask("POST", cancel, headers=other).status, 403)

    def test_plain_http_is_sent_to_https(self):
        c = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=30)
        self.addCleanup(c.close)
        c.request("GET", "/x", headers={"Host": "localhost"})
        answer = c.getresponse()
        self.assertIn(answer.status, (301, 308))
        self.assertRegex(answer.getheader("Location"), "^https://localhost.*/x$")


@unittest.skipUnless(shutil.which("nginx"), "no nginx")
class Nginx(Proxied, unittest.TestCase):
    def launch(self):
        text = (PROXY / "nginx.conf").read_text()
        for a, b in (("listen 80;", f"listen 127.0.0.1:{self.plain};"),
                     ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
                     ("server 127.0.0.1:8000;",
                      f"server 127.0.0.1:{self.tap.port};"),
                     ("vigie.example.org", "localhost"),
                     ("/etc/ssl/vigie/fullchain.pem", f"{self.folder}/c.pem"),
                     ("/etc/ssl/vigie/privkey.pem", f"{self.folder}/k.pem")):
            self.assertIn(a, text)
            text = text.replace(a, b)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj",
                        "/CN=localhost", "-keyout", self.folder / "k.pem",
                        "-out", self.folder / "c.pem"],
                       check=True, capture_output=True)
        own = "".join(f"{x}_temp_path {self.folder}/{x};\n" for x in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        main = self.folder / "nginx.conf"
        main.write_text(f"pid {self.folder}/pid;\ndaemon off;\n"
                        f"error_log stderr warn;\nevents {{}}\nhttp {{\n"
                        f"access_log off;\n{own}{text}}}\n")
        return self.run_proxy("nginx", "-c", main, "-e", "stderr")


@unittest.skipUnless(shutil.which("caddy"), "no caddy")
class Caddy(Proxied, unittest.TestCase):
    def launch(self):
        main = self.folder / "Caddyfile"
        main.write_text("{\nadmin off\nskip_install_trust\n"
                        f"http_port {self.plain}\nhttps_port {self.port}\n}}\n"
                        f"import {PROXY}/Caddyfile\n")
        return self.run_proxy(
            "caddy", "run", "--config", main, "--adapter", "caddyfile",
            VIGIE_SITE="localhost", VIGIE_UPSTREAM=f"127.0.0.1:{self.tap.port}",
            HOME=str(self.folder), XDG_DATA_HOME=str(self.folder / "data"))
