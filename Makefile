# Everything a person or a pipeline does with this project. Needs Python 3.11 or later and nothing else.

PYTHON ?= python3
PORT ?= 8000
REQUESTS ?= 100000

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
INSTALLED := $(VENV)/.installed
# The packages of the lock that are published as source alone.
SOURCES := docopt font-roboto

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test test-browser faults faults-of-processes faults-simulated coverage check format-check lint types imports \
	clauses diagrams screens format settings catalogue fuzz bench bench-peers audit lock

help: ## Say what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

install: $(INSTALLED) ## Set up .venv with all that the project needs, if it is not there yet

run: install ## Serve the trial with its example councils on http://127.0.0.1:8000 (another port: make run PORT=8080)
	$(BIN)/supervision serve --port $(PORT)

# As many at a time as there are cores, each with servers of its own where none are given; a file's tests stay together,
# since they share what was slow to make. One that is given up for hanging ends the run: the others would wait for it.
test: install ## Run all tests but those of faults; says so where it leaves out those that need Chromium
	$(PY) -m pytest -q -n auto --maxprocesses 4 --max-worker-restart 0 --dist loadfile --ignore tests/faults --ignore tests/simulation

# `make test` runs these as well where there is a Chromium; here, as in the pipeline, there has to be one.
test-browser: export CI := 1
test-browser: install ## Run the tests of the pages in a real browser; needs Chromium
	$(PY) -m pytest -q tests/browser

# A seed is printed for each; SUPERVISION_FAULT_SEED=… plays it again. Takes about an hour and a half on two idle cores,
# each half on one of them; the pipeline runs a part of it.
faults: export SUPERVISION_FAULT_ROUNDS ?= 20
faults: export SUPERVISION_FAULT_DEADLINES ?= 10000
faults: export SUPERVISION_FAULT_SEEDS ?= 10000
faults: install ## Kill processes and servers in the midst of 10,000 deadlines, 20 times; simulate 10,000 courses of events
	$(MAKE) --no-print-directory --jobs 2 faults-of-processes faults-simulated

faults-of-processes: install
	$(PY) -m pytest -q -s -o faulthandler_timeout=0 tests/faults

faults-simulated: install
	$(PY) -m pytest -q -s -o faulthandler_timeout=0 tests/simulation

coverage: install ## Run the tests of the rules; fail unless they take every branch
	$(PY) -m coverage run -m pytest -q -o faulthandler_timeout=600 tests/unit/workflows
	$(PY) -m coverage report --include='workflows/*' --fail-under=100

check: format-check lint types imports clauses ## Check style, types, layers and clauses, without running the tests

format-check: install ## Check that the code is formatted
	$(BIN)/ruff format --check .

lint: install ## Check the code against the rules of style
	$(BIN)/ruff check .

types: install ## Check the types
	$(BIN)/mypy

imports: install ## Check that imports go one way
	$(BIN)/lint-imports --no-logo

clauses: install ## Check that every clause of the policies is kept, and shown by a test
	$(PY) -m tests.clauses

diagrams: install ## Draw the kept pictures of the workflows anew, in diagrams/drawn
	$(PY) -m diagrams

screens: install ## Take the pictures of the pages anew, in docs/screens; needs Chromium
	$(PY) -m tests.screens

format: install ## Format the code and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: install ## Send 100,000 made-up requests to a sandbox and hold every answer to the description (fewer: make fuzz REQUESTS=9000)
	$(PY) -m tests.fuzzing --requests $(REQUESTS)

# What is in no catalogue yet is added to each with an empty translation; what is nowhere any more goes.
catalogue: install ## Gather the words of the pages in service/pages/locale, and compile what translations there are
	$(PY) -m babel.messages.frontend --quiet extract --mapping-file pyproject.toml --no-location --sort-output \
		--omit-header --output-file service/pages/locale/messages.pot .
	$(PY) -m babel.messages.frontend --quiet update --input-file service/pages/locale/messages.pot \
		--output-dir service/pages/locale --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date
	$(PY) -c 'import hatch_build; hatch_build.compile_catalogues()'

settings: install ## Write docs/settings.md anew
	$(BIN)/supervision settings -o docs/settings.md

bench: install ## Measure how fast the rules, the storage and the service are
	$(PY) -m benchmarks

# `.venv/bin/uv pip install --group peers` brings along those that the project does not need itself.
bench-peers: install ## Measure beside other ways to enforce deadlines, where they are installed
	$(PY) -m benchmarks storm peers

# pip-audit asks the registry of packages and OSV, so it runs where these can be reached; --strict fails where they cannot.
audit: install ## Fail where the locked packages are older than a quarter, or have known vulnerabilities (needs the network)
	$(PY) -m tests.renewal
	@test -x $(VENV)/audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)/audit && \
		$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check 'pip-audit>=2.10'; }
	$(VENV)/audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

lock: install ## Write requirements.lock anew, with the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --universal --python-version 3.11 --all-extras --upgrade --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock pyproject.toml
	$(PY) -m tests.renewal --renewed

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Python 3.11 or later is needed. If it has another name here: make install PYTHON=python3.12' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# uv installs in a few seconds; where there is none for this machine, pip does the same, slower. Either checks every hash.
# Nothing is built but the project and SOURCES, and that without isolation, so that what builds is in the lock, too.
$(INSTALLED): pyproject.toml requirements.lock | $(PY)
	@echo 'Installing into $(VENV); this takes up to a minute.'
	@sed -n '/^setuptools==/,/[^\\]$$/p' requirements.lock > $(VENV)/setuptools.txt
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.txt
	@sed '/^uv==/,/[^\\]$$/d' requirements.lock > $(VENV)/all-but-uv.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/setuptools.txt
	@if $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt; then \
		VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes --only-binary :all: \
			$(foreach name,$(SOURCES),--no-binary $(name) --no-build-isolation-package $(name)) -r requirements.lock; \
	else \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
			$(foreach name,$(SOURCES),--no-binary $(name)) --no-build-isolation -r $(VENV)/all-but-uv.txt; \
	fi
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
