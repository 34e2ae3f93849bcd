STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.DEFAULT_GOAL := help
.PHONY: help build test generate lint check root-test

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the static binary bin/postern
	CGO_ENABLED=0 go build -trimpath -o bin/postern ./cmd/postern

test: ## run every test, with the race detector
	scripts/need.sh
	go test -race -timeout 20m ./...

generate: ## write the generated files anew
	go generate ./...

lint: ## gofmt, go vet and staticcheck
	@files=$$(gofmt -l .) && if [ -n "$$files" ]; then echo "not formatted by gofmt:"; echo "$$files"; exit 1; fi
	go vet ./...
	go run $(STATICCHECK) ./...

check: ## do what CI does (wants a clean work tree)
	.ci/run

root-test: ## run the binary alone in an empty root (as root)
	scripts/empty-root.sh
