"""vigied --check-config and --print-config."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import BUILD, SOURCE


class Config(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = pathlib.Path(self.folder.name) / "vigie.toml"

    def vigied(self, *words, toml="", **env):
        self.file.write_text(toml)
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
        return subprocess.run(
            [BUILD / "vigied", "--config", self.file, *words], env=kept | env,
            cwd=self.folder.name, capture_output=True, text=True, timeout=30)

    def test_a_start_that_would_be_refused_is(self):
        for words, why in (
                (["--listen", "0.0.0.0:8001"], "there is no token"),
                (["--config", self.folder.name], ": is a folder")):
            done = self.vigied("--check-config", *words)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(why, done.stderr)

    def test_good_settings_are_called_good(self):
        done = self.vigied("--check-config")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("The settings are good: HTTP on 127.0.0.1:8000, nodes "
                      "on 127.0.0.1:4711, storage in "
                      f"{self.folder.name}/var/storage.", done.stdout)
        shipped = subprocess.run(
            [BUILD / "vigied", "--check-config", "--config",
             SOURCE / "config" / "vigie.toml"],
            env={}, cwd="/", capture_output=True, text=True, timeout=30)
        self.assertEqual((shipped.returncode, shipped.stderr), (0, ""))
        self.assertEqual(list(pathlib.Path(self.folder.name).iterdir()),
                         [self.file], "nothing was made")

    def test_a_word_that_is_no_command_is_named(self):
        done = subprocess.run([BUILD / "vigied", "tokn", "add"], timeout=30,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr),
                         (2, "vigied: tokn: no such command; did you mean "
                             "token?; see vigied --help\n"))

    def test_everything_that_is_wrong_is_said(self):
        done = self.vigied(
            "--check-config", "--lisen", "x", VIGIE_WORKER="1",
            GEMINI_API_KEY="k",
            toml='[http]\nthread = 4\n[analysis]\nrules_file = "none.json"\n'
                 '[gemini]\nprompts_dir = "nowhere"\nmax_retries = 12\n')
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        said = done.stderr.splitlines()
        for words in ("--lisen: no such flag; did you mean --listen?",
                      "VIGIE_WORKER: no such variable; did you mean "
                      "VIGIE_WORKERS?",
                      "http.thread (line 2): no such setting; did you mean "
                      "http.threads?",
                      'gemini.max_retries (line 7): "12" is not a number from '
                      "0 to 11",
                      "analysis.rules_file: ", "gemini.prompts_dir: "):
            self.assertEqual(len([s for s in said if words in s]), 1,
                             (words, said))
        self.assertEqual(len(said), 6, said)

    def test_a_start_says_them_all_too(self):
        done = self.vigied("--workers", "x", toml="[http]\nthread = 4\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--workers", done.stderr)
        self.assertIn("http.thread (line 2)", done.stderr)

    def test_what_is_printed_can_be_read_back(self):
        first = self.vigied(
            "--print-config", "--workers", "3", GEMINI_API_KEY="k-secret",
            OCR_LANGUAGES="en", toml='[storage]\npath = "here"\n')
        self.assertEqual((first.returncode, first.stderr), (0, ""))
        for line in ("local = 3 # flag --workers",
                     'ocr_languages = "eng" # environment OCR_LANGUAGES',
                     f'path = "{self.folder.name}/here" # file',
                     "threads = 16 # default",
                     '# api_key = "********" # environment GEMINI_API_KEY'):
            self.assertIn("\n" + line + "\n", first.stdout)
        self.assertNotIn("k-secret", first.stdout)
        again = self.vigied("--print-config", toml=first.stdout,
                            GEMINI_API_KEY="k-secret")

        def values(text):
            return [line.partition(" # ")[0] for line in text.splitlines()]
        self.assertEqual((again.returncode, again.stderr), (0, ""))
        self.assertEqual(values(again.stdout), values(first.stdout))

    def test_help_lists_the_flags(self):
        help_text = subprocess.run(
            [BUILD / "vigied", "--help"], capture_output=True, text=True,
            timeout=30).stdout
        for flag in ("--config FILE", "--listen HOST:PORT", "--workers N",
                     "--check-config", "--print-config", "--version",
                     "(VIGIE_REMOTE_LISTEN)", "vigied cert"):
            self.assertIn(flag, help_text)


if __name__ == "__main__":
    unittest.main()
