"""Every answer and every event that a test sees, against the API's document."""
import functools
import hashlib
import json
import re

from jsonschema import Draft202012Validator

FAULTS = []  # of this run; a test may have swallowed one in a thread


class Document:
    """What the build serves at /openapi.json. Objects are closed here: a field
    that the document does not name is a fault."""

    def __init__(self, file):
        self.whole = json.loads(file.read_text())
        self.paths = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path)
                      for path in self.whole["paths"]]
        closed(self.whole["components"]["schemas"])
        self.seen = set()  # answers that were good

    def check_answer(self, method, target, status, headers, body):
        """Fails when path, method, status, media type or body is not as the
        document says."""
        path = target.partition("?")[0]
        kind = headers.get("content-type", "").partition(";")[0]
        mark = (method, path, status, kind, hashlib.sha1(body).digest())
        if mark in self.seen:
            return
        said = self._answer_fault(method, path, status, headers, kind, body)
        if said:
            fail(f"{method} {target} {status} {kind}: {said}")
        self.seen.add(mark)

    def check_event(self, name, data):
        """One event of the stream; name: None when it has none."""
        shape = self._find("/api/v1/ingestion/events", "get", 200)
        schema = shape["content"]["text/event-stream"]["x-event-data"]
        known = schema.get(name or "message")
        said = f"no event {name}" if known is None else self.fault(known, data)
        if said:
            fail(f"event {name}: {data}: {said}")

    def fault(self, schema, body):
        """What is wrong with the body, or None."""
        try:
            value = json.loads(body)
        except ValueError as e:
            return f"not JSON: {e}"
        for e in self.validator(json.dumps(schema)).iter_errors(value):
            return f"{e.json_path}: {e.message[:300]}"
        return None

    @functools.lru_cache(None)
    def validator(self, schema):
        # Every schema in one: 4.10 and 4.26 resolve such references alike.
        whole = json.loads(schema) | {
            "components": {"schemas": self.whole["components"]["schemas"]}}
        return Draft202012Validator(whole)

    def _answer_fault(self, method, path, status, headers, kind, body):
        template = next((p for shape, p in self.paths
                         if shape.fullmatch(path)), None)
        if method == "OPTIONS" and status in (200, 204) and template:
            return "a body" if body else None
        expected = self._expected(method, template, status)
        if expected is None:
            return "not documented"
        for name in expected.get("headers", {}):
            if name in ("Retry-After", "Allow", "ETag") \
                    and name.lower() not in headers:
                return f"no {name}"
        if method == "HEAD":
            return "a body" if body else None
        content = expected.get("content", {})
        if not content:
            return "a body" if body else None
        media = content.get(kind) or content.get("*/*")
        if media is None:
            return f"the media type is not among {list(content)}"
        if not kind.endswith("json"):
            return None
        if kind.endswith("problem+json") and json.loads(body)["status"] != status:
            return "status and problem differ"
        return self.fault(media["schema"], body)

    def _expected(self, method, template, status):
        responses = self.whole["components"]["responses"]
        if template is None:  # no such path: it must say so
            return {400: responses["BadRequest"], 404: responses["NotFound"],
                    414: responses["UriTooLong"],
                    501: responses["NotImplemented"]}.get(status)
        method = "get" if method == "HEAD" else method.lower()
        if method not in self.whole["paths"][template]:
            return {400: responses["BadRequest"],
                    405: responses["MethodNotAllowed"],
                    501: responses["NotImplemented"]}.get(status)
        return self._find(template, method, status)

    def _find(self, template, method, status):
        found = self.whole["paths"][template][method]["responses"].get(
            str(status))
        if found and "$ref" in found:
            found = self.whole["components"]["responses"][
                found["$ref"].rpartition("/")[2]]
        return found


def fail(words):
    FAULTS.append(words)
    raise AssertionError("openapi.yaml: " + words)


def closed(node):
    """Objects with named properties have no others, unless they say so."""
    if isinstance(node, dict):
        if "properties" in node and isinstance(node["properties"], dict):
            node.setdefault("additionalProperties", False)
        for inner in node.values():
            closed(inner)
    elif isinstance(node, list):
        for inner in node:
            closed(inner)
