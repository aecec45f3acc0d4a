# make solve [MODEL=file.mps]   make test   make install   make check   make docs   make reliability   make networks   make clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MODEL ?= instances/gap-5x25-s0.mps
ARGS ?=
SOURCES := diffpump tests instances results docs
export MODEL  # the shell takes it from there, whatever characters it has

.PHONY: solve test install check docs format reliability networks results-ldf results-ldf-full clean

solve: install
	$(BIN)/diffpump solve "$$MODEL" $(ARGS)

test: install-dev
	$(BIN)/pytest -n 2

install: $(VENV)/warm

install-dev: $(VENV)/installed-dev

check: install-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_imports.py tests/test_prose.py

# the documentation in docs/build/html, offline; every warning is an error
docs: install-dev
	$(BIN)/sphinx-build -W --keep-going -n -q -b html docs docs/build/html

# ROWS="claims names" chooses rows, SCALE=0.1 a tenth of the trials, SEED another seed (results/reliability/README.md)
reliability: install-dev
	$(BIN)/python results/reliability/reliability.py --rows "$(ROWS)" --scale $(or $(SCALE),1) --seed $(or $(SEED),1)

# five minutes of the training experiment of results/knapsack/networks; the next call goes on from there
networks: install-dev
	$(BIN)/python results/knapsack/networks/training.py --minutes 5
	$(BIN)/python results/knapsack/networks/training.py --report

# knapsacks of the Lagrangian dual framework (results/ldf): minutes, and the paper's size, hours (fewer with ARGS); both go on where they ended
results-ldf: install-dev
	cd results/ldf && ../../$(BIN)/python ldf.py > n100.md.new && mv n100.md.new n100.md

results-ldf-full: install-dev
	cd results/ldf && ../../$(BIN)/python ldf.py --n 500 --count 30000 --full --threads $(or $(THREADS),1) $(ARGS) > n500.md.new && mv n500.md.new n500.md

format: install-dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

clean:
	rm -rf $(VENV) build dist docs/build docs/generated *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[scip,bench]'
	touch $@

$(VENV)/warm: $(VENV)/installed $(wildcard diffpump/kernels/*.py diffpump/kernels/*/*.py)
	$(BIN)/diffpump doctor --warm
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

