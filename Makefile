# Every target makes its own environment; nothing but Python >= 3.10 (with venv) and make is needed.
# PYTHON=python3.13 chooses the interpreter, VENV=... another place for the environment.

PYTHON ?= $(shell .ci/find-python)
VENV ?= .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python -m
PIP := $(RUN) pip install --quiet --disable-pip-version-check
WORKERS ?= auto
PYTEST = pytest -n $(WORKERS)

# what depends on the releases of other packages
LOWEST_EXTRAS = async cli fsspec keyring postgres redis speed telemetry testing
LOWEST_PIP = $(VENV)-lowest/bin/python -m pip install --quiet --disable-pip-version-check
LOWEST = tests/unit tests/integration tests/sandbox
# what sends requests; the transport's own tests run in both modes anyway
PLAIN = tests/unit/client tests/unit/response tests/integration tests/sandbox tests/canary \
    tests/parity --ignore=tests/integration/transport

.PHONY: demo test test-full test-lowest test-plain test-pythons test-threads mutants coverage soak lint types docs bench build release all clean

demo: $(VENV)/.demo
	$(BIN)/globus-core demo

test: $(VENV)/.dev
	$(RUN) $(PYTEST) $(ARGS)

test-full: $(VENV)/.full
	$(RUN) $(PYTEST) -m full $(ARGS)

test-lowest: $(VENV)-lowest/.lowest
	$(VENV)-lowest/bin/python -m $(PYTEST) $(LOWEST) $(ARGS)

test-plain: $(VENV)/.dev
	GLOBUS_CORE_PLAIN_TRANSPORT=1 $(RUN) $(PYTEST) $(PLAIN) $(ARGS)

test-pythons:
	for version in 3.10 3.11 3.12 3.13; do \
	    $(MAKE) test PYTHON=$$(.ci/find-python $$version) VENV=.venv-$$version || exit; \
	done

test-threads: $(VENV)/.dev
	$(RUN) tests.busy 20 -n $(WORKERS) $(ARGS)

mutants: $(VENV)/.mutants
	$(RUN) tests.mutation $(ARGS)

# Tests that look at what a process has loaded fail here: it has loaded coverage.
coverage: $(VENV)/.coverage
	mkdir -p .cache/coverage
	-$(RUN) $(PYTEST) --cov --cov-report= $(ARGS)
	$(RUN) coverage html --quiet --directory .cache/coverage/html
	$(RUN) tests.coverage_by_package

soak: $(VENV)/.full
	$(RUN) pytest -m soak -s $(ARGS)

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

release: $(VENV)/.release
	rm -rf dist $(VENV)-release
	$(RUN) build --outdir dist .
	$(RUN) twine check --strict dist/*
	.ci/check-release dist
	$(PYTHON) -m venv --without-pip $(VENV)-release
	$(RUN) pip --python $(VENV)-release/bin/python install --quiet dist/*.whl
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type library \
	    --output-reproducible --output-file dist/sbom.cdx.json $(VENV)-release/bin/python

all: test lint types docs

clean:
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-release dist docs/_build .cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BIN)/python pyproject.toml
	$(PIP) --editable ".[cli,sandbox]"
	touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml
	$(PIP) --editable ".[dev]"
	touch $@ $(VENV)/.demo

$(VENV)/.full: $(VENV)/.dev
	$(PIP) --editable ".[dev,test-full]"
	touch $@ $(VENV)/.dev $(VENV)/.demo

$(VENV)/.mutants: $(BIN)/python pyproject.toml
	$(PIP) --editable ".[mutants]"
	touch $@

$(VENV)/.coverage: $(BIN)/python pyproject.toml
	$(PIP) --editable ".[coverage]"
	touch $@

$(VENV)/.release: $(BIN)/python pyproject.toml
	$(PIP) --editable ".[release]"
	touch $@

$(VENV)/.bench: $(BIN)/python pyproject.toml
	$(PIP) --editable ".[bench,cli,sandbox]"
	touch $@ $(VENV)/.demo

# Each step may install older releases than an earlier one asked for, such as the cryptography that the
# sandbox wants, so the last takes what the sandbox depends on as it is.
$(VENV)-lowest/.lowest: pyproject.toml .ci/lowest-versions
	$(PYTHON) -m venv $(VENV)-lowest
	$(LOWEST_PIP) --editable ".[test]"
	$(PYTHON) .ci/lowest-versions dependencies $(LOWEST_EXTRAS) >$(VENV)-lowest/lowest.txt
	$(LOWEST_PIP) --requirement $(VENV)-lowest/lowest.txt
	$(PYTHON) .ci/lowest-versions sandbox >$(VENV)-lowest/lowest-sandbox.txt
	$(LOWEST_PIP) --no-deps --requirement $(VENV)-lowest/lowest-sandbox.txt
	touch $@
