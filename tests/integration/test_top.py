"""vigie-admin top in a real terminal, which is tmux's."""
import os
import re
import shlex
import signal
import subprocess
import tempfile
import unittest

import samples
from harness import BUILD, Server, gate_port, wait_for
from test_admin import Operator

OFF = {"GEMINI_ENABLED": "false"}


class Terminal:
    """A tmux server of our own with one window: a shell that runs a command
    and then says how that ended and how it left the terminal."""

    def __init__(self, command, width=80, height=24):
        self.folder = tempfile.TemporaryDirectory(prefix="tmux-")
        after = ("; echo code=$?; stty -a | tr ';' '\\n' | "
                 "grep -wE 'icanon|echo' | xargs echo left; exec sleep 1000")
        self.tmux("new-session", "-d", "-x", str(width), "-y", str(height),
                  "bash", "-c", shlex.join(str(w) for w in command) + after)
        self.shell = int(self.tmux("display", "-p", "#{pane_pid}"))

    def tmux(self, *words):
        env = {k: v for k, v in os.environ.items() if k != "TMUX"}
        return subprocess.run(
            ["tmux", "-f", "/dev/null", "-S", self.folder.name + "/socket",
             *words], env=env | {"LC_ALL": "C.UTF-8"}, check=True, timeout=15,
            capture_output=True, text=True).stdout

    def lines(self):
        return self.tmux("capture-pane", "-p").split("\n")[:-1]

    def text(self):
        return "\n".join(self.lines())

    def shows(self, pattern, within=20):
        return wait_for(lambda: re.search(pattern, self.text()), within)

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def program(self):
        with open(f"/proc/{self.shell}/task/{self.shell}/children") as f:
            return int(f.read().split()[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")
        self.folder.cleanup()


def top_of(ops, *words):
    return Terminal([BUILD / "vigie-admin", "--connect", ops.address(),
                     "--bundle", ops.bundle, "top", *words])


class Top(unittest.TestCase):
    def ended(self, t, code=0):
        t.shows(rf"code={code}\n")
        said = t.shows(r"left (.*)")[1].split()
        self.assertIn("icanon", said)
        self.assertIn("echo", said)

    def test_a_picture_that_lives_is_resized_and_left(self):
        with Server(workers=2, fault="sleep:60000:slow", env=OFF) as server:
            ops = Operator(server)
            server.post([("slow.txt", samples.NOTE)], "b-1")
            with top_of(ops) as t:
                t.shows(r"slot \d +local .* work +no answer [\d.]+ s")
                self.assertEqual(len(t.lines()), 24)
                self.assertIn("q quit", t.lines()[-1])
                t.shows(r"nodes   local  1/2 slots, heard \d+ m?s")
                t.shows(r"streams 0 clients")
                t.shows(r"pipeline +server +b-1 ")
                if where := os.environ.get("VIGIE_TOP_CAPTURE"):
                    with open(where, "w") as f:
                        f.write(t.text() + "\n")
                first = t.shows(r"\d\d:\d\d:\d\d")[0]
                wait_for(lambda: first not in t.text(), 10)  # it is refreshed
                t.resize(110, 40)
                wait_for(lambda: len(t.lines()) == 40
                         and "q quit" in t.lines()[-1], 10)
                t.resize(60, 12)
                wait_for(lambda: len(t.lines()) == 12
                         and "q quit" in t.lines()[-1], 10)
                t.resize(80, 24)
                t.keys("k", "s", "l", "o", "t", "Enter")
                t.shows(r"k kind: slot")
                self.assertNotIn("store_keeper", t.text())
                t.keys("Escape")
                t.shows(r"store_keeper")
                t.keys("p")
                t.shows(r"\d\d paused")
                t.keys("?")
                t.shows(r"Each line is one live actor")
                t.keys("q")
                self.ended(t)
            self.assertEqual(server.get_log().count("admin ops: top"), 1)

    def test_a_signal_leaves_the_terminal_as_it_was(self):
        with Server(workers=0, env=OFF) as server:
            ops = Operator(server)
            for number in (signal.SIGTERM, signal.SIGHUP):
                with top_of(ops) as t:
                    t.shows("store_keeper")
                    os.kill(t.program(), number)
                    self.ended(t)
            with top_of(ops) as t:
                t.shows("store_keeper")
                t.keys("C-c")
                self.ended(t)

    def test_it_ends_with_its_terminal(self):
        with Server(workers=0, env=OFF) as server:
            with top_of(Operator(server)) as t:
                t.shows("store_keeper")
                program = t.program()
                t.tmux("kill-session")
                wait_for(lambda: not os.path.exists(f"/proc/{program}"), 10)
                t.tmux("new-session", "-d", "sleep", "9")

    def test_it_waits_for_a_server_that_comes_back(self):
        gate = f"127.0.0.1:{gate_port()}"
        with Server(workers=0, env=OFF, gate=gate) as server:
            with top_of(Operator(server)) as t:
                t.shows("store_keeper")
                server.kill()
                t.shows(r"no picture for .*: (cannot reach|127)", 30)
                self.assertIn("store_keeper", t.text())
                server.start()
                t.shows(r"vigied 127.0.0.1:\d+ +\d\d:\d\d:\d\d", 30)
                t.keys("q")
                self.ended(t)

    def test_without_a_terminal_it_says_so(self):
        with Server(workers=0, env=OFF) as server:
            done = Operator(server).run("top")
            self.assertEqual(done.returncode, 2)
            self.assertIn("top needs a terminal", done.stderr)
