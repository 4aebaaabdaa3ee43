# Needs make and Python 3.11 or newer, nothing else. `make help` lists the targets.
#
#   PYTHON=/path/to/python3.x   the interpreter that .venv/ is made with
#   ARGS="..."                  more arguments for pytest, the demo or the benchmarks
#   PORT=8700                   where the demo's server listens

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

export PYTHON ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
ARGS ?=
PORT ?=
UPGRADE ?=

BIN := .venv/bin
BENCH := .venv-bench/bin
LOCK := .venv-lock/bin
VENDOR := src/openyibao/_vendor/manifest.json

# The first interpreter that is 3.11 or newer and can make a virtual environment.
define new_venv
found=""; \
for candidate in $${PYTHON:-python3.11 python3 python3.12 python3.13 python3.14 python}; do \
  if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found="$$candidate"; break; fi; \
done; \
if [ -z "$$found" ]; then \
  echo "make: no usable Python: need 3.11 or newer with venv and ensurepip (tried: $${PYTHON:-python3.11, python3, ...})." >&2; \
  echo "make: install one (Debian: python3.11 and python3.11-venv) or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; \
fi; \
echo "$(1): made with $$("$$found" --version), packages from $(2)"; \
"$$found" -m venv --clear $(1); \
$(1)/bin/python -m pip install --quiet --require-hashes --requirement $(2)
endef

# The project itself, pointing at src/; the build backend comes from the lock.
define this_project
$(1)/bin/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
endef

.PHONY: help setup demo test lint browser pictures words mutation fuzz bench bench-setup lock changelog clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/.ready $(VENDOR) .venv/.compiled .venv/.words  ## make .venv/ from the hashed lock files, copy the front-end files, compile the law and the words (once)

.venv/.locked: requirements/dev.txt
	@$(call new_venv,.venv,requirements/dev.txt)
	@touch $@

.venv/.ready: .venv/.locked pyproject.toml
	@$(call this_project,.venv)
	@touch $@

# The law and the synthetic city are compiled ahead, a minute or two for each version of them; the cache lies outside (warehouse/cache.py).
.venv/.compiled: .venv/.ready $(shell find src/openyibao/kernel src/openyibao/warehouse -name '*.py')
	@echo "compiling the law (a minute or two, once for each version)"
	@$(BIN)/python -m openyibao.warehouse.warm
	@touch $@

# The pages' English: each django.po compiled beside itself.
.venv/.words: .venv/.ready frontend/words.py $(shell find src/openyibao -name django.po)
	@$(BIN)/python frontend/words.py compile
	@touch $@

words: setup  ## collect the pages' texts from the code, list those without English
	@$(BIN)/python frontend/words.py collect
	@$(BIN)/python frontend/words.py compile
	@$(BIN)/python frontend/words.py missing

# The files of frontend/files.json, from npm under its lock. A machine without npm gets Node as a wheel, into .venv/, also under a lock.
$(VENDOR): .venv/.locked $(addprefix frontend/,package.json package-lock.json .npmrc files.json copy_files.py) requirements/node.txt
	@if ! command -v npm >/dev/null; then \
	  echo "frontend: no npm here, Node comes from requirements/node.txt"; \
	  $(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/node.txt; \
	fi
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; cd frontend && npm ci --loglevel=error
	@$(BIN)/python frontend/copy_files.py

demo: setup  ## settle bills, play a day of fifteen hospitals, make a small city, simulate a reform of it, open the site on it
	@$(BIN)/openyibao demo $(ARGS)
	@$(BIN)/openyibao sandbox --home build/sandbox --reset --play --no-stay $(if $(PORT),--port $(PORT)) $(ARGS)
	@$(BIN)/openyibao city-demo --home build/city --reset $(ARGS)
	@$(BIN)/openyibao desks --home build/city $(if $(PORT),--port $(PORT)) $(ARGS)

lint: setup  ## ruff, mypy, import contracts
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --cache-dir .cache/import_linter

# Spark (434 MB) is tested where there is a Java; `make test WITH_SPARK=` leaves it out.
WITH_SPARK ?= $(shell command -v java 2>/dev/null)

.venv/.spark: .venv/.locked requirements/spark.txt
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/spark.txt
	@touch $@

browser: .venv/.ready  ## find a browser for tests and pictures, or fetch one: Playwright's own, else Debian's (as root)
	@$(BIN)/python frontend/browser.py fetch

test: setup lint browser $(if $(WITH_SPARK),.venv/.spark)  ## lint, then every test; without a browser those that need one are skipped, and said so
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

pictures: setup browser  ## take docs/pictures/ anew: every page of the demo city (about three minutes)
	@$(BIN)/python frontend/pictures.py $(ARGS)

mutation: setup  ## nudge every policy figure and list those that no golden case notices (about half an hour)
	@cd tests && ../$(BIN)/python -m mutation.nudge $(ARGS)

fuzz: setup  ## attack a server of its own for ten minutes (ARGS="--seconds N --seed N"); figures go to build/fuzz.json
	@mkdir -p build
	@$(BIN)/python tests/security/fuzz.py --seconds 600 --json build/fuzz.json $(ARGS)

bench-setup: .venv-bench/.ready  ## make .venv-bench/: the runtime and OpenFisca-Core, for comparison only

.venv-bench/.locked: requirements/bench.txt
	@$(call new_venv,.venv-bench,requirements/bench.txt)
	@touch $@

.venv-bench/.ready: .venv-bench/.locked pyproject.toml
	@$(call this_project,.venv-bench)
	@touch $@

bench: bench-setup  ## run benchmarks/*.py; figures go to build/bench/ (ARGS=--quick for a short run)
	@mkdir -p build/bench
	@for file in benchmarks/*.py; do \
	  [ -e "$$file" ] || { echo "make bench: no benchmarks/*.py here" >&2; exit 1; }; \
	  name=$$(basename "$$file" .py); echo "== $$name"; \
	  $(BENCH)/python "$$file" --json "build/bench/$$name.json" $(ARGS); \
	done

.venv-lock/.locked: requirements/lock.txt
	@$(call new_venv,.venv-lock,requirements/lock.txt)
	@touch $@

# Versions already in a lock stay unless they must move; `make lock UPGRADE=--upgrade` takes the newest.
COMPILE = $(LOCK)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-config $(UPGRADE)

lock: .venv-lock/.locked  ## write requirements/*.txt again from pyproject.toml and requirements/*.in
	@$(COMPILE) pyproject.toml --output-file requirements/runtime.txt
	@$(COMPILE) pyproject.toml --extra dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
	@$(COMPILE) pyproject.toml --extra dev --extra spark --constraints requirements/dev.txt --output-file requirements/spark.txt
	@$(COMPILE) pyproject.toml requirements/bench.in --constraints requirements/runtime.txt --output-file requirements/bench.txt
	@$(COMPILE) requirements/lock.in --output-file requirements/lock.txt
	@$(COMPILE) requirements/node.in --output-file requirements/node.txt
	@if grep -nE '://|file:|^-|@ ' requirements/*.txt; then echo "make lock: an address or option got into a lock file (above)" >&2; exit 1; fi

changelog: setup  ## show what the fragments in changelog.d/ would add to CHANGELOG.md
	@$(BIN)/towncrier build --draft --version next

clean:  ## remove everything that make builds
	rm -rf .venv .venv-bench .venv-lock .cache build dist .hypothesis frontend/node_modules src/openyibao/_vendor
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
