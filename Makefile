# Everything a person does here.  `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin

# Without bytecode every process would compile everything anew, and there are hundreds in a run of the tests.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help serve test test-tools check format generate evidence selftest nightly suite-wheel fidelity bench bench-peers live example kill replay soak fuzz clean
help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo 'Python 3.11 or newer is needed; if it goes by another name: make PYTHON=python3.13'; exit 1; }
	@echo 'setting up .venv: once, about a minute'
	@$(PYTHON) -m venv .venv

# What is installed is locked, with hashes: see requirements/README.md.
LOCKED := -m pip install --quiet --require-hashes
OWN := -m pip install --quiet --no-deps --no-build-isolation --editable .

.venv/.serve: .venv/bin/python pyproject.toml requirements/run.txt requirements/build.txt
	@$(BIN)/python $(LOCKED) -r requirements/run.txt -r requirements/build.txt
	@$(BIN)/python $(OWN)
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml requirements/dev.txt
	@echo "installing what development needs"
	@$(BIN)/python $(LOCKED) -r requirements/dev.txt
	@$(BIN)/python $(OWN)
	@touch $@ .venv/.serve

serve: .venv/.serve  ## set up and start the emulator (ARGS="--port 9443 --pace instant")
	@exec $(BIN)/asm-emulator serve $(ARGS)

test: .venv/.dev  ## set up and run all tests (ARGS="-k storage")
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

build/tools/.python: .venv/.dev tests/tools/requirements.txt
	$(BIN)/python -m venv --clear build/tools/venv
	build/tools/venv/bin/python $(LOCKED) -r tests/tools/requirements.txt
	@touch $@

# Without npm there is nothing to install, and nothing to remember: the tests say that they are skipped.
build/tools/.node: .venv/.dev tests/tools/package.json tests/tools/package-lock.json
	@mkdir -p build/tools && cp tests/tools/package.json tests/tools/package-lock.json build/tools
	@if ! command -v npm >/dev/null; then echo 'npm is not installed: the Node clients are left out'; \
	else npm ci --prefix build/tools --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@; fi

test-tools: build/tools/.python build/tools/.node  ## test with the real clients, and what is built in fresh environments
	$(BIN)/pytest -n 4 -m tools tests/packaging tests/tools $(ARGS)

check: .venv/.dev  ## style, types, import rules, generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m docs.evidence --check
	$(BIN)/python -m docs.figures --check
	$(BIN)/python -m tests.fidelity --check

format: .venv/.dev  ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generate: .venv/.dev  ## write the generated pages anew
	$(BIN)/python -m docs.generate

evidence: build/tools/.python build/tools/.node  ## run the suite with every driver, real tools and the selftest, and write what they show (PARTS="sdk node")
	$(BIN)/python -m docs.evidence $(if $(PARTS),--only $(PARTS))

selftest: .venv/.dev  ## what the suite catches of deliberate wrong behaviour
	$(BIN)/asm-contracts selftest $(ARGS)

nightly: .venv/.dev  ## thousands of histories: the state machine, and several clients at once (ARGS="--examples 5000")
	$(BIN)/python -m tests.nightly $(ARGS)

suite-wheel: .venv/.dev build/tools/.node  ## install the suite from its wheel without the emulator; score a right server and a broken one
	$(BIN)/python -m tests.suite_wheel $(ARGS)

fidelity: .venv/.dev  ## replay recorded traffic of the real service, where it is at hand (ARGS="-- --only storage")
	$(BIN)/python -m tests.fidelity $(ARGS)

bench: .venv/.dev  ## measure throughput, latency, start and memory, with ratios within the run
	$(BIN)/python -m tests.bench $(ARGS)

# What cannot be installed here is left out, and the page of figures says so.
build/peers/.installed: .venv/.dev
	@mkdir -p build/peers/node
	$(BIN)/python -m venv --clear build/peers/venv
	-build/peers/venv/bin/python -m pip install --quiet 'moto[server]==5.2.5'
	-npm install --prefix build/peers/node --ignore-scripts --no-audit --no-fund --loglevel=error azurite@3.35.0
	@touch $@

bench-peers: build/peers/.installed  ## install moto's server and Azurite into build/peers, and measure them in the same run
	$(BIN)/python -m tests.bench --only peers $(ARGS)

fuzz: .venv/.dev  ## 200,000 bad requests, other ones in every run (ARGS="--cases 5000")
	$(BIN)/python -m tests.fuzz $(ARGS)

kill: .venv/.dev  ## kill a loaded server 200 times and compare what it has kept with what clients were told
	$(BIN)/python -m tests.kill $(ARGS)

live: .venv/.dev  ## measure how soon the page shows what happened, with 1,000 machines (needs Chromium)
	$(BIN)/python -m tests.live $(ARGS)

example: .venv/.dev  ## the sample project ten times in a row, in process and in parallel on one server
	$(BIN)/python -m tests.example $(ARGS)

replay: .venv/.dev  ## run the tests of behaviour with every change replayed from its record in a journal
	$(BIN)/pytest -q -n auto -p tests.replayed tests/emulator/areas $(ARGS)

soak: .venv/.dev  ## mixed load for an hour with faults on: is memory flat, and does nothing leak? (ARGS="--minutes 30")
	$(BIN)/python -m tests.soak $(ARGS)

.PHONY: hostile lock audit sbom wheel supply
hostile: .venv/.dev  ## measure how hostile input fares (ARGS="xml http tls")
	$(BIN)/python -m tests.hostile $(ARGS)

build/supply/.python: .venv/bin/python requirements/supply.txt
	@$(BIN)/python -m venv --clear build/supply/venv
	@build/supply/venv/bin/python $(LOCKED) -r requirements/supply.txt
	@touch $@

lock: build/supply/.python  ## lock the dependencies anew, from pyproject.toml and requirements/*.in
	@.venv/bin/python -m tests.supply lock

audit: .venv/.dev build/supply/.python  ## ask whether a known vulnerability is in what is locked (needs the network)
	@$(BIN)/python -m tests.supply audit

sbom: .venv/.dev build/supply/.python  ## write what the emulator consists of to build/sbom.json (CycloneDX)
	@$(BIN)/python -m tests.supply sbom

wheel: .venv/.dev  ## build the wheel, twice, and compare
	@$(BIN)/python -m tests.supply wheel

supply: .venv/.dev build/supply/.python  ## audit, sbom and wheel, with figures
	@$(BIN)/python -m tests.supply all

clean:  ## remove what was built or generated
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
