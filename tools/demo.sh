#!/usr/bin/env bash
# A server, the Gemini simulator on a quota of 4 requests a minute, and a
# sample batch of 8 pictures: the timeline shows what waiting looks like.
# Everything is a simulation; nothing leaves this machine. Ctrl-C ends it.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${VIGIE_DEMO_PORT:-8000}
unset VIGIE_LISTEN VIGIE_REMOTE_LISTEN # flags below
export -n VIGIE_DEMO_PORT # ours: vigied knows no such variable
work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait "${pids[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 0' INT TERM

touch "$work/sim.out"
build/release/gemini-sim --rpm 4 --latency 1-3 --log "$work/sim.log" >"$work/sim.out" &
pids+=($!)
until grep -qs ready "$work/sim.out"; do
  kill -0 "${pids[0]}" 2>/dev/null || exit 1
  sleep 0.1
done
cat "$work/sim.out"
url=$(grep -o 'http://[^ ]*' "$work/sim.out")

GEMINI_BASE_URL=$url GEMINI_API_KEY=demo build/release/vigied \
  --storage "$work/storage" --listen "127.0.0.1:$port" --remote-listen 127.0.0.1:0 &
pids+=($!)
until curl -sS --fail "http://127.0.0.1:$port/livez" >/dev/null 2>&1; do
  kill -0 "${pids[1]}" 2>/dev/null || exit 1
  sleep 0.2
done

python3 - "$work" <<'PY'
import struct, sys, zlib
def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
for n in range(8):
    rows = b"".join(b"\0" + bytes((x * (n + 2) + y * 3) % 256 for x in range(640))
                    for y in range(480))
    png = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 480, 8, 0, 0, 0, 0))
           + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    open(f"{sys.argv[1]}/photo{n}.png", "wb").write(png)
PY
files=()
for f in "$work"/photo*.png; do files+=(-F "files=@$f"); done
curl -sS --fail -F client_batch_id=demo "${files[@]}" \
  "http://127.0.0.1:$port/api/v1/ingestion/batches" >/dev/null
echo
echo "DEMO with a SIMULATOR in Gemini's place: 8 pictures, 4 requests a minute."
echo "Open http://localhost:$port and watch batch 'demo'; it waits twice and is done after two minutes."
echo "Ctrl-C ends everything."
wait "${pids[1]}"
