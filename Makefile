# Portreeve. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
SWIFT ?= swift
# So many tests at once: all at once would starve each other of a small machine's time, and servers of their clients'.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 8
# Debug by default; one build serves `run` and `test`.
BUILD := $(SWIFT) build --explicit-target-dependency-import-check error
# What is measured is what is shipped: a program that needs no Swift where it runs.
RELEASE := $(SWIFT) build -c release --static-swift-stdlib --scratch-path .build-release

.PHONY: help swift build run test test-api test-core lint format bench soak release package test-package image clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Said before anything is installed or built.
swift:
	@command -v $(SWIFT) >/dev/null || { echo "There is no $(SWIFT) on the PATH. Swift 6.3 for Debian 12 is at" \
	    "https://www.swift.org/install/linux; a package that needs none is in Documentation/install.md." >&2; exit 2; }

build: swift ## Install what a build needs, and build everything
	@Scripts/install-packages build
	$(BUILD)

run: swift ## A sample directory, a registry and Portreeve on loopback, until Ctrl-C
	@Scripts/install-packages build run
	$(BUILD) --product portreeve
	@Scripts/run

test: swift ## Every test, against real servers on loopback
	@Scripts/install-packages build run test
	@Scripts/python-tools
	$(BUILD) --build-tests
	$(SWIFT) test --skip-build --disable-xctest

test-core: ## The pure model and its properties, in seconds (PORTREEVE_WORLDS=n, PORTREEVE_SEED=n)
	PORTREEVE_CORE=1 $(SWIFT) test --scratch-path .build-core --disable-xctest

test-api: swift ## Requests that schemathesis makes up of the API's document, for five minutes (SECONDS_EACH=n)
	@Scripts/install-packages build run test
	@Scripts/python-tools
	$(BUILD) --product portreeve
	@Scripts/test-api

lint: ## The dependency rule, and the format of the code
	@Scripts/check-imports
	@$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks

format: ## Format the code in place
	@$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

bench: ## Figures of decisions, HTTP and synchronisation (WORLDS=M leaves out the large one, which takes long)
	@Scripts/install-packages build bench
	$(RELEASE) --product Benchmarks
	$(RELEASE) --product portreeve
	@Scripts/bench $(WORLDS)
	@Scripts/bench-directory

soak: ## Ten minutes of floods, slow clients, given up imports and kills beside steady work (SOAK=seconds)
	@Scripts/install-packages build bench
	$(RELEASE) --product portreeve
	@Scripts/soak --seconds $(or $(SOAK),600)

release: swift ## An optimised build in .build-release/release
	@Scripts/install-packages build
	$(RELEASE) --product portreeve

package: swift ## A Debian package in .package, which needs no Swift where it is installed
	@Scripts/install-packages build package
	$(RELEASE) --product portreeve
	@SWIFT=$(SWIFT) Scripts/package

test-package: ## Install the package in a bare Debian 12, use, upgrade and remove it there (as root, or with sudo)
	@Scripts/install-packages package
	@Scripts/test-package

image: package ## A container image in .package, of the package and the libraries that it needs
	@Scripts/image

clean: ## Remove builds, packages and the data of `make run`
	rm -rf .build .build-core .build-release .package .run
