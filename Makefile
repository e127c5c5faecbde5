.DEFAULT_GOAL := help
.PHONY: help demo up down status mail test e2e built test-fast test-deployed test-faults test-emulators faults fuzz fuzz-short conformance check check-page check-rust \
	check-template check-documents check-scripts client check-client aside beside watched package format page screenshots bench record reference advisories sbom dist outputs lock \
	clean tools rust releases prose

PYTHON ?= python3
VENV := $(CURDIR)/.tools/venv
export PATH := $(VENV)/bin:$(CURDIR)/.tools/bin:$(PATH)
export PYTHONPATH := $(CURDIR)/dev:$(CURDIR)/bench
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# A network that comes late, or fails now and then.
export PIP_DEFAULT_TIMEOUT := 120
export PIP_RETRIES := 10
export UV_HTTP_TIMEOUT := 120
export UV_HTTP_RETRIES := 10
export NPM_CONFIG_FETCH_RETRIES := 6
export CARGO_NET_RETRY := 10
export SAM_CLI_TELEMETRY := 0
# Many images for containers set this, and then each of hundreds of starts compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

# Installs in a fifth of the processor time that pip takes, with the system's certificates and from pip's index.
export UV_SYSTEM_CERTS := 1
UV = env UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$(.tools/uv/bin/pip config get global.index-url 2>/dev/null)}}" .tools/uv/bin/uv
CYCLONEDX := 0.5.9
# Workspaces of their own.
CRATES := fuzz crates/remotion-lambda/fuzz bench/aws bench/peers/floor examples/backend-rust
# The TypeScript client, built, for all that needs it at the same time.
CLIENT := clients/typescript/dist/index.js
# What both `check` and `test` install, or the deployed tests and what runs beside them.
SHARED := $(CLIENT) $(VENV)/.installed .tools/openapi/.installed \
	$(addsuffix /node_modules/.package-lock.json,dev page clients/typescript crates/remotion-lambda/conformance)
# What the deployed tests install.
DEPLOYED := $(SHARED) $(addsuffix /node_modules/.package-lock.json,tests/clients dev/oidc)
# With --jobs, what only computes runs beside the deployed tests, which are timed and mostly wait: it gives way to them.
GIVES_WAY := MAKEFLAGS= nice -n 19 $(MAKE)

## help: what there is to make
help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST)) | awk -F': ' '{what = $$1; sub(/^[^:]*: /, ""); printf "  %-14s %s\n", what, $$0}'

## demo: from nothing to an MP4, by the documented path, on a local AWS
# Not optimised: what is tested, measured and released is the release.
demo up: export SAM_BUILD_MODE := debug
demo: tools
	bash dev/demo.sh

## up: keeps a local AWS with the API running, to play with; `make down` ends it
up: tools
	python -m local_aws up
	bash dev/up.sh

## down: ends the local AWS
down: $(VENV)/.installed
	python -m local_aws down

## status: where the local AWS is
status: $(VENV)/.installed
	python -m local_aws status

## mail: the mail that the local AWS has kept: confirmation codes, password resets, invitations
mail: $(VENV)/.installed
	@python -m local_aws mail

## test: everything
test: aside beside test-deployed test-faults test-emulators
	python -m compare gate "$$(python -m local_aws binary)"

aside: rust $(SHARED) releases
	$(GIVES_WAY) test-fast watched fuzz-short

beside: rust $(SHARED) releases
	$(GIVES_WAY) sbom conformance package

# Of the deployed tests, each with a local AWS of its own, where nothing is left to build: they mostly wait.
WORKERS ?= 2

# A wait that ends in vain, on a machine that builds as well, is tried once more, and counted; and so is what fails while
# the machine stands still. A wrong value is not.
test-deployed: built tools releases $(DEPLOYED)
	pytest --numprocesses=$(WORKERS) --durations=5 --reruns=1 --only-rerun='TimeoutError|with timeout [0-9]+ms|Stalled' tests/e2e

