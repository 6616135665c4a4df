#!/usr/bin/env python3
"""Runs every integration test against the programs of a build folder.
Usage: run_tests.py BUILD [unittest arguments, e.g. -k Replay]"""
import os
import pathlib
import sys
import unittest

if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parent
    os.environ["TEST_BUILD"] = str(pathlib.Path(sys.argv[1]).resolve())
    sys.path.insert(0, str(here))
    sys.dont_write_bytecode = True
    ended = unittest.main(module=None, exit=False, argv=[
        "run_tests.py", "discover", "-v", "-s", str(here), "-p", "test_*.py",
        *sys.argv[2:]])
    import openapi
    for fault in openapi.FAULTS:
        print("openapi.yaml:", fault, file=sys.stderr)
    sys.exit(bool(openapi.FAULTS) or not ended.result.wasSuccessful())
