# make run ARGS="picture.png --channel 3"    opens PoolViewer
# make test                                  runs every check and every test
# make bench                                 measures how fast it is, beside what one would use instead
# Each sets up .venv first, and again only when pyproject.toml changes.

VENV := .venv
BIN := $(VENV)/bin
SET_UP := pyproject.toml packaging/bootstrap.sh
ARGS ?=

.PHONY: run test lint bench screenshots wheel clean

run: $(VENV)/.ready-to-run
	@$(BIN)/poolviewer $(ARGS)

test: lint
	$(BIN)/pytest $(ARGS)

lint: $(VENV)/.ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

bench: $(VENV)/.ready-to-bench
	$(BIN)/python -m tests.benchmarks $(ARGS)

screenshots: $(VENV)/.ready-to-test
	$(BIN)/python packaging/screenshots.py $(ARGS)

wheel: $(VENV)/.ready-to-test
	$(BIN)/python -m build --wheel --no-isolation

clean:
	rm -rf $(VENV) build dist .benchmarks .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find poolviewer tests packaging -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.ready-to-run: $(SET_UP)
	@sh packaging/bootstrap.sh run
	@touch $@

$(VENV)/.ready-to-test: $(SET_UP)
	@sh packaging/bootstrap.sh test
	@touch $@ $(VENV)/.ready-to-run

$(VENV)/.ready-to-bench: $(SET_UP)
	@sh packaging/bootstrap.sh bench
	@touch $@ $(VENV)/.ready-to-test $(VENV)/.ready-to-run
