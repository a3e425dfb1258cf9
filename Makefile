# Two commands: `make run` opens the map, `make test` runs every test. Only Python (with venv) and make are needed.
PYTHON ?= python3
VENV := .venv
UV := $(VENV)/bin/uv
BIN := $(VENV)/bin
# The database of the shipped snapshot that `make test` makes once, for the benchmark, the docs and the tests.
MADE := $(VENV)/shipped.sqlite
export UV_PROJECT_ENVIRONMENT := $(VENV)
# Trust what the machine trusts: behind a company proxy the bundled certificates do not suffice.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1

.PHONY: run test check lint bench torture docs snapshot clean

run: $(VENV)/run.stamp
	$(BIN)/comingclean run

test: $(VENV)/test.stamp
	$(BIN)/python tools/chromium.py
	$(BIN)/ruff format --check src tests tools hatch_build.py
	$(BIN)/ruff check src tests tools hatch_build.py
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/web.py check
	$(BIN)/python tools/web.py test
	$(BIN)/python tools/bench.py --times 1 --keep $(MADE)
	$(BIN)/python tools/bench_proximity.py --short
	$(BIN)/python tools/docs.py --check --database $(MADE)
	$(BIN)/python tools/torture.py --seconds 5
	COMINGCLEAN_SHIPPED=$(MADE) $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/test.stamp
	$(BIN)/python tools/bench.py
	$(BIN)/python tools/bench_proximity.py

torture: $(VENV)/test.stamp
	$(BIN)/python tools/torture.py

docs: $(VENV)/test.stamp
	$(BIN)/python tools/docs.py

snapshot: $(VENV)/run.stamp
	$(BIN)/comingclean compile --out snapshot

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"

# The stamps make a second `make run` start at once; uv decides what is stale when a source of theirs changes.
FRONT := $(shell find web -path web/node_modules -prune -o -type f -print) $(wildcard geography/* src/comingclean/words/*/*.json)

$(VENV)/run.stamp: $(UV) pyproject.toml uv.lock hatch_build.py $(FRONT)
	$(UV) sync --quiet --frozen --inexact --no-dev
	@touch $@

$(VENV)/test.stamp: $(UV) pyproject.toml uv.lock hatch_build.py $(FRONT)
	$(UV) sync --quiet --frozen
	@touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) dist web/node_modules src/comingclean/web
