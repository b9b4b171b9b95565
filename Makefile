# Every target makes itself ready first: system packages, .venv, translations. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin

# The part of the tests to run, such as T=tests/kernel or T="-k rounding"; all of them without it.
T ?=
# Real job traces for demo-check: those beside the project when there are any. One alone: TRACE=file
TRACE ?= $(wildcard $(patsubst %,../shared/data/traces/%.parquet,philly-2017 itp-2021))
CATALOGUES := $(shell find src -name '*.po')
LANGUAGES := zh_Hant zh_Hans

.PHONY: help demo demo-check serve test bench audit lint format reference messages lock clean \
  ready ready-to-test translations

help:  ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ See it work
demo: ready  ## Run a whole programme, then say where to look at it
	@$(BIN)/lionrock demo

demo-check: ready  ## Run the demo and check its books; then again on each real trace at hand (TRACE=file)
	@$(BIN)/lionrock demo --check
	@for trace in $(TRACE); do $(BIN)/lionrock demo --check --trace "$$trace"; done

serve: ready  ## Serve the portal on this machine
	@$(BIN)/lionrock serve

##@ Check it
test: ready-to-test  ## Run the whole suite, or a part: make test T=tests/kernel
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(T)

lint: ready-to-test  ## Style, types, import contracts, spelling, translations, sizes
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/codespell
	@for catalogue in $(CATALOGUES); do msgfmt --check --output-file=/dev/null "$$catalogue"; done
	@$(BIN)/python -m tests.tidy

audit: ready  ## Look for known vulnerabilities in the locked dependencies; a network that is away only warns
	@$(BIN)/python setup/audit

bench: ready-to-test  ## Measure speed and memory
	@$(BIN)/python -m bench

##@ Change it
format: ready-to-test  ## Lay the code out and mend what ruff can mend
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

reference: ready-to-test  ## Write the generated pages of docs/reference again
	@$(BIN)/python -m docs.reference.generate

messages: ready-to-test  ## Collect the sentences to translate into the catalogues
	@mkdir -p src/lionrock/locale
	@cd src/lionrock && ../../$(BIN)/python -m django makemessages --no-wrap --add-location file \
	  --extension html,txt,svg,py $(addprefix --locale ,$(LANGUAGES))
	@$(MAKE) ready

lock:  ## Compile requirements/*.in into the hashed locks
	@setup/lock

clean:  ## Remove what can be made again; var/, where the data is, stays
	@rm -rf .venv build .*_cache .hypothesis src/*.egg-info $(CATALOGUES:.po=.mo)
	@find src tests docs setup -name __pycache__ -prune -exec rm -rf {} +

# Ready or not is decided by what is there, not by dates: a clone gives every file a date of its own.
ready:
	@setup/prepare run
	@$(MAKE) translations

ready-to-test:
	@setup/prepare test
	@$(MAKE) translations

translations: $(CATALOGUES:.po=.mo)
	@:

%.mo: %.po
	@msgfmt --check-format --output-file=$@.new $<
	@mv $@.new $@
