# The README's two commands are `make run` and `make test`.
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)

.PHONY: help setup build run demo test bench scale check clean

help:
	@echo "make run    set up, build, start the server on http://localhost:8000"
	@echo "make demo   the same with a Gemini simulator on a tight quota"
	@echo "make test   set up, build, run every test"
	@echo "make bench  measure, into docs/performance.md (ROWS=post,sse QUICK=1)"
	@echo "make scale  how many jobs one core gives out (SIM='--nodes 1,4')"
	@echo "make check  what CI runs, without the set-up"
	@echo "make build  what make run builds, without the start"
	@echo "make setup  install the Debian packages that are missing"
	@echo "make clean  remove build/"

setup:
	@tools/setup

build: setup
	cmake --preset release
	cmake --build --preset release -j$(JOBS) --target vigied vigie-worker vigie-admin installed_texts

run: build
	mkdir -p var
	exec build/release/vigied --config config/vigie.toml

# A simulator in Google's place: nothing leaves this machine.
demo: build
	cmake --build --preset release -j$(JOBS) --target gemini-sim
	@tools/demo.sh

test:
	@tools/setup test
	@tools/check

# ROWS: some of the rows; RUNS: how many of each; QUICK=1: to try it out.
bench:
	@tools/setup bench
	cmake --preset release
	cmake --build --preset release -j$(JOBS) \
	  --target vigied vigie-worker bench_programs
	@python3 tools/bench/bench.py build/release $(if $(ROWS),--rows $(ROWS)) \
	  $(if $(RUNS),--runs $(RUNS)) $(if $(QUICK),--quick)

# Minutes; SIM: flags of tools/vigie_sim/vigie_sim.py.
scale: setup
	cmake --preset release
	cmake --build --preset release -j$(JOBS) --target vigied vigie-sim-node
	@for files in 1 10; do python3 tools/vigie_sim/vigie_sim.py \
	  build/release --files $$files $(SIM) || exit 1; done

check:
	@tools/check

clean:
	rm -rf build
