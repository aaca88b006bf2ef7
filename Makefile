# zhongtai: everything a person or a CI job does here starts with `make <target>`; `make` alone lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# --use-pep517 without isolation: a package that has no wheel is built with our pinned setuptools, nothing is fetched unpinned.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
LOCKED := $(PIP) --require-hashes --no-build-isolation --use-pep517
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
  --no-emit-index-url --no-emit-trusted-host --no-emit-options

# What a person may set: make demo BROKER=rabbitmq, make run PORT=8080, make up WORKERS=payment:3,
# make test ONLY=tests/unit/kernel, make faults ONLY=R1,R4 SEED=7 OPS=10000
BROKER ?=
PORT ?=
WORKERS ?=
ONLY ?=
SEED ?=
OPS ?=
NODE ?=

EXAMPLE := docs/examples/residence-permit
AT_PORT = $(if $(PORT),ZHONGTAI_HTTP_PORT='$(PORT)')

##@ Start here
.PHONY: help setup demo run
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z][a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nSettings: BROKER=rabbitmq (demo), PORT=8080 (run, up), WORKERS=payment:3 (up), ONLY=path (test), PYTHON=python3.11,\n  ONLY=R1,R4 SEED=7 OPS=10000 (faults), ONLY=bus.echo LINES=1000000 (bench)\n'

setup: $(VENV)/.setup ## Make .venv and install what requirements.lock pins

demo: setup ## Carry one government matter from first step to last; BROKER=rabbitmq for the real servers
	@$(BIN)/zhongtai demo $(if $(BROKER),--broker $(BROKER))

run: setup ## Serve the platform in one process at http://127.0.0.1:8000 until Ctrl-C; PORT=8080 for another port
	@$(AT_PORT) $(BIN)/zhongtai run

.PHONY: example
example: setup ## The sample app of docs/examples beside `make run`, at http://127.0.0.1:9000
	@$(BIN)/python -m venv build/example
	@build/example/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
	  -r $(EXAMPLE)/requirements.txt
	@mkdir -p var/example
	@ZHONGTAI_CONFIG="$${ZHONGTAI_CONFIG:-var/sandbox/zhongtai.yaml}" $(BIN)/python $(EXAMPLE)/prepare.py \
	  --platform http://127.0.0.1:$(or $(PORT),8000) --settings var/example/settings.json
	@PYTHONPATH=$(EXAMPLE) build/example/bin/python -W ignore -m permit_app var/example/settings.json

##@ RabbitMQ and PostgreSQL
.PHONY: up down cluster-up cluster-down cluster-kill
up: setup ## The same on RabbitMQ and PostgreSQL, one process a service; WORKERS=payment:3 for more
	@$(AT_PORT) $(BIN)/python -m shared_components.devstack.stack up $(foreach w,$(WORKERS),--workers $(w))

down: ## Stop what `make up` started; its data stay in var/stack, and it says so
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m shared_components.devstack.stack down; fi

cluster-up: setup ## `make up` on three RabbitMQ nodes and a PostgreSQL primary with its standby; nothing is kept
	@$(AT_PORT) $(BIN)/python -m shared_components.devstack.stack up --cluster $(foreach w,$(WORKERS),--workers $(w))

cluster-down: down ## Stop what `make cluster-up` started

cluster-kill: ## End a node with SIGKILL; NODE=rabbitmq-2, postgresql-1 or primary. It starts again after a minute
	@$(BIN)/python -m shared_components.devstack.stack kill '$(NODE)'

##@ Checks
.PHONY: check test lint bench faults
check: $(VENV)/.setup-dev ## Lint and the quick unit tests: before each commit
	@$(BIN)/python -m shared_components.testing.checks check

test: $(VENV)/.setup-dev ## Lint, then all tests; ONLY=path for the tests below one path
	@$(BIN)/python -m shared_components.testing.checks test $(ONLY)

lint: $(VENV)/.setup-dev ## ruff, mypy --strict, import-linter
	@$(BIN)/python -m shared_components.testing.checks lint

bench: $(VENV)/.setup-dev ## Measure beside stock nameko, against the floors; ONLY=bus.echo for rows below a name, LINES=1000000
	@$(BIN)/python -W ignore -m tests.benchmarks $(if $(ONLY),--only '$(ONLY)') $(if $(LINES),--lines '$(LINES)')

faults: $(VENV)/.setup-dev ## The reliability and security experiments; ONLY=R1,R4 SEED=7 OPS=10000
	@$(BIN)/python -W ignore -m tests.faults $(if $(ONLY),--only '$(ONLY)') $(if $(SEED),--seed '$(SEED)') \
	  $(if $(OPS),--ops '$(OPS)')

##@ Upkeep
.PHONY: lock definitions bundle clean clean-data
lock: $(VENV)/.setup-dev ## Pin the dependencies of pyproject.toml anew, with hashes
	@$(PIP) pip-tools==7.6.2
	$(COMPILE) --build-deps-for editable --only-build-deps -o requirements-build.lock pyproject.toml
	$(COMPILE) -o requirements.lock pyproject.toml
	$(COMPILE) --extra dev --extra wechat --extra alipay --extra sms-judges --extra pact -c requirements.lock -o requirements-dev.lock pyproject.toml

definitions: setup ## Write deploy/rabbitmq/definitions.json anew from the services' contracts
	@$(BIN)/python -m shared_components.bus.deployment.definitions --write deploy/rabbitmq/definitions.json

bundle: $(VENV)/.setup-dev ## Wheels with checksums and deploy/ for networks without a package index, x86-64 and arm64
	@$(BIN)/python -m shared_components.devstack.bundle

clean-data: ## Remove the data of `make up` and `make run` under var/; keys stay
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m shared_components.devstack.stack clean-data; fi

clean: ## Remove .venv, caches and all of var/: data of `make up` and `make run`, and their keys
	@if [ -d var ]; then echo "Removing var/: data of 'make up' and 'make run', with their keys"; fi
	rm -rf $(VENV) build var *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@if ! command -v $(PYTHON) >/dev/null; then \
	  echo "$(PYTHON) is not found. Debian: sudo apt-get install python3.11 python3.11-venv; or make PYTHON=/path/to/python" >&2; \
	  exit 2; fi
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	  echo "$(PYTHON) is older than Python 3.11; use make PYTHON=/path/to/python3.11" >&2; exit 2; fi
	@if ! $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$(PYTHON) has no venv module. Debian: sudo apt-get install python3.11-venv" >&2; exit 2; fi
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

# The stamps make a second `make setup` free; a changed lock or pyproject.toml installs again.
$(VENV)/.setup: requirements-build.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing from requirements.lock"
	@$(PIP) --require-hashes -r requirements-build.lock
	@$(LOCKED) -r requirements.lock
	@PYTHONWARNINGS=ignore $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.setup-dev: requirements-dev.lock $(VENV)/.setup
	@echo "Installing from requirements-dev.lock"
	@$(LOCKED) -r requirements-dev.lock
	@touch $@