# These are timed to the millisecond: nothing runs beside them, and they no longer give way (.ci/run).
TIMED = RENDER_API_BINARY="$$(python -m local_aws binary)" pytest --durations=5 --reruns=2 --only-rerun=Stalled

test-faults: test-deployed aside beside $(filter check,$(MAKECMDGOALS))
	@(echo 0 >/proc/self/autogroup) 2>/dev/null || true
	$(TIMED) tests/faults

test-emulators: test-faults .tools/moto/.installed
	$(TIMED) tests/emulators

## test-fast: what needs nothing but Rust
test-fast:
	cargo test --locked --workspace

## e2e: the deployed API on the local AWS; TEST picks by name: `make e2e TEST=test_once`, `TEST='page and cancel'`
e2e: tools $(DEPLOYED)
	pytest tests/e2e $(if $(TEST),-k '$(TEST)')

# Next to the other builds, rather than by the first test that needs it.
built: tools
	python -m local_aws build

# What `cargo lambda watch` builds, which the tests with `cargo test` build with features of their own.
watched: rust
	cargo build --locked

## faults: plays every fault, and writes docs/faults.md
faults: tools
	UPDATE=1 pytest --durations=5 tests/faults

## bench: compares the function with its peers; writes bench/results.json, and the tables and the chart in the documents
bench: tools .tools/bench/.installed bench/peers/node/node_modules/.package-lock.json
	python -m compare run

## record: makes the counted instructions of this machine's architecture the figure that `make test` holds the function to
record: $(VENV)/.installed
	python -m compare gate --record

## client: builds the TypeScript client, into clients/typescript/dist
client: $(CLIENT)

