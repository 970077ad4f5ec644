# `make train` and `make test` do all the set-up themselves; nothing is compiled.
PYTHON ?= python3.11
CONFIG ?= configs/ssdlite_sample.py
WORK_DIR ?= work_dirs/$(basename $(notdir $(CONFIG)))
VENV = .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
# Each worker keeps to one thread: threads of OpenMP that share a core wait for each other.
PYTEST = OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

.PHONY: train test bench guarantees mutation protections lint format clean

# A run folder that holds a run is continued, a new one begun.
train: $(READY) data/sample/sample.json
	$(BIN)/python tools/train.py $(CONFIG) --work-dir $(WORK_DIR) --resume auto

test: $(READY)
	$(PYTEST)

# Every proof of the README's promises, the long ones too: under 15 minutes on two cores.
guarantees: $(READY)
	$(PYTEST) -m guarantee

# Small mistakes put into monitor, history, metrics and splits: which do their tests find?
mutation: $(READY)
	$(BIN)/python benchmarks/mutation.py

# The table of speed in benchmarks/RESULTS.md; BCCD= its folder, PEER_PYTHON= stock mmdet's python.
bench: $(READY)
	$(BIN)/python benchmarks/bench.py $(if $(BCCD),--bccd $(BCCD)) $(if $(PEER_PYTHON),--peer-python $(PEER_PYTHON))

# Each protection is taken out of a copy, and its test must then fail.
protections: $(READY)
	$(BIN)/python benchmarks/protections.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict mmholdout/errors.py mmholdout/history mmholdout/monitor mmholdout/splits mmholdout/metrics mmholdout/report mmholdout/sample mmholdout/priors mmholdout/fetch mmholdout/formats

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
