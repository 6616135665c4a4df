# The README's two commands are `make run` and `make test`.
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)

.PHONY: help setup build run demo test check clean

help:
	@echo "make run    set up, build, start the server on http://localhost:8000"
	@echo "make demo   the same with a Gemini simulator on a tight quota"
	@echo "make test   set up, build, run every test"
	@echo "make check  what CI runs, without the set-up"
	@echo "make build  what make run builds, without the start"
	@echo "make setup  install the Debian packages that are missing"
	@echo "make clean  remove build/"

setup:
	@tools/setup

build: setup
	cmake --preset release
	cmake --build --preset release -j$(JOBS) --target vigied vigie-worker vigie-admin

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

check:
	@tools/check

clean:
	rm -rf build
