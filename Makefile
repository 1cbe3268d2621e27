# `make serve` and `make test` set up what they need in the checkout; see README.md.
VENV := .venv
PYTHON ?= python3
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: serve test conformance attack attack-short changes benchmark check clean

serve: $(VENV)/.serve
	@exec $(VENV)/bin/kg serve

test: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest

conformance: $(VENV)/.dev
	@PYTHONPATH=tests $(VENV)/bin/python -m conformance --expected tests/conformance/expected.json \
		--earl data/conformance.ttl $(if $(DATE),--time $(DATE))

attack: $(VENV)/.dev
	@KG_ATTACK=long $(VENV)/bin/python -m pytest -m attack tests/attack

attack-short: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest -m attack tests/attack

changes: $(VENV)/.dev
	@PYTHONPATH=tests $(VENV)/bin/python -m changes

benchmark: $(VENV)/.dev .venv-peers/.installed
	@PYTHONPATH=tests $(VENV)/bin/python -m benchmarks --json benchmarks.json

.venv-peers/.installed: tests/benchmarks/peers.txt
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/pip install --quiet --requirement $< >&2
	@touch $@

check: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

$(VENV)/.serve: pyproject.toml constraints.txt
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --editable . >&2
	@touch $@

$(VENV)/.dev: $(VENV)/.serve
	@$(VENV)/bin/pip install --quiet --editable '.[dev]' >&2
	@touch $@

clean:
	rm -rf $(VENV) .venv-peers .kg benchmarks.json
