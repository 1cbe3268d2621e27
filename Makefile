# `make serve` and `make test` set up what they need in the checkout; see README.md.
VENV := .venv
PYTHON ?= python3
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: serve test conformance check clean

serve: $(VENV)/.serve
	@exec $(VENV)/bin/kg serve

test: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest

conformance: $(VENV)/.dev
	@PYTHONPATH=tests $(VENV)/bin/python -m conformance --expected tests/conformance/expected.json \
		--earl data/conformance.ttl $(if $(DATE),--time $(DATE))

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
	rm -rf $(VENV) .kg
