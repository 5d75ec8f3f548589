# Every target sets up what it needs first: `make demo` and `make test` work on a
# fresh clone. VENV=path puts the environment elsewhere, PYTHON=path names the
# Python 3.10 to use. docs/setup.md says what the machine has to have.

VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile
COMPILE_LOCK := $(abspath $(BIN))/uv pip compile --quiet --upgrade \
	--python-version 3.10 --python-platform x86_64-manylinux_2_17 \
	--generate-hashes --no-emit-index-url --no-header
export VENV

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types bench lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

setup: ## create .venv and install the locked packages and the project
	@sh requirements/install.sh

demo: setup ## run the demonstration on drawn data
	@$(BIN)/carseg demo

test: lint types ## everything, the slow tests too (under 30 minutes on 2 cores)
	$(PYTEST)

check: lint types ## lint, types, architecture and the fast tests (under 5 minutes)
	$(PYTEST) -m "not integration and not e2e"

lint: setup ## formatting and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup ## static types
	$(BIN)/mypy

bench: setup ## the benchmarks; PHOTOS=folder of JPEGs adds those on real photos
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/builders.py
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/serving.py --seconds 5 --repeat 2
	$(if $(PHOTOS),$(BIN)/python benchmarks/near_duplicates.py --photos "$(PHOTOS)")

lock: setup ## renew requirements/*.lock to the newest versions that fit
	cd requirements && $(COMPILE_LOCK) -o requirements.lock requirements.in dev.in
	cd requirements && $(COMPILE_LOCK) -o bootstrap.lock bootstrap.in

clean: ## remove caches and build outputs; the environment and runs stay
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .hypothesis .pytest_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
