"""A peer with a good certificate that does what no vigie-worker does."""
import pathlib
import re
import socket
import ssl
import subprocess
import time
import unittest

import samples
from harness import BUILD, Node, Server, status_of, wait_for
from test_admin import node as worker


def core():
    return Server(workers=0, env={"GEMINI_ENABLED": "false"})


def rogue(server, bundle, how, timeout=60):
    return subprocess.run([BUILD / "vigie-rogue", server.gate, bundle, how],
                          capture_output=True, text=True,
                          timeout=timeout).stdout.strip()


def memory_mb(pid):
    return status_of(pid, "VmRSS") / 1024


class Rogues(unittest.TestCase):
    def works(self, server, name):
        server.post([("n.txt", samples.NOTE)], name)
        self.assertEqual(server.finished(name)["status"], "completed")

    def test_nobody_ends_the_gate_or_the_node_of_another(self):
        with core() as server, Node(server) as node:
            bundle = server.bundle("bad")
            for how in ("kill", "down", "nested", "answer"):
                wait_for(lambda: rogue(server, bundle, "none") == "connected",
                         20)  # the door knows a bundle after two seconds
                self.assertEqual(rogue(server, bundle, how), "cut off")
                self.works(server, how)
            self.assertEqual(node.joins(), 1)
            said = server.log.read_text()
            self.assertIn("bad (127.0.0.1) was cut off: broke the protocol of "
                          "workers (sends a message that is no worker's: "
                          "@<>+@exit", said)
            self.assertIn("no worker's: @<>+@down", said)
            self.assertIn("no worker's: @<>+@atom+@message", said)
            self.assertIn("(answers what nobody asked it)", said)
            self.assertNotIn("gate of the nodes has ended", said)

    def test_a_stolen_bundle_cannot_play_the_server(self):
        with core() as server:
            pki = server.folder / "st" / ".pki"
            stolen = server.bundle("stolen")
            for cert, key, good in ((stolen, stolen, False),
                                    (pki / "core.pem", pki / "core.key", True)):
                tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                tls.load_cert_chain(cert, key)
                tls.load_verify_locations(pki / "ca.pem")
                tls.verify_mode = ssl.CERT_REQUIRED
                with socket.create_server(("127.0.0.1", 0)) as door:
                    door.settimeout(20)
                    address = f"127.0.0.1:{door.getsockname()[1]}"
                    with worker(server, "honest", address):
                        peer = door.accept()[0]
                        peer.settimeout(10)
                        try:
                            tls.wrap_socket(peer, server_side=True).close()
                            self.assertTrue(good, "a node believed a bundle")
                        except ssl.SSLError as e:
                            self.assertFalse(good, e)
                            self.assertIn("CERTIFICATE", str(e).upper())

    def test_a_flood_of_requests_is_heard_at_its_pace(self):
        with core() as server, Node(server) as node:
            bundle = server.bundle("bad")
            wait_for(lambda: rogue(server, bundle, "none") == "connected", 20)
            before = memory_mb(server.process.pid)
            for how in ("pulls", "fetches", "hoard"):
                if how == "hoard":  # it is the only one to give it to
                    node.stop()
                    server.post([("big.txt", b"line\n" * 300_000)], "big")
                process = subprocess.Popen(
                    [BUILD / "vigie-rogue", server.gate, bundle, how],
                    stdout=subprocess.DEVNULL)
                try:
                    time.sleep(2 if how == "hoard" else 1)
                    if how == "hoard":
                        self.assertIn(") T ", pathlib.Path(
                            f"/proc/{process.pid}/stat").read_text())
                        node.start()
                    began = time.monotonic()
                    self.works(server, how)
                    took = time.monotonic() - began
                finally:
                    process.kill()
                    process.wait()
                grown = memory_mb(server.process.pid) - before
                print(f"\n{how}: a note took {took:.2f} s beside the flood, "
                      f"{grown:.0f} MB more", end=" ")
                # 64 MiB of unread chunks, in a buffer that grows by doubling.
                self.assertLess(grown, 250 if how == "hoard" else 100)
                self.assertLess(took, 10)

    def told(self, server, bundle):
        self.last = rogue(server, bundle, "none")
        return self.last

    def test_certificate_and_token_are_of_one_bundle(self):
        with core() as server:
            mixed = pathlib.Path(server.bundle("mixed"))
            token = re.compile(r"-----BEGIN VIGIE.*?-----END VIGIE[^\n]*\n",
                               re.S)
            other = token.search(
                pathlib.Path(server.bundle("other")).read_text())[0]
            text = mixed.read_text()
            self.assertEqual(len(token.findall(text)), 1)
            mixed.write_text(token.sub(lambda _: other, text))
            wait_for(lambda: "other" in (self.told(server, mixed)), 20)
            self.assertIn("other: the join token of another bundle",
                          self.last)
            self.assertIn("a node was refused: other", server.log.read_text())


if __name__ == "__main__":
    unittest.main()
