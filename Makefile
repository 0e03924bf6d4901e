# Everything a developer or an operator of the checkout does. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help run setup setup-running test test-sqlite test-postgresql check format lint types imports templates catalogues laws translations bench soak db lock wheel clean

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
# Compiled modules are kept: the suite starts many processes.
unexport PYTHONDONTWRITEBYTECODE
# A language that is named but not installed leaves programs, Chromium among them, without Chinese file names.
export LC_ALL := C.UTF-8
PYTHON := .venv/bin/python
WORKERS ?= 2
PORT ?= 8000
PEERS := django flask-admin flask-appbuilder

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

run: setup-running  ## Load the demonstration data and serve http://127.0.0.1:8000 (or make run PORT=8080)
	@.venv/bin/portal demo --port $(PORT)

setup-running:
	@bash scripts/setup running

setup:  ## Prepare this machine for running and testing; takes a moment when nothing changed
	@bash scripts/setup testing

test: setup test-sqlite test-postgresql  ## Run the whole suite, on SQLite with browsers and on PostgreSQL

test-sqlite: setup  ## The suite on SQLite, browsers included
	$(PYTHON) -m pytest -n $(WORKERS) --dist=loadscope --database=sqlite

test-postgresql: setup  ## The same suite on a throw-away PostgreSQL 15, with the smoke journey only
	$(PYTHON) -m pytest -n $(WORKERS) --dist=loadscope --database=postgresql -m "smoke or not browser"

check: setup lint types imports templates catalogues laws  ## Static checks: format, lint, types, import contracts, templates, translations, the house's laws

lint:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m vulture

types:
	$(PYTHON) -m mypy

imports:
	.venv/bin/lint-imports --no-logo

templates:
	@if ls portal/templates/*/*.html >/dev/null 2>&1; then .venv/bin/djlint portal/templates reports --quiet --lint; fi

catalogues:
	$(PYTHON) scripts/check-translations

laws: build/audit/installed  ## The house's own laws (semgrep, rules/house.yml) and bandit
	$(PYTHON) scripts/check-laws build/audit/bin

# Both tools bring many packages of their own, which must not meet ours.
build/audit/installed: rules/requirements-audit.lock
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

format: setup  ## Format Python and order its imports
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format .

translations: setup  ## Bring the English catalogue up to date with the sentences in the code
	$(PYTHON) scripts/check-translations --update
	@bash scripts/setup testing

bench: setup $(PEERS:%=build/bench/%/installed)  ## Run the benchmarks and print ratios
	$(PYTHON) -m pytest benchmarks --durations=0

# Each library that is only compared against has an environment of its own, so that none meets ours.
build/bench/%/installed: benchmarks/peers/requirements-bench-%.lock
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

soak: setup  ## Run the long counts; the last output is kept in docs/proof
	@mkdir -p docs/proof
	$(PYTHON) -m pytest tests/soak -n $(WORKERS) --dist=loadscope -o addopts="--import-mode=importlib --no-header -v --durations=15" | tee docs/proof/soak.txt

db: setup-running  ## Bring the database in instance/ to the newest migration
	.venv/bin/portal upgrade

lock:  ## Make the lock files and static/vendor anew (needs uv)
	@bash scripts/lock

wheel: setup  ## Build dist/jingkangtong-*.whl with data, migrations and browser assets
	$(PYTHON) -m build --no-isolation --wheel

clean:  ## Remove what is built; instance/ stays
	rm -rf build dist .venv node_modules
