"""What the tests of nodes share."""
import pathlib
import sqlite3
import threading

from harness import API, Server, wait_for

BATCHES = f"{API}/ingestion/batches"
NO_GEMINI = {"GEMINI_ENABLED": "false"}


def core(**more):
    return Server(workers=0, env=NO_GEMINI, **more)


def codes(view):
    return [e["code"] for e in view["timeline"]]


def cmdline(pid):
    return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()


def states(view):
    return {f["filename"]: f["status"] for f in view["files"]}


def at_work(node):
    """A slot has a file before it."""
    return wait_for(lambda: list(node.temp.glob("slot-*/in/evidence")), 20)


def together(*facts):
    """Each waits for most of its time: they wait at the same time."""
    failed = []

    def prove(fact):
        try:
            fact()
        except BaseException as e:  # told by the thread that asked
            failed.append((fact.__name__, e))
    threads = [threading.Thread(target=prove, args=(f,)) for f in facts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for name, e in failed:
        raise AssertionError(f"{name}: {e!r}") from e


def rows_of(server, question):
    db = sqlite3.connect(server.folder / "st" / "vigie.db")
    try:
        return db.execute(question).fetchall()
    finally:
        db.close()
