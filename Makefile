.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONSAFEPATH := 1
export VIRTUAL_ENV := $(CURDIR)/.venv
UV_PIP_COMPILE = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
WEB := $(shell find ui/web -name node_modules -prune -o -type f -print 2>/dev/null)
FUZZED = policies cedar passwords shares recipients acme jwt requests bundles transit backups dns values statements bodies http
PARSER ?= $(FUZZED)
FUZZ_S ?= 60
.PHONY: help install run test test-extras fuzz check lint types bench docs lock screenshots clean

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/py.stamp .venv/web.stamp ## install everything into .venv, start nothing

run: install ## install what is missing and start the platform
	@stratumiops up --load-decisions .kogral

test: install check ## install what is missing, check the code and run every test
	@pytest -q -n 2 --dist loadgroup --ignore=tests/extras

test-extras: .venv-extras/py.stamp ## test what needs torch, in a virtual environment of its own (6 GB)
	@HF_HUB_OFFLINE=1 VIRTUAL_ENV=$(CURDIR)/.venv-extras PATH="$(CURDIR)/.venv-extras/bin:$(PATH)" pytest -q tests/extras

fuzz: .venv/py.stamp ## fuzz the vault's parsers, each for FUZZ_S=60 seconds, or only PARSER=name; finds and corpora go to .fuzz
	@for name in $(PARSER); do mkdir -p .fuzz/$$name && PYTHONPATH=tests/vault python -m fuzz.run $$name .fuzz/$$name -max_total_time=$(FUZZ_S) -artifact_prefix=.fuzz/$$name- || exit 1; done

check: lint types ## lint, types, import contracts

lint: .venv/py.stamp ## ruff and the import contracts
	@ruff format --check --quiet . || { echo "not formatted: run ruff format ."; ruff format --check .; exit 1; }
	@ruff check .
	@lint-imports --no-logo

types: .venv/py.stamp ## mypy --strict
	@mypy

bench: install ## measure beside peers and bare baselines; writes benchmarks/RESULTS.md
	@PYTHONSAFEPATH= python -m benchmarks

docs: .venv/py.stamp ## write schema.graphql and the configuration reference anew from the code
	@python -m stratumiops.resolvers.export

lock: .venv/py.stamp ## refresh requirements/lock.txt from requirements/*.in
	@$(UV_PIP_COMPILE) --overrides requirements/overrides.txt requirements/all.in -o requirements/lock.txt
	@awk '/^uv==/{p=1} p{print} p&&!/\\$$/{exit}' requirements/lock.txt > requirements/uv.txt
	@cp requirements/lock.txt requirements/extras.txt # so that both agree where they can
	@$(UV_PIP_COMPILE) requirements/extras.in -o requirements/extras.txt
	@$(UV_PIP_COMPILE) --no-deps requirements/bench.in -o requirements/bench.txt
	@$(subst 3.11,3.12,$(UV_PIP_COMPILE)) requirements/peer.in -o requirements/peer.txt

screenshots: .venv/web.stamp ## pictures of every page of a running platform, into screenshots/
	@cd ui/web && node e2e/screenshots.mjs http://127.0.0.1:8001 $(CURDIR)/screenshots

clean: ## remove what the other commands made here (not your data)
	@rm -rf .venv .venv-extras build dist ui/web/node_modules ui/static .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .fuzz
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/uv.stamp: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: install one, or name it with PYTHON="; exit 1; }
	@echo "making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/py.stamp: .venv/uv.stamp requirements/lock.txt pyproject.toml
	@echo "installing the locked packages"
	@uv pip sync -q --require-hashes requirements/lock.txt
	@uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv-extras/py.stamp: .venv/py.stamp requirements/extras.txt
	@echo "installing the extras: some gigabytes"
	@uv venv -q --clear --python .venv/bin/python .venv-extras
	@VIRTUAL_ENV=$(CURDIR)/.venv-extras uv pip sync -q --require-hashes requirements/extras.txt
	@VIRTUAL_ENV=$(CURDIR)/.venv-extras uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/npm.stamp: ui/web/package-lock.json ui/web/.npmrc | .venv/py.stamp
	@echo "installing the packages of the web app"
	@cd ui/web && npm ci --silent
	@touch $@

.venv/web.stamp: .venv/npm.stamp $(WEB)
	@echo "building the web app and the playground"
	@cd ui/web && npm run --silent build
	@touch $@
