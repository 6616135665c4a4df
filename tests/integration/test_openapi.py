"""The document itself, as it is served, and that the check of answers bites."""
import json
import unittest

import openapi
from harness import DOCUMENT, SOURCE, Server

FILE = SOURCE / "build" / "web" / "dist" / "openapi.json"


def examples(node, schema=None):
    """(schema, value) of every example of the document."""
    if isinstance(node, list):
        for inner in node:
            yield from examples(inner)
    if not isinstance(node, dict):
        return
    for name, inner in node.items():
        if name == "schema" and "example" in node:
            yield inner, node["example"]
        if name == "schema" and "examples" in node:
            for one in node["examples"].values():
                yield inner, DOCUMENT.whole["components"]["examples"][
                    one["$ref"].rpartition("/")[2]]["value"]
        if name == "examples" and isinstance(inner, list):
            bare = {k: v for k, v in node.items() if k != "examples"}
            yield from ((bare, value) for value in inner)
        yield from examples(inner)


class TheDocument(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(workers=0)
        cls.addClassCleanup(cls.server.close)

    def test_it_is_served_as_it_was_built(self):
        served = self.server.get("/openapi.json")
        self.assertEqual(served.headers["content-type"], "application/json")
        self.assertEqual(served.body, FILE.read_bytes())
        self.assertEqual(served.json()["openapi"], "3.1.0")

    def test_the_page_to_browse_it_needs_nothing_from_elsewhere(self):
        page = self.server.get("/docs")
        self.assertEqual(page.status, 200)
        policy = page.headers["content-security-policy"]
        self.assertTrue(policy.startswith("default-src 'self'; "), policy)
        self.assertNotIn("http", policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotIn(b"http", page.body.lower().replace(b"http api", b""))

    def test_every_example_fits_its_schema(self):
        found = list(examples({k: DOCUMENT.whole[k]
                               for k in ("paths", "components")}))
        self.assertGreater(len(found), 10)
        for schema, value in found:
            if schema == {"type": "string"}:  # the stream
                continue
            self.assertIsNone(DOCUMENT.fault(schema, json.dumps(value)), value)


class TheCheck(unittest.TestCase):
    def refused(self, part, *answer):
        with self.assertRaises(AssertionError) as said:
            DOCUMENT.check_answer(*answer)
        openapi.FAULTS.pop()
        self.assertIn(part, str(said.exception))

    def test_what_is_not_documented_fails(self):
        good = {"content-type": "application/json"}
        self.refused("not documented", "GET", "/metricz", 200, good, b"{}")
        self.refused("not documented", "GET", "/livez", 202, good, b"{}")
        self.refused("not documented", "PUT", "/livez", 200, good, b"{}")
        self.refused("media type", "GET", "/livez", 200,
                     {"content-type": "text/plain"}, b"ok")
        self.refused("status", "GET", "/livez", 200, good, b'{"status":"so"}')
        self.refused("more", "GET", "/livez", 200, good,
                     b'{"status":"ok","more":1}')
        self.refused("no Retry-After", "GET", "/readyz", 503,
                     {"content-type": "application/problem+json"}, b"{}")
        DOCUMENT.check_answer("GET", "/livez", 200, good, b'{"status":"ok"}')

    def test_an_event_that_is_not_documented_fails(self):
        for name, data in (("surprise", "{}"), (None, '{"status":"failed"}'),
                           (None, '{"batchId":"a","status":"lost"}'),
                           ("keepalive", '{"a":1}')):
            with self.assertRaises(AssertionError):
                DOCUMENT.check_event(name, data)
            openapi.FAULTS.pop()
        DOCUMENT.check_event(None, '{"batchId":"a","status":"failed"}')


if __name__ == "__main__":
    unittest.main()
