# The course's commands; `make help` lists them. Each makes .venv and installs what it needs.

PYTHON ?= python3
BIN := .venv/bin

# How long a cell of a lesson may take, in seconds, and how many lessons or tests run side by side.
TIMEOUT ?= 900
JOBS ?= $(shell env -u OMP_NUM_THREADS nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)

SIDE_BY_SIDE = -n $(JOBS) --dist loadfile
LESSONS_TOO = --nbval --nbval-current-env --nbval-cell-timeout=$(TIMEOUT) --nbval-kernel-startup-timeout=$(TIMEOUT)
FIRST_PAGE = /lab/tree/work/index.ipynb
COVERAGE = --cov=helpers --cov-report=term:skip-covered

# What is in .venv knows the folder by its full path. In a folder that was moved or renamed, or where the
# interpreter is gone, the stamps say nothing any more.
ifneq ($(shell test -x $(BIN)/python && cat .venv/folder 2>/dev/null),$(CURDIR))
$(shell rm -f .venv/lessons .venv/tests .venv/lint .venv/oracles .venv/benchmarks .venv/site .venv/browser)
endif

# uv, where it works, installs the same packages in seconds; `make UV=` does without it.
UV ?= $(shell uv --version >/dev/null 2>&1 && echo uv)
INSTALL = $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

# $(call install,what): install into .venv, and leave the stamp $@ only when all of it worked.
# A .venv that works here is kept, whatever PYTHON says; one that was left half made or moved is made anew.
works := $(BIN)/python -m pip --version >/dev/null 2>&1 && \
	{ [ ! -e .venv/folder ] || [ "$$(cat .venv/folder)" = "$(CURDIR)" ]; }
define install
@{ $(works); } || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	{ echo "Python 3.10 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
@echo "Setting up .venv for $(notdir $@) (first time: a minute or two) ..."
@rm -f $@
@{ $(works); } || $(PYTHON) -m venv --clear .venv
@printf '%s\n' "$(CURDIR)" > .venv/folder
@$(INSTALL) $(1)
@touch $@
endef

.PHONY: help run test test-oracles test-browser lab bench mutants links lint site epub handout

help:
	@echo "make run                 execute all lessons and write their notebooks"
	@echo "make run LESSON=name     execute one, as in LESSON=09_01_convolution"
	@echo "make test                run every test and every lesson; ARGS=\"-k conv\" goes to pytest"
	@echo "make test-oracles        compare with PyTorch and HIPS autograd, which must be there"
	@echo "make test-browser        look at the website in Chromium: wide and narrow, light and dark"
	@echo "make site                build the website from the notebooks; make epub an e-book"
	@echo "make handout LESSON=name pack a lesson for a class, without its solutions, into dist/"
	@echo "make lab                 open your own copies of the lessons, in work/, in JupyterLab"
	@echo "make bench               measure speed and memory against other libraries"
	@echo "make mutants             draw every figure wrongly, in many ways: does its fingerprint notice?"
	@echo "make links               write badges, navigation, minutes, practice editions and the README's table"
	@echo "make lint                check style and types: ruff on code and notebooks, pyright on tools"
	@echo "TIMEOUT=900              seconds that a cell may take, for run and test; more on a slow machine"
	@echo "JOBS=2                   how many run side by side, for run and test; one per core without"

run: .venv/lessons
	@$(BIN)/python -m tools run --timeout $(TIMEOUT) --jobs $(JOBS) $(LESSON)

test: .venv/tests
	@$(BIN)/python -m pytest $(LESSONS_TOO) $(SIDE_BY_SIDE) $(or $(ARGS),$(COVERAGE))

test-oracles: .venv/oracles
	@COURSE_ORACLES=required $(BIN)/python -m pytest -m oracle $(SIDE_BY_SIDE) tests/helpers $(ARGS)

test-browser: .venv/browser
	@COURSE_BROWSER=required $(BIN)/python -m pytest tests/browser $(ARGS)

site: .venv/site
	@$(BIN)/python -m tools site

handout: .venv/lessons
	@$(BIN)/python -m tools handout $(LESSON)

epub: .venv/site
	@$(BIN)/python -m tools site --epub

lab: .venv/lessons
	@$(BIN)/python -m tools desk
	@$(BIN)/python -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=$(FIRST_PAGE) $(ARGS)

bench: .venv/benchmarks
	@for benchmark in benchmarks/*.py; do $(BIN)/python $$benchmark $(ARGS) || exit 1; done

mutants: .venv/lessons
	@$(BIN)/python -m tools mutants $(ARGS)

links: .venv/lessons
	@$(BIN)/python -m tools links $(ARGS)

lint: .venv/lint
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m pyright

.venv/lessons: requirements.txt pyproject.toml
	$(call install,-r requirements.txt)

.venv/tests: .venv/lessons
	$(call install,-e '.[test]')

.venv/lint: .venv/lessons
	$(call install,-e '.[lint]')

.venv/oracles: .venv/tests
	$(call install,-e '.[oracles]')

.venv/site: .venv/lessons
	$(call install,-e '.[site]')

.venv/browser: .venv/tests
	$(call install,-e '.[browser]')
	@command -v chromium >/dev/null || $(BIN)/python -m playwright install chromium

.venv/benchmarks: .venv/lessons
	$(call install,-e '.[bench]')