$(CLIENT): clients/typescript/node_modules/.package-lock.json openapi.yaml clients/typescript/tsconfig.build.json \
		$(filter-out %/schema.ts,$(wildcard clients/typescript/src/*.ts))
	npm --prefix clients/typescript run --silent build

check-client: $(CLIENT)
	npm --prefix clients/typescript run --silent check
	npm --prefix clients/typescript test --silent

## page: builds page/dist/index.html, which is committed: `cargo build` needs no Node.js
page: page/node_modules/.package-lock.json
	npm --prefix page run build

## screenshots: pictures of the page in each of its states, into docs/page
screenshots: tools
	pytest tests/e2e/browser/screenshots.py

## fuzz: an hour for each target, or FUZZ_SECONDS; FUZZ_TARGETS names some of event, body, reply, poll, hook, progress
FUZZ_SECONDS ?= 3600
fuzz: $(VENV)/.installed
	fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

## fuzz-short: ten seconds for each target
# Not optimised: it would build for longer than it runs.
fuzz-short: $(VENV)/.installed
	CARGO_PROFILE_DEV_OPT_LEVEL=0 fuzz/run.sh 10

## conformance: what we send, against what the official clients send, and since when a function reads it
conformance: crates/remotion-lambda/conformance/node_modules/.package-lock.json .tools/oracle/.installed dev/node_modules/.package-lock.json releases
	npm --prefix crates/remotion-lambda/conformance run check
	.tools/oracle/bin/python crates/remotion-lambda/conformance/python_client.py </dev/null
	cargo test --locked --workspace --test live -- --ignored

## package: the client crate as it would be published, tested with the rest of the repository out of sight
package:
	bash dev/package.sh

## check: all that needs no deployment; the parts are check-client, -page, -rust, -template, -documents and -scripts
# cargo-deny's advisories come from a database on the network, which not every build machine reaches: see advisories.
check: rust $(SHARED)
	$(GIVES_WAY) check-client check-page check-rust check-template check-documents check-scripts

check-rust: $(VENV)/.installed
	cargo fmt --all --check
	for crate in $(CRATES); do cargo fmt --check --manifest-path $$crate/Cargo.toml || exit 1; done
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo clippy --locked --manifest-path bench/aws/Cargo.toml -- -D warnings
	# With the examples, as only then cargo takes the features that clippy has checked the dependencies with.
	RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --no-deps --quiet --lib --bins --examples
	cargo deny --locked check bans licenses sources
	for crate in . $(CRATES); do cargo shear $$crate || exit 1; done
	python dev/circles.py

check-template: $(VENV)/.installed .tools/checkov/.installed
	AWS_DEFAULT_REGION=us-east-1 sam validate --lint
	.tools/checkov/bin/checkov --file template.yaml --framework cloudformation --skip-download --quiet --compact
	pytest --quiet tests/template

check-documents: prose .tools/openapi/.installed dev/openapi/node_modules/.package-lock.json
	.tools/openapi/bin/openapi-spec-validator openapi.yaml
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true dev/openapi/node_modules/.bin/redocly lint --config dev/openapi/redocly.yaml openapi.yaml
	python dev/reference.py --check
	python -m compare report --check
	pytest --quiet tests/docs

## prose: reports the phrases of dev/prose/phrases.json in documents, messages, comments and descriptions
prose: $(VENV)/.installed dev/prose/node_modules/.package-lock.json
	python dev/prose/extract.py
	dev/prose/node_modules/.bin/textlint --config dev/prose/textlintrc.json --rulesdir dev/prose/rules --format unix \
		'*.md' 'docs/**/*.md' 'crates/remotion-lambda/*.md' 'page/*.md' 'clients/*/*.md' 'dev/local_aws/*.md' 'target/prose/**/*.md'

check-page: $(CLIENT) page/node_modules/.package-lock.json
	npm --prefix page run --silent check
	npm --prefix page test --silent
	npm --prefix page run --silent build -- --outDir ../target/page --emptyOutDir --logLevel warn
	cmp page/dist/index.html target/page/index.html

check-scripts: $(VENV)/.installed page/node_modules/.package-lock.json
	page/node_modules/.bin/biome ci .
	ruff check
	ruff format --check
	zizmor --offline --quiet .github
	pytest --quiet tests/releases tests/scripts

## format: formats all that has a formatter
format: $(VENV)/.installed page/node_modules/.package-lock.json
	cargo fmt --all
	for crate in $(CRATES); do cargo fmt --manifest-path $$crate/Cargo.toml || exit 1; done
	page/node_modules/.bin/biome check --write .
	ruff check --fix
	ruff format

## reference: writes docs/reference.md from openapi.yaml
reference: $(VENV)/.installed
	python dev/reference.py

## advisories: known weaknesses of the dependencies; asks the network
advisories: $(VENV)/.installed
	cargo deny --locked check advisories

## sbom: what the released binary is made of, as CycloneDX, in target/sbom/
sbom: $(VENV)/.installed .tools/bin/cargo-cyclonedx
	python dev/sbom.py
	pytest --quiet tests/sbom

## dist: what a release consists of, in target/dist/
DIST ?= arm64 x86_64
dist: sbom
	rm -rf target/dist && mkdir -p target/dist
	for architecture in $(DIST); do \
		cargo lambda build --locked --release --output-format zip --$$(echo $$architecture | tr _ -) \
			&& cp target/lambda/remotion-render-api/bootstrap.zip target/dist/remotion-render-api-$$architecture.zip \
			&& cp target/sbom/remotion-render-api-$$architecture.cdx.json target/dist/ || exit 1; \
	done
	python dev/release_templates.py target/dist $(DIST)
	cd target/dist && sha256sum -- * >SHA256SUMS

## outputs: the deployed stack's outputs, as sam-outputs.json
STACK ?= remotion-render-api
outputs: $(VENV)/.installed
	aws cloudformation describe-stacks --stack-name $(STACK) --query 'Stacks[0].Outputs' --output json \
		| python -c 'import json, sys; json.dump({"$(STACK)": {o["OutputKey"]: o["OutputValue"] for o in json.load(sys.stdin)}}, sys.stdout, indent=2)' \
		> sam-outputs.json
	cat sam-outputs.json

## clean: removes all that was made here
clean: down
	rm -rf .aws-sam .pytest_cache .ruff_cache .tools target fuzz/target fuzz/artifacts crates/remotion-lambda/fuzz/target crates/remotion-lambda/fuzz/artifacts
	rm -rf bench/aws/target bench/peers/floor/target examples/backend-rust/target bench/peers/node/build tests/clients/build clients/typescript/dist clients/typescript/src/schema.ts sam-outputs.json
	find bench dev tests -name node_modules -prune -o -name __pycache__ -exec rm -rf {} +
	rm -rf $(addsuffix /node_modules,bench/peers/node crates/remotion-lambda/conformance dev dev/oidc dev/openapi dev/prose dev/releases/* clients/typescript page tests/clients)

## lock: pins dev/*.in, or those that SETS names, each with its digests in a .txt next to it; LOCK=--upgrade takes what is newest
LOCK ?=
SETS ?= uv requirements checkov openapi bench oracle moto
lock: .tools/uv/.installed
	for set in $(SETS); do \
		$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
			--custom-compile-command 'make lock' --output-file dev/$$set.txt $(LOCK) dev/$$set.in || exit 1; \
	done

tools: rust $(VENV)/.installed dev/node_modules/.package-lock.json
	bash dev/packages.sh

rust:
	@command -v cargo >/dev/null || (echo 'Rust is missing. Install it with `curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh`.'; exit 1)
	@command -v cc >/dev/null || (echo 'A C compiler is missing. Install it with `sudo apt-get install build-essential` on Debian, `xcode-select --install` on macOS.'; exit 1)
	@cargo --version >/dev/null

define CHECK_PYTHON
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo 'Python 3.11 or later is missing. Install it with `sudo apt-get install python3 python3-venv` on Debian, `brew install python` on macOS.'; exit 1)
endef

# -S: another recipe may just be filling the environment that $(PYTHON) is of.
define INSTALL
$(CHECK_PYTHON)
$(PYTHON) -m venv --clear --without-pip $(@D)
@$(PYTHON) -S dev/ticking.py 'uv pip install, $(<F)' \
	$(UV) pip install --quiet --python $(@D)/bin/python --no-deps --require-hashes --requirement $<
touch $@
endef

$(VENV)/.installed: dev/requirements.txt .tools/uv/.installed
	$(INSTALL)

# Environments of their own: what they pin conflicts with the rest, or must not affect it.
.tools/%/.installed: dev/%.txt .tools/uv/.installed
	$(INSTALL)

.tools/uv/.installed: dev/uv.txt
	$(CHECK_PYTHON)
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --no-deps --require-hashes --requirement $<
	touch $@

# Older releases of Remotion's render function, for the tests that render on several. Not by `npm ci`, which wants the
# binaries of every platform in the lock file: a registry may have those of one only.
releases: $(patsubst %,dev/releases/%/node_modules/.package-lock.json,4.0.311 4.0.420)

dev/releases/%/node_modules/.package-lock.json: dev/releases/%/package-lock.json
	cd dev/releases/$* && $(PYTHON) ../../ticking.py 'npm install, Remotion $*' npm install --no-save --no-audit --no-fund --loglevel=error
	touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	@node -e '[a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' && command -v npm >/dev/null \
		|| (echo 'Node.js 20.19 or later, with npm, is missing. Install it with `nvm install 22`, or `brew install node` on macOS.'; exit 1)
	cd $* && $(PYTHON) $(CURDIR)/dev/ticking.py 'npm ci, $*' npm ci --no-audit --no-fund --loglevel=error
	touch $@

# Not optimised: it runs for seconds, and would build for minutes.
.tools/bin/cargo-cyclonedx:
	CARGO_PROFILE_DEV_DEBUG=0 $(PYTHON) dev/ticking.py cargo-cyclonedx cargo install --locked --quiet --debug --root .tools cargo-cyclonedx@$(CYCLONEDX)
