.PHONY: demo up down status test test-fast conformance check advisories outputs lock clean tools releases

PYTHON ?= python3
VENV := $(CURDIR)/.tools/venv
export PATH := $(VENV)/bin:$(CURDIR)/.tools/bin:$(PATH)
export PYTHONPATH := $(CURDIR)/dev
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export SAM_CLI_TELEMETRY := 0

MACHETE := 0.9.2

## demo: from nothing to an MP4, by the documented path, on a local AWS
demo: tools
	bash dev/demo.sh

## up: keeps a local AWS with the API running, to play with; down ends it
up: tools
	python -m local_aws up
	bash dev/up.sh

down: $(VENV)/.installed
	python -m local_aws down

status: $(VENV)/.installed
	python -m local_aws status

## test: everything; test-fast: what needs nothing but Rust
test: tools releases test-fast conformance
	pytest tests/e2e

test-fast:
	cargo test --locked

## conformance: what we send, against what the official client sends
conformance: tests/conformance/node_modules/.package-lock.json
	npm --prefix tests/conformance run check
	cargo test --locked --test live -- --ignored

# cargo-deny's advisories come from a database on the network, which not every build machine reaches: see advisories.
check: $(VENV)/.installed .tools/bin/cargo-machete
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --locked --no-deps --quiet
	cargo deny --locked check bans licenses sources
	cargo machete
	AWS_DEFAULT_REGION=us-east-1 sam validate --lint
	ruff check dev tests/e2e
	ruff format --check dev tests/e2e

advisories: $(VENV)/.installed
	cargo deny --locked check advisories

## outputs: the deployed stack's outputs, as sam-outputs.json
STACK ?= remotion-render-api
outputs: $(VENV)/.installed
	aws cloudformation describe-stacks --stack-name $(STACK) --query 'Stacks[0].Outputs' --output json \
		| python -c 'import json, sys; json.dump({"$(STACK)": {o["OutputKey"]: o["OutputValue"] for o in json.load(sys.stdin)}}, sys.stdout, indent=2)' \
		> sam-outputs.json
	cat sam-outputs.json

clean: down
	rm -rf .aws-sam .tools dev/node_modules dev/releases/*/node_modules tests/conformance/node_modules target sam-outputs.json

## lock: pins dev/requirements.in in dev/requirements.txt
lock:
	$(PYTHON) -m venv --clear .tools/lock
	.tools/lock/bin/pip install --quiet --requirement dev/requirements.in
	(echo '# Generated from requirements.in by `make lock`.'; .tools/lock/bin/pip freeze) > dev/requirements.txt
	rm -rf .tools/lock

tools: $(VENV)/.installed dev/node_modules/.package-lock.json
	bash dev/chrome.sh

$(VENV)/.installed: dev/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo 'Install Python 3.11 or later.'; exit 1)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --no-deps --requirement dev/requirements.txt
	touch $@

# Older releases of Remotion's render function, for the tests that render on several. Not by `npm ci`, which wants the
# binaries of every platform in the lock file: a registry may have those of one only.
releases: $(patsubst %,dev/releases/%/node_modules/.package-lock.json,4.0.311 4.0.420)

dev/releases/%/node_modules/.package-lock.json: dev/releases/%/package-lock.json
	cd dev/releases/$* && npm install --no-save --no-audit --no-fund --loglevel=error
	touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	@command -v npm >/dev/null || (echo 'Install Node.js 20.15 or later, with npm.'; exit 1)
	cd $* && npm ci --no-audit --no-fund --loglevel=error
	touch $@

.tools/bin/cargo-machete:
	cargo install --locked --quiet --root .tools cargo-machete@$(MACHETE)
