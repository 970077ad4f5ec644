# `make train` and `make test` do all the set-up themselves; nothing is compiled.
PYTHON ?= python3.11
CONFIG ?= configs/ssdlite_sample.py
WORK_DIR ?= work_dirs/$(basename $(notdir $(CONFIG)))
VENV = .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: train test lint format clean

# A run folder that holds a run is continued, a new one begun.
train: $(READY) data/sample/sample.json
	$(BIN)/python tools/train.py $(CONFIG) --work-dir $(WORK_DIR) --resume auto

test: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict mmholdout/errors.py mmholdout/history mmholdout/monitor mmholdout/splits mmholdout/metrics mmholdout/report mmholdout/sample mmholdout/priors

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

data/sample/sample.json: | $(READY)
	$(BIN)/python tools/prepare_data.py sample --out data/sample

.venv: $(READY)

$(READY): requirements.lock setup.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
