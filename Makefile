# Pithead: `make run` shows the main job on the founding incidents, `make test` proves it.
#
#   make run               stays up until Ctrl-C      make run ONCE=1        ends after the main job
#   make run SEEDS=none    an empty installation      make run PORT=8001     on another port
#
# DATABASE_URL and REDIS_URL replace the embedded servers; PYTHON=... names the Python to use.

SHELL := /bin/bash
UV_VERSION := 0.13.9
STAMP := .venv/.installed
PYTEST_ARGS ?= -n auto --maxprocesses=4

# 3.12 and 3.11 come first: only for them the wheels bring a Redis.
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3.14 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: run env test lint pytest bench clean

run: $(STAMP)
	@exec .venv/bin/python -m config.runtime.supervise

env: $(STAMP)

test: lint pytest

pytest: $(STAMP)
	.venv/bin/python -m pytest $(PYTEST_ARGS)

lint: $(STAMP)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-cache
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/mypy

# Ratios within one run, each benchmark in a database of its own; MINERS=2000000 ROWS=1000000 takes half an hour.
MINERS ?= 100000
ROWS ?= 100000
SECONDS_EACH ?= 20
bench: $(STAMP)
	.venv/bin/python -m benchmarks.scratch figures --miners $(MINERS)
	.venv/bin/python -m benchmarks.scratch lists --miners $(MINERS)
	.venv/bin/python -m benchmarks.scratch memory --miners $(MINERS)
	.venv/bin/python -m benchmarks.scratch pages --miners $(MINERS)
	.venv/bin/python -m benchmarks.scratch chosen --miners $(MINERS)
	.venv/bin/python -m benchmarks.scratch import_csv --rows $(ROWS)
	.venv/bin/python -m benchmarks.scratch import_csv --rows $(ROWS) --racked 50
	.venv/bin/python -m benchmarks.scratch readings --miners $(MINERS) --seconds $(SECONDS_EACH)
	.venv/bin/python -m benchmarks.scratch set_off --miners $(MINERS)

# The lock file holds every package with its hash; the environment is exactly that, compiled once: a process that
# compiles what it loads takes twice as long to start and some 15 MB more for as long as it runs.
$(STAMP): requirements.lock
	@[ -n "$(PYTHON)" ] || { echo "Pithead needs Python 3.11 or newer with its venv module: install it" \
		"(Debian: apt-get install python3 python3-venv) or name it with make $(MAKECMDGOALS) PYTHON=/path/to/python3."; exit 1; }
	@[ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
		&& .venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python requirements.lock \
		|| { echo "The environment could not be made: the lines above name the package. Check the network and the" \
		"package index (PIP_INDEX_URL, UV_DEFAULT_INDEX); on other machines than Linux x86_64 use Python 3.11 to 3.14."; exit 1; }
	@touch $@

clean:
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
