# run · test · check · lock. The first call makes .venv from the locked, hashed requirements; nothing else is needed
# but Python 3.11.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BOOKS ?= data/demo

.DEFAULT_GOAL := run
.PHONY: run test check lock install lint types imports sql definitions

run: $(READY)  ## make the example books when they are absent, run their periods (3 = differences to correct: a result)
	@test -f $(BOOKS)/books.yml || $(BIN)/tieout demo $(BOOKS) --faults standard
	@$(BIN)/tieout run --books $(BOOKS) || test $$? -eq 3

test: $(READY)  ## every test
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -q

check: lint types imports sql definitions  ## everything but the tests

lint: $(READY)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: $(READY)
	@$(BIN)/mypy

imports: $(READY)
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

sql: $(READY)
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 dbt_project/models dbt_project/tests

definitions: $(READY)
	@books=$$(mktemp -d)/books && $(BIN)/tieout demo $$books --periods 1 --documents 300 > /dev/null \
		&& TIEOUT_BOOKS=$$books $(BIN)/dagster definitions validate --module-name pipelines.definitions --log-level warning; \
		status=$$?; rm -rf $$books; exit $$status

install: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 is needed, this is %d.%d: make PYTHON=/path/to/python3.11" % sys.version_info[:2] if sys.version_info[:2] != (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@$(BIN)/python -m pipelines.costing  # compiles the kernel once, so that no run waits for it
	@touch $@

lock:  ## resolve requirements.in anew, with hashes and without addresses
	@test -x .make/bin/uv || { $(PYTHON) -m venv .make && .make/bin/python -m pip install --quiet uv; }
	@.make/bin/uv pip compile requirements.in --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-strip-extras --upgrade --quiet -o requirements.lock
