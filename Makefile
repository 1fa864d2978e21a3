# Every target makes its own environment; nothing but Python >= 3.10 (with venv) and make is needed.
# PYTHON=python3.13 chooses the interpreter, VENV=... another place for the environment.

PYTHON ?= $(shell .ci/find-python)
VENV ?= .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python -m
WORKERS ?= auto

.PHONY: demo test lint types docs bench build all clean

demo: $(VENV)/.demo
	$(BIN)/globus-core demo

test: $(VENV)/.dev
	$(RUN) pytest -n $(WORKERS) --dist loadgroup $(ARGS)

lint: $(VENV)/.dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.dev
	$(RUN) mypy
	$(RUN) pyright --pythonpath $(BIN)/python

docs: $(VENV)/.dev
	$(RUN) sphinx -W --keep-going -q -b html docs docs/_build/html

bench: $(VENV)/.bench
	$(RUN) tests.benchmarks $(ARGS)

build: $(VENV)/.dev
	$(RUN) build --outdir dist .

all: test lint types docs

clean:
	rm -rf $(VENV) dist docs/_build .cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BIN)/python pyproject.toml
	$(RUN) pip install --quiet --disable-pip-version-check --editable ".[cli,sandbox]"
	touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml
	$(RUN) pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@ $(VENV)/.demo

$(VENV)/.bench: $(BIN)/python pyproject.toml
	$(RUN) pip install --quiet --disable-pip-version-check --editable ".[bench,cli,sandbox]"
	touch $@ $(VENV)/.demo
