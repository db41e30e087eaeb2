# Nearlane. A fresh machine needs Go, a C compiler (H3 is C) and make.
.DEFAULT_GOAL := help
export CGO_ENABLED := 1

# A tree without history, a container build say, passes its own VERSION.
ifeq ($(strip $(VERSION)),)
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
endif

# Linux binaries are static: the C library, time zones and CA roots are inside.
# Where there is no static C library (macOS never has one) only that part is
# linked dynamically.
ifeq ($(shell uname -s),Linux)
STATIC ?= $(shell tools/need static && echo '-linkmode external -extldflags "-static"')
endif

LDFLAGS    = -s -w -X main.version=$(VERSION) $(STATIC)
PKG       ?= ./...
BENCH     ?= .
BENCHTIME ?= 1s
FUZZTIME  ?= 30s
SOAK_ORDERS ?= 1000000
EXPLORE   ?= all

# Each round has a seed of its own, beginning with this one; it is printed.
FAULTS_ROUNDS ?= 20
FAULTS_SEED   ?= $(shell date +%s)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: build ## Build, then route a day of orders through the Helsinki example
	bin/nearlane demo

.PHONY: test
test: ## Run all tests with the race detector; installs redis-server if it is missing
	@tools/need go cc redis
	go test -race -timeout 60m $(PKG)

.PHONY: faults
faults: ## Kill, freeze, wipe and cut real servers under load (FAULTS_ROUNDS, FAULTS_SEED, FAULTS_ONLY)
	@tools/need go cc redis
	FAULTS_ROUNDS=$(FAULTS_ROUNDS) FAULTS_SEED=$(FAULTS_SEED) go test -race -count=1 -v -timeout 0 -run TestFaults ./integration/faults

.PHONY: hostile
hostile: ## Throw hostile orders, reports, headers, ids and files at a running router, and count what held
	@tools/need go cc
	HOSTILE_FULL=1 go test -count=1 -v -timeout 0 -run TestHostile ./integration/hostile

.PHONY: soak
soak: ## Send a million orders through and watch memory (SOAK_ORDERS)
	@tools/need go cc redis
	SOAK_ORDERS=$(SOAK_ORDERS) go test -count=1 -v -timeout 0 -run TestSoak ./integration/faults

.PHONY: explore
explore: ## Visit every interleaving of the capacity protocol (EXPLORE: all, or a number of steps)
	@tools/need go cc
	EXPLORE=$(EXPLORE) go test -count=1 -v -timeout 0 -run TestExplore ./integration/explore

.PHONY: lint
lint: ## gofmt, go vet, staticcheck
	@tools/need go cc
	@files=$$(gofmt -l .) && { [ -z "$$files" ] || { echo "not formatted, run gofmt -w:"; echo "$$files"; exit 1; }; }
	go vet $(PKG)
	go tool -modfile=tools/go.mod staticcheck $(PKG)

.PHONY: vuln
vuln: ## Look for known faults in what is called of the dependencies; asks https://vuln.go.dev
	go tool -modfile=tools/go.mod govulncheck $(PKG)

.PHONY: build
build: ## Build bin/nearlane, one static binary
	@tools/need go cc
	go build -trimpath -buildvcs=false -tags netgo,osusergo,timetzdata -ldflags '$(LDFLAGS)' -o bin/nearlane ./cmd/nearlane

.PHONY: bench
bench: ## Measure the router beside the bare engines into docs/performance.md (BENCH_QUICK=1, BENCH_ONLY); with BASE, beside that commit (BENCH_PAIRS); with PKG, its benchmarks (BENCH, BENCHTIME)
	@tools/need go cc redis
ifdef BASE
	tools/build-at $(BASE) bin/base
	$(MAKE) build
	PACE_BASE=$(CURDIR)/bin/base/nearlane PACE_TREE=$(CURDIR)/bin/nearlane PACE_PAIRS=$(BENCH_PAIRS) PACE_ONLY='$(BENCH_ONLY)' go test -count=1 -v -timeout 0 -run TestBase ./integration/pace
else ifeq ($(origin PKG),file)
	PACE_OUT=$(CURDIR)/docs PACE_QUICK=$(BENCH_QUICK) PACE_ONLY='$(BENCH_ONLY)' go test -count=1 -v -timeout 0 -run TestPace ./integration/pace
else
	go test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem -timeout 60m $(PKG)
endif

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (30s each)
	@tools/need go cc
	tools/fuzz $(FUZZTIME)

.PHONY: clean
clean: ## Remove what the build made
	rm -rf bin
