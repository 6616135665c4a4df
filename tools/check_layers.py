#!/usr/bin/env python3
"""Fails when a file includes what its room may not know, or outgrows its
budget without saying why. Usage: check_layers.py ROOT"""
import pathlib
import re
import sys

# Includes form a star: a room knows domain/ and its own libraries.
MAY = {
    "domain": {"domain"},
    "actors": {"domain", "actors", "caf"},
    "http": {"domain", "http", "httplib.h", "nlohmann", "openssl"},
    "storage": {"domain", "storage", "SQLiteCpp", "sqlite3.h", "nlohmann",
                "openssl"},
    "analysis": {"domain", "analysis", "opencv2", "tesseract", "leptonica",
                 "libexif", "magic.h", "zip.h", "pugixml.hpp", "cairo",
                 "pango", "nlohmann", "cairo.h", "cairo-pdf.h", "glib.h",
                 "openssl"},
    "config": {"domain", "config", "toml++"},
    "remote": {"domain", "remote", "openssl", "nlohmann"},
    "metrics": {"domain", "metrics", "prometheus"},
    "logs": {"domain", "logs", "spdlog", "nlohmann"},
}
GUARDED = set().union(*MAY.values()) | {"app", "tools", "tests"}
BUDGET = {".cpp": 200, ".hpp": 120}


def faults(root, room, path):
    lines = path.read_text().splitlines()
    excused = any("Over budget:" in line for line in lines[:10])
    if len(lines) > BUDGET[path.suffix] and not excused:
        yield f"{path}: {len(lines)} lines, the budget is {BUDGET[path.suffix]}"
    for n, line in enumerate(lines, 1):
        m = re.match(r'\s*#\s*include\s*[<"]([^/>"]+)', line)
        if m and room in MAY and m[1] in GUARDED - MAY[room]:
            yield f"{path}:{n}: {room}/ may not include {m[1]}"


def main():
    root = pathlib.Path(sys.argv[1])
    found = [f for room in [*MAY, "app"]
             for path in sorted((root / room).rglob("*.[ch]pp"))
             for f in faults(root, room, path)]
    print("\n".join(found) if found else "layers: nothing to report")
    return bool(found)


sys.exit(main())
