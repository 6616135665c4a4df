"""SSE: nothing missed, nothing doubled, and thousands who only listen."""
import random
import resource
import socket
import threading
import unittest

from harness import API, Events, Server, wait_for

SUBSCRIBERS = 5_000


class Replay(unittest.TestCase):
    def test_two_hundred_disconnects_equal_the_log(self):
        rng = random.Random(7)
        with Server(workers=2) as server:
            whole = Events(server)
            whole.ready.wait(10)
            posting = threading.Thread(target=lambda: [
                server.post([(f"{n}.txt", b"Extincteur absent %d" % k)
                             for n in range(4)], f"r{k}") for k in range(40)])
            posting.start()
            seen, last = [], 0
            for _ in range(200):
                part = Events(server, last_id=last)
                part.ready.wait(10)
                want = rng.randrange(4)
                with_some = lambda: len(part.seen) >= want or part.closed.is_set()
                try:
                    wait_for(with_some, 0.3)
                except AssertionError:
                    pass  # a quiet moment: cut all the same
                part.close()
                seen += part.seen
                last = seen[-1][0] if seen else 0
            posting.join()
            for k in range(40):
                server.finished(f"r{k}")
            end = server.get(f"{API}/ingestion/batches/r39").json()["event_cursor"]
            tail = Events(server, last_id=last)
            wait_for(lambda: last >= int(end)
                     or (tail.seen and tail.seen[-1][0] >= int(end)), 20)
            wait_for(lambda: whole.seen[-1][0] >= int(end), 20)
            tail.close()
            whole.close()
            ids = [i for i, _ in seen + tail.seen]
            self.assertEqual(ids, list(range(1, int(end) + 1)))
            self.assertEqual(seen + tail.seen, whole.seen)

    def test_an_id_of_another_life_gets_a_reset(self):
        with Server(workers=0) as server:
            for bad in ("999999", "word"):
                events = Events(server, last_id=bad)
                wait_for(lambda: events.named, 10)
                self.assertEqual(events.named[0][0], "reset")
                events.close()

    def test_one_batch_can_be_watched_alone(self):
        with Server() as server:
            one = Events(server, query="?batch_id=mine")
            one.ready.wait(10)
            for batch in ("other", "mine"):
                server.post([("n.txt", b"rien")], batch)
                server.finished(batch)
            wait_for(lambda: "report:available" in one.codes("mine"), 10)
            one.close()
            self.assertEqual({d["batchId"] for _, d in one.seen}, {"mine"})


class Crowd(unittest.TestCase):
    def test_five_thousand_listeners_cost_no_thread(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < SUBSCRIBERS + 500:
            self.skipTest(f"only {hard} open files are allowed here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with Server(workers=1) as server:
            server.post([("n.txt", b"rien")], "warm")
            server.finished("warm")
            threads, memory = server.status("Threads"), server.status("VmRSS")
            ask = (f"GET {API}/ingestion/events HTTP/1.1\r\nHost: x\r\n\r\n"
                   ).encode()
            crowd = []
            for _ in range(SUBSCRIBERS):
                s = socket.create_connection(("127.0.0.1", server.port), 30)
                s.sendall(ask)
                crowd.append(s)
            for s in crowd:
                while b"id: " not in s.recv(4096):
                    pass
            each = (server.status("VmRSS") - memory) * 1024 / SUBSCRIBERS
            print(f"\n{SUBSCRIBERS} subscribers: {each:.0f} bytes each, "
                  f"{server.status('Threads') - threads} threads more")
            self.assertLessEqual(server.status("Threads"), threads)
            self.assertLess(each, 10_240)
            server.post([("n.txt", b"rien")], "told")
            for s in crowd:
                got = b""
                while b"ingestion:received" not in got:
                    got += s.recv(65_536)
                s.close()
            self.assertEqual(server.get("/livez").status, 200)
