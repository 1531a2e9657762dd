# What a developer does here. Every target sets up what it needs by itself.
.DEFAULT_GOAL := help
.PHONY: help demo screenshots test race bench figures lint build setup compiler release

help: ## show this list
	@awk -F ': .*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## watch an incident run in a make-believe Slack, with a throwaway database
	go run . demo

screenshots: ## take the pictures in docs/img again, with Chromium
	@scripts/setup browser
	go test -count=1 -run '^TestScreenshots$$' . -shots docs/img

test: setup ## run every test
	go test ./...

race: compiler ## run every test with the race detector
	go test -race ./...

bench: setup ## run the benchmarks, on a database that writes durably; see bench/README.md
	TEST_FSYNC=on go test -p 1 -timeout 30m -run '^$$' -bench . -benchmem ./...

figures: setup ## take the figures of bench/README.md: about ten minutes, alone on the machine
	scripts/figures

release: setup ## build the programs of a release: make release VERSION=v1.2.0
	scripts/release $(VERSION)

lint: setup ## check format, vet and staticcheck
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "not formatted by gofmt:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go tool staticcheck ./...

build: setup ## make the program ./muster
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o muster .

setup: ## find PostgreSQL, or install it; says what it does
	@scripts/setup

compiler:
	@scripts/setup compiler
