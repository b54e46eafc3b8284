# What a developer does here; `make help` lists it. Each command sets up .venv first and again when a lock changes.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Debian's programs that tests start, and which package has each.
CHROMIUM := /usr/bin/chromium
CURL := /usr/bin/curl
SYSTEMD := /usr/bin/systemd-analyze
# One more than there are cores: many tests wait, for a browser or for a process to end.
WORKERS ?= $(shell expr $$(nproc) + 1)
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

.PHONY: help run test processes crash chaos bench pages screenshots lint types format lock clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

run: .venv/runs ## start everything with demonstration data on http://127.0.0.1:8000 (or PORT=…)
	$(BIN)/pager demo --port $(PORT)

test: lint types $(CHROMIUM) $(CURL) $(SYSTEMD) ## check style and types, then run every test but those of `make processes`
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --ignore tests/processes

processes: .venv/develops ## real processes killed, paused, cut off from database and disk: minutes of waiting
	$(BIN)/pytest -n auto tests/processes

crash: .venv/develops ## of the tests, those that kill a real process in a page's life (CRASH_POINTS=all: at every commit)
	$(BIN)/pytest -n auto tests/crash

chaos: .venv/develops ## page a thousand times while everything fails (MINUTES=3 ENCOUNTERS=1000 SEED=…)
	$(BIN)/python -m tests.chaos

bench: .venv/develops ## how fast it is, in one table beside what the machine and the bare SDK can do (QUICK=1: less)
	$(BIN)/python -m tests.bench

pages: .venv/develops ## write anew what pages of docs/ take from the code
	$(BIN)/python -m tests.documentation.made

screenshots: .venv/develops $(CHROMIUM) ## take the quickstart's pictures anew
	$(BIN)/python -m tests.documentation.screenshots

lint: .venv/develops ## check style and layout
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/develops ## check types
	$(BIN)/mypy

format: .venv/develops ## put style and layout right where that can be done by machine
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(BIN)/pip ## write both locks again from pyproject.toml; newer versions with UPGRADE=--upgrade
	$(PIP) install --quiet uv
	$(COMPILE) $(UPGRADE) --group build --output-file requirements.lock pyproject.toml
	$(COMPILE) $(UPGRADE) --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean: ## remove .venv and caches, never instance/ with its databases
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: installed as this lock and this pyproject.toml say.
.venv/runs: requirements.lock pyproject.toml | $(BIN)/pip
.venv/develops: requirements-dev.lock pyproject.toml | $(BIN)/pip
.venv/runs .venv/develops:
	$(PIP) install --quiet --require-hashes -r $<
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"pager needs Python 3.11 or newer, and $(PYTHON) is %d.%d; name another: make PYTHON=python3.11 …" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv || { echo "On Debian this is put right by: apt-get install python3-venv" >&2; exit 1; }

$(CHROMIUM): PACKAGE := chromium
$(CURL): PACKAGE := curl
$(SYSTEMD): PACKAGE := systemd
$(CHROMIUM) $(CURL) $(SYSTEMD):
	$(SUDO) apt-get update -qq
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(PACKAGE)
