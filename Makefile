# The course's commands; `make help` lists them. Each makes .venv and installs what it needs.

PYTHON ?= python3
BIN := .venv/bin

# $(call install,what): install into .venv, and leave the stamp $@ only when all of it worked.
# A .venv that works is kept, whatever PYTHON says; one that was left half made is made anew.
works := $(BIN)/python -m pip --version >/dev/null 2>&1
define install
@$(works) || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	{ echo "Python 3.10 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
@echo "Setting up .venv for $(notdir $@) (first time: a minute or two) ..."
@rm -f $@
@$(works) || $(PYTHON) -m venv --clear .venv
@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(1)
@touch $@
endef

.PHONY: help run test lab bench mutants links lint

help:
	@echo "make run                 execute all lessons and write their notebooks"
	@echo "make run LESSON=name     execute one, as in LESSON=09_1_convolution"
	@echo "make test                run every test and every lesson; ARGS=\"-k conv\" goes to pytest"
	@echo "make lab                 open the lessons in JupyterLab"
	@echo "make bench               measure speed and memory against other libraries"
	@echo "make mutants             draw every figure wrongly, in many ways: does its fingerprint notice?"
	@echo "make links               write badges, navigation, first cells and the README's table"
	@echo "make lint                check style: ruff on the code and on the notebooks"

run: .venv/lessons
	@$(BIN)/python tools/run.py $(LESSON)

test: .venv/tests
	@$(BIN)/python -m pytest $(ARGS)

lab: .venv/lessons
	@$(BIN)/jupyter lab notebooks $(ARGS)

bench: .venv/benchmarks
	@for benchmark in benchmarks/*.py; do $(BIN)/python $$benchmark $(ARGS) || exit 1; done

mutants: .venv/lessons
	@$(BIN)/python tools/mutants.py $(ARGS)

links: .venv/lessons
	@$(BIN)/python tools/links.py $(ARGS)

lint: .venv/tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.venv/lessons: requirements.txt pyproject.toml
	$(call install,-r requirements.txt)

.venv/tests: .venv/lessons
	$(call install,-e '.[test]')

.venv/benchmarks: .venv/lessons
	$(call install,-e '.[bench]')
