"""cmake --install: what arrives works from there, and the pages tell of it."""
import gzip
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import samples
from harness import API, BUILD, SOURCE, Server

PROGRAMS = ("vigied", "vigie-worker", "vigie-admin")
PAGES = SOURCE / "docs/man"


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.prefix = pathlib.Path(tempfile.mkdtemp(prefix="vigie-prefix-"))
        cls.addClassCleanup(shutil.rmtree, cls.prefix, True)
        # Configured for /usr it would write to /etc, whatever the prefix here.
        if "CMAKE_INSTALL_PREFIX:PATH=/usr\n" in (
                BUILD / "CMakeCache.txt").read_text():
            raise AssertionError("this build is one for a package")
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix],
                       check=True, capture_output=True, timeout=120)

    def test_the_installed_server_serves_a_batch_and_its_page(self):
        settings = self.prefix / "etc/vigie/vigie.toml"
        self.assertIn('path = "/var/lib/vigie"', settings.read_text())
        with Server(program=self.prefix / "bin/vigied",
                    config=settings) as server:
            server.post([("n.txt", samples.NOTE)], "a")
            view = server.finished("a")
            self.assertEqual(view["status"], "completed", view["last_error"])
            # By the rules that were installed.
            self.assertIn("incendie", {o["label"] for o in view["observations"]})
            report = server.get(f"{API}/ingestion/reports/a")
            self.assertTrue(report.body.startswith(b"%PDF-"))
            self.assertIn(b"<div id=\"root\"", server.get("/").body)
            self.assertEqual(server.stop(), 0)

    def test_everything_a_system_needs_is_there(self):
        share = self.prefix / "share"
        for path in ("etc/vigie/observation_rules.json",
                     "etc/vigie/vision_classes.json",
                     "etc/vigie/prompts/image_audit.fr.md",
                     "etc/default/vigied", "etc/default/vigie-worker",
                     "lib/systemd/system/vigied.service",
                     "lib/systemd/system/vigie-worker.service",
                     "share/bash-completion/completions/vigie-admin",
                     "share/doc/vigie/copyright", "share/doc/vigie/LICENSE",
                     "share/doc/vigie/operations.md",
                     "share/doc/vigie/examples/proxy/nginx.conf",
                     "share/doc/vigie/examples/proxy/Caddyfile"):
            self.assertTrue((self.prefix / path).is_file(), path)
        for folder in ("grafana", "prometheus"):
            for path in (SOURCE / "config" / folder).glob("*"):
                self.assertTrue((share / "doc/vigie/examples" / folder
                                 / path.name).is_file(), path)
        self.assertIn("complete -F _vigie_admin vigie-admin", (
            share / "bash-completion/completions/vigie-admin").read_text())
        for name in PROGRAMS:
            page = gzip.decompress(
                (share / f"man/man1/{name}.1.gz").read_bytes())
            self.assertEqual(page, (PAGES / f"{name}.1").read_bytes())

    def test_every_package_in_the_page_is_in_the_copyright_file(self):
        told = (self.prefix / "share/doc/vigie/copyright").read_text()
        named = re.findall(r'^    "([^"]+)": "', re.search(
            r'"dependencies": \{(.*?)\}', (SOURCE / "web/package.json")
            .read_text(), re.S)[1], re.M)
        self.assertGreater(len(named), 5)
        for name in named:
            wild = "web/" + name.split("/")[0] + "/*"
            self.assertTrue(f"web/{name}" in told or wild in told, name)


class ManPages(unittest.TestCase):
    def test_a_page_names_every_flag_that_help_tells(self):
        subs = ((), ("token",), ("cert",), ("backup",))
        for name in PROGRAMS:
            page = (PAGES / f"{name}.1").read_text()
            told = set(re.findall(r"Fl -([a-z-]+)", page))
            told |= set(re.findall(r", -([a-z-]+)", page))
            for words in subs if name == "vigied" else ((),):
                helped = subprocess.run([BUILD / name, *words, "--help"],
                                        capture_output=True, text=True,
                                        timeout=30, check=True).stdout
                # Each flag of a line that tells flags; not those of a sentence.
                flags = set(re.findall(r"(?:^ +|\[|, )--([a-z][a-z-]*)",
                                       helped, re.M))
                self.assertTrue(flags)
                for flag in flags:
                    self.assertIn(flag, told, name)

    def test_the_page_of_the_admin_tool_names_every_command(self):
        helped = subprocess.run([BUILD / "vigie-admin", "--help"], text=True,
                                capture_output=True, timeout=30, check=True)
        commands = set(re.findall(r"^  ([a-z]+(?: [a-z]+)?)[ A-Z]*  ",
                                  helped.stdout, re.M))
        self.assertGreater(len(commands), 10)
        told = re.findall(r"^\.It Cm ([a-z]+(?: [a-z]+)?)",
                          (PAGES / "vigie-admin.1").read_text(), re.M)
        self.assertEqual(set(told), commands)

    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc")
    def test_the_pages_are_well_formed(self):
        for page in sorted(PAGES.glob("*.1")):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page],
                                  capture_output=True, text=True, timeout=30)
            self.assertEqual((done.returncode, done.stdout), (0, ""), page)
