"""What systemd is told, and what the units leave to the server."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

import samples
from harness import BUILD, SOURCE, Node, Server, children_of, status_of

UNITS = SOURCE / "packaging/systemd"


class Notify(unittest.TestCase):
    def told(self, name):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.bind(name.replace("@", "\0", 1))
            s.settimeout(30)
            with Server(workers=0, env={"NOTIFY_SOCKET": name}) as server:
                self.assertEqual(s.recv(100), b"READY=1")
                self.assertEqual(server.get("/readyz").status, 200)
                self.assertEqual(server.stop(), 0)
                self.assertEqual(s.recv(100), b"STOPPING=1")

    def test_ready_is_told_once_it_is_and_stopping_when_it_stops(self):
        with tempfile.TemporaryDirectory() as folder:
            self.told(folder + "/notify")
        self.told(f"@vigie-test-{os.getpid()}")

    def test_a_socket_that_nobody_has_or_no_name_at_all_changes_nothing(self):
        for name in ("/nowhere/notify", "x", "/" + "x" * 200):
            with Server(workers=0, env={"NOTIFY_SOCKET": name}) as server:
                self.assertEqual(server.stop(), 0)


class UnderUnit:
    """A host whose programs run under a unit's restrictions."""

    def __init__(self, name, writable=None):
        """writable: the folder that mounts leave writable; else no mounts."""
        mounts = SOURCE / "tests/integration/mounts_of_unit.sh"
        self.prefix = (*((mounts, writable) if writable else ()),
                       "/usr/bin/python3",
                       str(SOURCE / "tests/integration/under_unit.py"),
                       str(UNITS / name))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class Hardened(unittest.TestCase):
    def test_slots_do_every_kind_of_work_under_the_restrictions(self):
        with Server(host=UnderUnit("vigied.service")) as server:
            pid = server.process.pid
            self.assertEqual(status_of(pid, "NoNewPrivs"), 1)
            caps = pathlib.Path(f"/proc/{pid}/status").read_text()
            self.assertIn("CapBnd:\t0000000000000000", caps)
            self.assertGreaterEqual(status_of(pid, "Seccomp_filters"), 2)
            self.whole(server, "a")
            # The sandbox's own filter is there, on top.
            slot = children_of(server.node())[0]
            self.assertGreater(status_of(slot, "Seccomp_filters"),
                               status_of(pid, "Seccomp_filters"))
            self.assertEqual(server.stop(), 0)

    def whole(self, server, batch):
        self.assertEqual(
            server.post(samples.one_of_each(), batch).status, 202)
        view = server.finished(batch, 120)
        self.assertEqual(view["status"], "completed", view["last_error"])
        self.assertEqual({f["status"] for f in view["files"]}, {"done"},
                         [f["warnings"] for f in view["files"]])

    @unittest.skipUnless(os.geteuid() == 0 and all(
        p.stat().st_mode & 1 for p in (BUILD, *BUILD.parents)),
        "needs root, and a build folder that others may enter")
    def test_they_do_so_with_its_mounts_and_as_a_user_of_their_own(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="vigie-unit-",
                                               dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, folder, True)
        folder.chmod(0o755)
        (folder / "st").mkdir(0o750)
        shutil.chown(folder / "st", 65534, 65534)
        with Server(folder, host=UnderUnit("vigied.service",
                                           folder)) as server:
            pid = server.process.pid
            self.assertEqual(status_of(pid, "Uid"), 65534)
            mounts = pathlib.Path(f"/proc/{pid}/mounts").read_text()
            self.assertRegex(mounts, r"(?m)^\S+ / \S+ ro[, ]")
            self.whole(server, "a")
            self.assertEqual(server.stop(), 0)

    def test_a_node_works_under_its_unit_with_a_bundle_as_systemd_lends_it(self):
        with Server(workers=0) as server:
            server.bundle("node-a").chmod(0o400)
            with Node(server, host=UnderUnit("vigie-worker.service")) as node:
                self.whole(server, "a")
                self.assertEqual(node.stop(), 0)

    def test_what_the_unit_forbids_is_forbidden(self):
        program = ("import os, socket, errno\n"
                   "def no(call, why):\n"
                   "    try: call()\n"
                   "    except OSError as e: assert e.errno == why, e\n"
                   "    else: raise SystemExit('allowed')\n"
                   "no(lambda: os.chown('/tmp', 0, 0), errno.EPERM)\n"
                   "no(lambda: socket.socket(socket.AF_NETLINK),"
                   " errno.EAFNOSUPPORT)\n"
                   "no(lambda: os.mkdir('/tmp/x', 0o2755), errno.EPERM)\n"
                   "no(lambda: os.setuid(0), errno.EPERM)\n")
        done = subprocess.run([*UnderUnit("vigied.service").prefix,
                               "/usr/bin/python3", "-c", program],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_the_units_are_sound_and_their_exposure_is_low(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("vigied", "vigie-worker"):
                text = (UNITS / f"{name}.service").read_text()
                unit = pathlib.Path(folder, f"{name}.service")
                unit.write_text(text.replace("/usr/bin/", f"{BUILD}/"))
                done = subprocess.run(
                    ["systemd-analyze", "verify", "--man=no", unit],
                    capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                done = subprocess.run(
                    ["systemd-analyze", "security", "--offline=yes",
                     "--threshold=15", unit],
                    capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stdout)
                print("\n" + done.stdout.strip().splitlines()[-1])
                bound = int(text.split("TimeoutStopSec=")[1].split()[0])
                self.assertGreater(bound, 20 + 5)  # drain_seconds + 5
