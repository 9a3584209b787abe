# `make` sets up .venv from the lock file, validates the package and rebuilds what is derived from it.
# Needs Python 3.11 or later with venv, and make. Nothing is installed outside this folder.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := all
.PHONY: all setup doctor validate build fmt check test test-all heavy lint lock clean help kill-table

all: validate build ## set up, validate, rebuild what is derived, say where to look
	@$(BIN)/claims build --where

doctor: ## say in one line what is missing and how to get it
	@command -v $(PYTHON) >/dev/null || { echo "doctor: no '$(PYTHON)': install Python 3.11 or later, or run make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) scripts/doctor.py

# a .venv that another Python made, or whose Python is gone, is made anew
$(shell $(PYTHON) scripts/doctor.py --venv .venv 2>/dev/null)

.venv/run.done: requirements/run.txt | doctor
	@echo "setting up .venv (run group) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

.venv/test.done: requirements/test.txt .venv/run.done
	@echo "setting up .venv (test group) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

.venv/heavy.done: requirements/heavy.txt .venv/test.done
	@echo "setting up .venv (heavy group) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/heavy.txt
	@touch $@

# the command that `pip install .` would make, for the scripts as they stand here
$(BIN)/claims: .venv/run.done
	@printf '#!/bin/sh\nbin=$$(dirname "$$0")\nPYTHONPATH="$$bin/../../scripts" exec "$$bin/python" -m claims "$$@"\n' > $@
	@chmod +x $@

setup: $(BIN)/claims ## set up .venv from the lock file and nothing more

validate: $(BIN)/claims ## check the package; exit 1 when it is not valid
	@$(BIN)/claims validate

build: $(BIN)/claims ## rebuild the derived files and dist/
	@$(BIN)/claims build

fmt: $(BIN)/claims ## write the tables canonically, codes into schemas, counts and hashes into the descriptor
	@$(BIN)/claims fmt

check: lint validate ## in seconds: style, types, the package, the quick tests
	@$(BIN)/python -m pytest -m quick

test: .venv/test.done lint ## in minutes: what must pass before a change lands; needs nothing that is not installed here
	@$(BIN)/python -m pytest -n auto

test-all: test heavy ## both, one after the other

heavy: .venv/heavy.done ## what make test leaves out: browser, R, LibreOffice, node, Spark, hundreds of broken packages
	@$(BIN)/python -m pytest -n auto -m heavy

kill-table: .venv/test.done ## remove every rule in turn and look whether a fault notices; takes long
	@$(BIN)/python tests/kill_table.py

lint: .venv/test.done
	@$(BIN)/ruff check --quiet scripts tests && $(BIN)/ruff format --quiet --check scripts tests \
	  || { echo "lint: run .venv/bin/ruff check --fix scripts tests; .venv/bin/ruff format scripts tests"; exit 1; }

lock: ## recompile requirements/ from pyproject.toml (needs uv)
	@larger=/dev/null; for group in heavy test run; do \
	  uv pip compile pyproject.toml --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	    --custom-compile-command "make lock" --constraint $$larger --group $$group \
	    --output-file requirements/$$group.txt || exit 1; \
	  larger=requirements/$$group.txt; \
	done

clean: ## remove .venv, dist and caches
	@rm -rf .venv dist .dist.* .pytest_cache .ruff_cache .mypy_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' Makefile
