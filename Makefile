# Two commands matter: `make demo` and `make test`. Each sets up what it needs in .venv, once, without root.
# `make help` lists the others.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
UV ?= uv
REPORT ?= report

# Recorded conflicts that `make validate` scores: a folder of Flee folders. They are not kept here.
RECORDED ?= ../shared/data/flee_conflicts

# Refugees by country, and arrivals by border and day.
SERIES ?= $(RECORDED)/../displacement

# People newly displaced by area and month, and lethal events, scored with them.
OUTFLOW ?= $(RECORDED)/../displacement/syria_idp_returnee_movements_monthly_2016_2021.csv \
	$(RECORDED)/../ged/ged211_prec12_syria_2004_2020.csv.gz
FLOWS ?= $(RECORDED)/../displacement/somalia_prmn_origin_destination_monthly_2016_2019.csv.gz

# Which tests `make test` runs. CI adds those that need a browser: make test MARKS="not slow"
MARKS ?= not slow and not browser

# Which files; all of them if not given
TESTS ?=

# The first Python of 3.11 or later on the path; PYTHON=... chooses another.
FIND_PYTHON = for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; \
	done

.PHONY: help setup demo test check format validate bench docs lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.dev $(VENV)/.asylia ## install everything for development into .venv

demo: $(VENV)/.run $(VENV)/.asylia $(VENV)/.kernels ## compare the seven plans for Syria, February 2017, and write a report
	$(BIN)/asylia compare syria-2017 --report $(REPORT)
	@echo "Open $(REPORT)/report.html in a browser."

test: setup $(VENV)/.kernels ## run the tests
	$(BIN)/pytest -m "$(MARKS)" $(TESTS)

check: setup ## check format, lint, types and contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## put the code into the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

validate: setup $(VENV)/.kernels ## run the slow tests, and score the models against what was observed
	$(BIN)/pytest -m slow
	$(BIN)/python tools/hindcast.py syria-2017
	$(BIN)/asylia validate hindcast syria-2017
	@if [ -d $(RECORDED) ]; then \
		$(BIN)/python tools/validation_page.py $(RECORDED)/*/ --outflow $(OUTFLOW) && \
		$(BIN)/asylia validate refugees $(SERIES)/syria_refugees_by_country_2011_2015.csv --from Syria && \
		$(BIN)/asylia validate refugees $(SERIES)/ukraine_border_arrivals_daily_2022.csv --from Ukraine \
			--horizons 7,14,30 --first-origin 7 --origin-every 3 && \
		$(BIN)/asylia validate flows $(FLOWS) && \
		$(BIN)/asylia validate outflow $(OUTFLOW) --returns && \
		$(BIN)/asylia calibrate $(RECORDED)/*/ --leave-one-out; \
	else \
		echo "Recorded conflicts were not scored: $(RECORDED) is not there. RECORDED=... names another folder of them."; \
	fi

bench: setup $(VENV)/.kernels ## measure speed and memory
	$(BIN)/python -m benchmarks

docs: $(VENV)/.docs $(VENV)/.asylia ## build the documentation; a warning is an error
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "Open docs/_build/html/index.html in a browser."

lock: ## choose new versions of what we depend on (needs uv: pip install uv, or UV="python3 -m uv")
	$(LOCK) --group build --group test --group check --output-file locks/dev.txt
	$(LOCK) --group build --constraint locks/dev.txt --output-file locks/run.txt
	$(LOCK) --group build --group docs --constraint locks/dev.txt --output-file locks/docs.txt

LOCK = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate pyproject.toml

clean: ## remove what was built, and .venv
	rm -rf $(VENV) build dist docs/_build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/pyvenv.cfg:
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then \
		echo "Asylia needs Python 3.11 or later, and none was found. Install one, or name it: make PYTHON=/path/to/python3" >&2; \
		exit 2; \
	fi; \
	"$$python" -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "No virtual environment could be made. On Debian or Ubuntu, install the package python3-venv." >&2; \
		exit 2; \
	}

# Compiled kernels are kept beside their source, and each is renewed only when its own file changes; a kernel that
# calls another would go on with the old one. So all of them go when any source does.
$(VENV)/.kernels: $(shell find src/asylia -name '*.py') | $(VENV)/pyvenv.cfg
	@find src/asylia -name '*.nbi' -delete -o -name '*.nbc' -delete
	@touch $@

# Each stamp remembers that its lock is installed, so a second call needs neither time nor network.
# The development lock holds everything the run lock does, at the same versions.
$(VENV)/.run: locks/run.txt | $(VENV)/pyvenv.cfg
	@echo "Setting up: installing what Asylia runs on into $(VENV) ..."
	@$(PIP) --require-hashes -r $<
	@touch $@

$(VENV)/.dev: locks/dev.txt | $(VENV)/pyvenv.cfg
	@echo "Setting up: installing what Asylia is developed with into $(VENV) ..."
	@$(PIP) --require-hashes -r $<
	@touch $@ $(VENV)/.run

$(VENV)/.docs: locks/docs.txt | $(VENV)/pyvenv.cfg
	@echo "Setting up: installing what the documentation is built with into $(VENV) ..."
	@$(PIP) --require-hashes -r $<
	@touch $@

$(VENV)/.asylia: pyproject.toml | $(VENV)/pyvenv.cfg
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@
