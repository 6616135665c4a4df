"""The fault run, in small."""
import subprocess
import sys
import unittest

from harness import BUILD, SOURCE


class AFaultRun(unittest.TestCase):
    def test_nothing_is_lost_while_processes_are_killed(self):
        done = subprocess.run(
            [sys.executable, SOURCE / "tools" / "fault_run.py", BUILD,
             "--batches", "30", "--seconds", "15", "--settle", "90"],
            capture_output=True, text=True, timeout=180)
        print("\n" + done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
