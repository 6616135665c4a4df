"""Clients that keep so many batches of small notes at work, no more."""
import http.client
import threading
import time

from running import API

EDGE = b"edge-of-the-simulation"
CLIENTS = 32  # a POST waits for a commit: with few, they are the limit
LINE = b"porte de secours ouverte au sous-sol, extincteur absent\n"


def body(batch, files, size):
    """Each note another: the same twice would be told as a duplicate."""
    out, text = [], LINE * (size // len(LINE))
    for n in range(files):
        out.append(b'--%s\r\nContent-Disposition: form-data; name="files"; '
                   b'filename="n%d.txt"\r\nContent-Type: text/plain\r\n\r\n'
                   b'visite %d, note %d\n%s\r\n'
                   % (EDGE, n, batch, n, text))
    return b"".join(out) + b"--%s--\r\n" % EDGE


class Feeder:
    """Posts whenever `allow()` says that there is room for more; with a pace
    (batches a second) no sooner than that allows."""

    def __init__(self, port, files, size, pace=0):
        self.port, self.pace = port, pace
        self.files, self.size = files, size
        self.due = time.monotonic()
        self.lock = threading.Condition()
        self.permits = self.posted = self.under_way = 0
        self.ended, self.failed = False, None
        self.clients = [threading.Thread(target=self._client, daemon=True)
                        for _ in range(CLIENTS)]
        for c in self.clients:
            c.start()

    def allow(self, most, ended):
        """`ended` of the batches posted so far are over; `most` at work."""
        with self.lock:
            if self.failed:
                raise RuntimeError(f"a POST failed: {self.failed}")
            self.permits = most - (self.posted + self.under_way - ended)
            self.lock.notify_all()

    def _turn(self):
        with self.lock:
            self.lock.wait_for(lambda: self.permits > 0 or self.ended)
            if self.ended:
                return None
            self.permits -= 1
            self.under_way += 1
            number = self.posted + self.under_way
            if self.pace:
                self.due += 1 / self.pace
            due = self.due
        time.sleep(max(0, due - time.monotonic()))
        return number

    def _client(self):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        head = {"Content-Type":
                f"multipart/form-data; boundary={EDGE.decode()}"}
        while (number := self._turn()) is not None:
            try:
                c.request("POST", f"{API}/batches",
                          body(number, self.files, self.size), head)
                answer = c.getresponse()
                answer.read()
                if answer.status != 202:
                    raise RuntimeError(f"status {answer.status}")
            except Exception as e:
                with self.lock:
                    if not self.ended:
                        self.failed = e
                return
            with self.lock:
                self.under_way -= 1
                self.posted += 1

    def end(self):
        with self.lock:
            self.ended = True
            self.lock.notify_all()
        for c in self.clients:
            c.join(130)
