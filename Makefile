# Safeconduct's commands, the same for people and for CI.  `make help` lists them.

PYTHON ?= python3
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
STAMPS := .venv/.stamps
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check
# `make bench SHORT=--short` runs every benchmark in the form that CI runs.
SHORT ?=

.DEFAULT_GOAL := help
.PHONY: help setup check test test-lines sim defences e2e vectors fuzz bench bench-short bench-intake bench-sync \
        bench-portal bench-desk bench-cases bench-crew bench-surge bench-plan bench-phone demo drill gallery docs fix lock

help: ## List the targets
	@sed -nE 's/^([a-z][a-z0-9-]*):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

# --- setting up: a stamp is renewed only when what it was made from has changed

setup: $(STAMPS)/project $(STAMPS)/npm ## Make .venv and node_modules from the pinned lists

$(STAMPS)/venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/venv
	$(PIP_INSTALL) --require-hashes --requirement $<
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/dev
	$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(STAMPS)/npm: package.json package-lock.json .npmrc tools/node.py $(STAMPS)/dev
	$(PY) tools/node.py npm ci --loglevel=error
	@touch $@

lock: setup ## Renew requirements/*.txt and package-lock.json from pyproject.toml and package.json
	$(PY) tools/lock.py

# --- checking

check: setup ## Lint, types, import contracts, house and unit tests; under 30 seconds
	$(PY) tools/check.py
	$(PYTEST) -q tests/house tests/unit

test: setup ## Everything: check, vectors, properties, simulations, browsers end to end
	$(PY) tools/check.py
	$(PY) tools/side_by_side.py

vectors: setup ## The shared test vectors, in Python and in the browser code
	$(PYTEST) tests/vectors

fuzz: setup ## Spoil bytes from outside for SAFECONDUCT_FUZZ_SECONDS, each time anew (600 unless set)
	SAFECONDUCT_FUZZ_SECONDS=$${SAFECONDUCT_FUZZ_SECONDS:-600} $(PYTEST) tests/property/test_fuzzing.py

sim: setup ## Desks, portal and relay in memory, with a hostile courier between them
	$(PYTEST) tests/sim

defences: setup ## Take each defence out, and try all attacks that come to it; hours
	SAFECONDUCT_ATTACKS=come $(PYTEST) tests/sim/test_defences.py

test-lines: setup ## Telephone and messengers with their real parts, which it installs; needs root
	$(PY) tools/line_parts.py
	$(PY) tools/side_by_side.py lines

e2e: setup ## Real processes and real browsers on loopback
	$(PYTEST) tests/e2e

fix: setup ## Mend what a machine can mend: lint, format, compiled translations
	-$(PY) -m ruff check --fix --quiet
	$(PY) -m ruff format --quiet
	$(PY) tools/locales.py

# --- measuring

bench: bench-intake bench-sync bench-portal bench-desk bench-cases bench-crew bench-surge bench-plan bench-phone ## Every benchmark, one line of JSON each

bench-short: ## The short form of every benchmark: ratios and zero losses, a minute each at most
	$(MAKE) --no-print-directory --jobs=1 bench SHORT=--short

bench-intake: setup ## Sealed messages accepted a second, against bare SQLite on the same disk
	$(PY) tests/bench/intake.py $(SHORT)

bench-sync: setup ## A new desk takes the whole log: entries opened and stored a second
	$(PY) tests/bench/sync.py $(SHORT)

bench-portal: setup ## Bytes, requests and time until a person has her first sealed receipt
	$(PY) tests/bench/portal.py $(SHORT)

bench-desk: setup ## Unlocking, opening and searching with a hundred thousand messages
	$(PY) tests/bench/desk.py $(SHORT)

bench-cases: setup ## Searching, opening and saving with 20,000 case files and 200,000 texts
	$(PY) tests/bench/cases.py $(SHORT)

bench-crew: setup ## New keys after a removal, all keys for a new device, a server lost, a desk locked
	$(PY) tests/bench/crew.py $(SHORT)

bench-surge: setup ## A flood of 50,000 with 420 people in it, at five desks: nothing lost, people on top
	$(PY) tests/bench/surge.py $(SHORT)

bench-plan: setup ## Plans for 40, 400 and 4,000 people against plans made by hand: misses, time, memory
	$(PY) tests/bench/plan.py $(SHORT)

bench-phone: setup ## 150 voice messages and 50 talks at once, and an hour of calls; needs root
	$(PY) tools/line_parts.py
	$(PY) tests/bench/phone.py $(SHORT)

# --- looking

demo: setup ## A rehearsal office in an invented country, on loopback, gone when you stop it
	.venv/bin/safeconduct demo

drill: setup ## Seize a rehearsal office in every way we know, and say what was found; needs root
	$(PY) -m tests.kit.drill --markdown build/drill.md

gallery: setup ## Every part of the desk's pages with its examples, as one page under build/
	$(PY) tools/gallery.py

docs: setup ## The documents as pages under build/docs, every link checked
	$(PY) tools/docs.py
