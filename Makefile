# Everything starts here: `make book` from a fresh clone, `make test` before a commit.

PYTHONS := $(or $(PYTHON),python3 python3.11 python3.12 python3.13 python3.14 python)
PORT := 8000
SITE := _build/html
PDF := _build/pdf/softmaxbook.pdf
DOWNLOADS := epub pdf
BIN := .venv/bin
BOOK := .venv/book.installed
TEST := .venv/test.installed
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

# `make book SOLUTIONS=no` leaves every solution and every mistake out of the site.
export SOFTMAXBOOK_SOLUTIONS := $(or $(SOLUTIONS),$(SOFTMAXBOOK_SOLUTIONS),yes)

help:  ## list these targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

book: $(BOOK)  ## set up .venv, execute all pages, build the site strictly (SOLUTIONS=no: none)
	$(BIN)/jupyter-book build . -n -W --keep-going
	@echo "The book is at $(CURDIR)/$(SITE)/index.html; \`make serve\` shows it with its explorables."

pdf: book $(TEST)  ## print the built book as one PDF, numbered and tagged (PAPER=letter)
	chromium=$$(.ci/chromium) && CHROMIUM="$$chromium" \
	  $(BIN)/python -m extensions.printing $(SITE) $(PDF) --paper $(or $(PAPER),a4)
	@echo "The book is at $(CURDIR)/$(PDF)."

epub: book  ## the book as an EPUB 3 for e-readers (SOLUTIONS=no: without answers)
	$(BIN)/jupyter-book build . --builder custom --custom-builder epub -n -W --keep-going
	@echo "The EPUB is at $(CURDIR)/_build/epub/softmaxbook.epub."

downloads:  ## the site with the book to take along, linked on the first page
	$(MAKE) --no-print-directory $(DOWNLOADS) SOFTMAXBOOK_DOWNLOADS="$(DOWNLOADS)"
	mkdir -p $(SITE)/downloads
	$(foreach each,$(DOWNLOADS),cp _build/$(each)/softmaxbook.$(each) $(SITE)/downloads/;)

serve: book  ## build, then serve the site on http://127.0.0.1:8000 (PORT=…)
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(SITE) $(PORT)

lab: $(TEST)  ## open the pages as notebooks in JupyterLab
	PATH="$(CURDIR)/$(BIN):$$PATH" .binder/postBuild
	$(BIN)/jupyter lab book

test: $(TEST)  ## prove everything: lint, types, imports, units, strict build, pages in Chromium
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n logical --dist loadgroup -m "not browser and not engines"
	chromium=$$(.ci/chromium) && CHROMIUM="$$chromium" $(BIN)/pytest -n logical --dist loadgroup -m browser
	@echo "Passed: lint, types, imports, units, strict build, pages in Chromium."

engines: $(TEST)  ## drive the built site in Firefox, WebKit and Chromium (ENGINES="webkit firefox")
	.ci/engines
	chromium=$$(.ci/chromium) && CHROMIUM="$$chromium" $(BIN)/pytest -n 2 --dist loadgroup -m engines

lint: $(TEST)  ## style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

newest:  ## prove the book on the newest Python and libraries to be had (PYTHON=…: on that one)
	.ci/libraries newest

oldest:  ## prove it on the oldest that pyproject.toml allows
	.ci/libraries oldest

bench: $(TEST)  ## time the package beside its peers
	for file in benchmarks/[a-z]*.py; do $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit; done

demo-class: $(BOOK)  ## run a made class through release, grading, feedback and report
	$(BIN)/python -m softmaxbook.assignments.demonstration _build/demo-class

binder: $(TEST)  ## build the Binder environment in a clean folder, and run a page in it
	chromium=$$(.ci/chromium) && CHROMIUM="$$chromium" .ci/binder

hosts: $(TEST)  ## execute every published notebook where the package is missing: a hub, and Colab's libraries
	EVERY_NOTEBOOK=yes $(BIN)/pytest -n 2 --dist loadgroup tests/site/test_hosts.py

pretrain: $(BOOK)  ## train the book's backbone and its language model again (3 minutes): checkpoints
	$(BIN)/python -m softmaxbook.transfer.pretraining
	$(BIN)/python -m softmaxbook.family.torch_language

experiments: $(BOOK)  ## measure what the stored tables of results lack; goes on where it stopped
	$(BIN)/python -m softmaxbook.experiments $(if $(SCHEDULER),--scheduler $(SCHEDULER))

lock:  ## renew constraints.txt from a new environment
	rm -rf _build/lock && mkdir -p _build
	$(firstword $(PYTHONS)) -m venv _build/lock
	cat requirements.txt requirements-test.txt requirements-course.txt | grep -vE '^(-|#|$$)' > _build/direct.txt
	_build/lock/bin/pip install --quiet $$(.ci/pytorch-index _build/lock/bin/python) -r _build/direct.txt
	.ci/constraints _build/lock/bin/pip _build/direct.txt > constraints.txt

clean:  ## remove what was built (but not .venv)
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@for python in $(PYTHONS); do \
	  if $$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec $$python -m venv .venv; \
	  fi; \
	done; \
	echo "The book needs Python 3.11 or newer with venv; tried: $(PYTHONS)." >&2; \
	echo "Name one with PYTHON=/path/to/python (Debian and Ubuntu: apt install python3-venv)." >&2; \
	exit 1

# The stamps stand for a finished installation, and are older than any change of what it follows.
$(BOOK): requirements.txt constraints.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the book needs (minutes the first time) …"
	$(PIP) install $$(.ci/pytorch-index $(BIN)/python) -r requirements.txt
	@touch $@

$(TEST): requirements-test.txt requirements-course.txt $(BOOK)
	$(PIP) install -r requirements-test.txt
	@touch $@

.PHONY: help book epub pdf downloads serve lab test engines lint newest oldest bench demo-class binder hosts pretrain experiments lock clean
