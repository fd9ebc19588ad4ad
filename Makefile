# Everything a person or CI does here; `make help` lists it. Node 26 comes with the npm packages; the flyte CLI, Helm,
# Kubernetes and the container image are made from pinned sources into a cache outside the clone.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
ARGS ?=
FLYTE ?=

packages := node_modules/.package-lock.json
stryker := tools/mutation/node_modules/.package-lock.json
program := dist/registrar.mjs

.PHONY: help demo test test-cluster lint build image cluster bench bench-base-image bench-build bench-check bench-image conformance mutation release-dry-run publish generate control-plane clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(program) ## Register against an embedded stand-in control plane, step by step
	@node tools/demo.ts

test: $(packages) ## Lint and every test, those on a real cluster too; ends with "N passed, N failed"; ARGS=test/settings: only these
	@node tools/run-tests.ts $(ARGS)

test-cluster: $(packages) ## The tests on a real cluster under Helm 3 and 4: that of KUBECONFIG, else one made here; ARGS=test/cluster/smoke
	@node tools/test-cluster.ts $(ARGS)

lint: $(packages) ## Types, format, lint and dead code
	@tsc
	@biome check .
	@knip

build: $(program) ## Bundle the program into dist/registrar.mjs

image: ## Build the container image without a container engine; prints the path of its archive; ARGS=flyte: with the flyte CLI
	@tools/image.sh $(ARGS)

cluster: $(packages) ## Keep a cluster up with a control plane and the chart installed, to try things on
	@exec node tools/cluster.ts

bench: $(program) ## The manual procedure, our first registration and our no-op run, side by side
	@node bench/registration.ts

bench-check: $(program) ## The checks where all is well, and where nothing answers, next to their limits
	@node bench/check.ts

bench-base-image: $(packages) ## What finding the Python of a base image with a layer of 2 GB reads, and its memory, next to their limits
	@node bench/base-image.ts

bench-build: $(program) ## A build by flyte build and by verify --build, side by side
	@node bench/build.ts

bench-image: $(packages) ## The container images next to their limits: size, start, no-op, memory
	@node bench/image.ts

conformance: $(packages) ## Our specs next to those of a flyte SDK, and which fields differ; FLYTE=2.12.0, else that of the lock
	@flyte=$$(tools/python-env.sh $(FLYTE)); node tools/conformance.ts "$$flyte"

mutation: $(packages) $(stryker) ## Change the sources in hundreds of small ways and show which of them no test notices; ARGS=settings
	@failed=0; for folder in $(or $(ARGS),registration definition settings findings checks/engine); do \
	  MUTATED=$$folder tools/mutation/node_modules/.bin/stryker run tools/mutation/stryker.config.json --mutate "src/$$folder/**/*.ts" || failed=1; \
	done; exit $$failed

release-dry-run: $(packages) ## Make all that publishing a version makes, but push nothing: chart, bundle, bill of materials, checksums, notes in build/
	@node tools/publishing/dry-run.ts

publish: $(packages) ## Build your own image and chart and push them; REGISTRY=registry.example.com/union
	@node tools/publishing/publish.ts

generate: $(packages) ## Regenerate what is made from the code: docs/settings.md, docs/schemas/, the chart's tables
	@node tools/generate.ts

control-plane: $(packages) ## Keep a stand-in control plane running; ARGS="--port 8090 --existing refuse", ARGS=--help
	@exec node testing/control-plane/main.ts $(ARGS)

clean: ## Remove what was built here (the cache outside the clone stays)
	rm -rf node_modules generated dist build

$(program): $(packages) $(shell find src templates tools -type f) package.json
	@node tools/bundle.ts

$(packages): package-lock.json package.json .npmrc
	@command -v npm >/dev/null || { echo "npm is not installed; install Node.js (any version from 20 on; ours comes with the packages)" >&2; exit 1; }
	@echo "Installing the locked npm packages, Node 26 among them (half a minute, once)" >&2
	@npm ci --no-audit --no-fund --loglevel=error >&2
	@touch $@

$(stryker): tools/mutation/package-lock.json tools/mutation/package.json
	@npm ci --prefix tools/mutation --ignore-scripts --no-audit --no-fund --loglevel=error >&2
	@touch $@
