# Two commands do everything: `make run` and `make test`. The rest is for those who build.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: sbom mutants guide pictures outputs backup restore run install test check unit browser bench load fuzz verify install-dev system clean

run: $(VENV)/.installed
	$(BIN)/streamlit run app.py --server.port=$(PORT)

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

$(VENV)/.installed: requirements.txt constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade -r requirements.txt -c constraints.txt
	touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade -r requirements-dev.txt -c constraints.txt
	touch $@ $(VENV)/.installed

$(VENV)/.installed-sbom: requirements-sbom.txt constraints.txt
	$(PYTHON) -m venv $(VENV)/sbom
	$(VENV)/sbom/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-sbom.txt -c constraints.txt
	touch $@

# Chromium, GDAL, LibreOffice, Poppler and PostGIS, for the tests that look with other programs.
# The last list only makes the browser tests cheaper: they run with Chromium itself where it fails.
system:
	scripts/install_system_packages.sh
	-scripts/install_system_packages.sh system-packages-faster.txt

test:
	$(MAKE) --jobs=2 system $(VENV)/.installed-dev $(VENV)/.installed-sbom
	$(MAKE) --jobs=2 --output-sync=line check sbom unit
	$(MAKE) browser

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deptry .
	$(BIN)/vulture

# What is compiled is kept, whatever the shell says: the many processes of these tests share it.
unit: $(VENV)/.installed-dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 -m "not browser" --ignore=tests/browser

browser: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m browser tests/browser

bench: system $(VENV)/.installed-dev
	$(BIN)/python -m bench

# Fifty sessions on a really started server by Streamlit's own protocol (about five minutes).
load: $(VENV)/.installed-dev
	$(BIN)/python -m bench.load --instances $(or $(INSTANCES),1)

fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m tests.fuzz.readers $(or $(SECONDS),240)

# Put faults in the code one by one and count how many the tests notice (about 40 minutes).
mutants: $(VENV)/.installed-dev
	$(BIN)/mutmut run
	$(BIN)/python -m scripts.mutants

verify: $(VENV)/.installed
	$(BIN)/python -m reports verify "$(SNAPSHOT)"

# A backup while the app runs: make backup FILE=copy.sqlite; put it back with the app stopped.
backup: $(VENV)/.installed
	$(BIN)/python -m store backup "$(FILE)"

restore: $(VENV)/.installed
	$(BIN)/python -m store restore "$(FILE)"

# Every output of the example plots, in both languages and for each class of readers, to look at.
outputs: $(VENV)/.installed
	$(BIN)/python -m reports.everything

# The user guide: its pictures, docs/handleiding.md and docs/guide.md.
guide: $(VENV)/.installed-dev
	$(BIN)/python -m scripts.guide

# Every page at three widths in both languages, looked at by axe-core on the way.
pictures: $(VENV)/.installed-dev
	$(BIN)/python -m scripts.pictures

# What the app is made of (CycloneDX), in build/sbom.json: of a server after `make install`, what runs
# there; here the tools of tests and checks as well.
sbom: $(VENV)/.installed-dev $(VENV)/.installed-sbom
	mkdir -p build
	$(VENV)/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--spec-version 1.6 --output-format JSON --no-validate --output-file build/sbom.json $(BIN)/python

clean:
	rm -rf $(VENV) build
