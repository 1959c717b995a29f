# Everything a person or CI runs. Needs Python 3.11 or later, git and make; the rest goes into .venv.
#
#   make crawl ARGS="-a since=7d -O out.jsonl"    what stands in ARGS reaches the command
#   make demo PYTHON=python3.13                   another Python than the one found

PYTHON ?=
ARGS ?=
BIN := .venv/bin
# Three for two cores: a third of the tests wait, for a site's pace or another process.
WORKERS = $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )))
SETUP = @$(or $(PYTHON),python3) scripts/setup.py $(if $(PYTHON),--exact)
LOCK = $(BIN)/uv --no-config pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" --quiet $(ARGS)

# Where it is set, each process compiles the project anew: half a second of each start, and the tests start a thousand.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo crawl newsroom test lint types production scrapyd deploy crashtest nodestest monitortest bench bench-archive bench-discovery bench-duplicates bench-export bench-monitors bench-nodes bench-state format lock clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\): .*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r target what; do \
		printf '  %-16s %s\n' "$$target" "$$what"; done

setup:  ## make .venv from the lock, if it does not stand already (each target below does so itself)
	$(SETUP)

demo: setup  ## crawl the news site in a box and look at what comes out
	@$(BIN)/scrapy demo $(ARGS)

crawl: setup  ## crawl newspim: make crawl ARGS="-a since=7d -O out.jsonl"
	@$(BIN)/scrapy crawl newspim $(ARGS)

newsroom: setup  ## serve the news site in a box, to be crawled or looked at
	@$(BIN)/scrapy newsroom $(ARGS)

test: setup  ## run the whole test suite: make test ARGS="-k identity" for a part
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

lint: setup  ## look for mistakes and for lines not formatted (ruff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup  ## check the types (mypy, strict)
	@$(BIN)/mypy

production:  ## run the demo with nothing installed but what a crawl needs
	$(SETUP) requirements/production.txt .venv.production
	@.venv.production/bin/scrapy demo $(ARGS)

scrapyd: setup  ## start a Scrapyd here, for trying; its jobs write below data/ (docs/operations.md)
	@$(BIN)/python deploy/here.py

deploy: setup  ## put the project as an egg on a Scrapyd: make deploy ARGS=NAME for another than the one here
	@$(BIN)/python deploy/deploy.py $(ARGS)

crashtest: setup  ## kill a crawl a hundred times and see what is left of it (minutes)
	@PYTHONPATH=. $(BIN)/python -m tests.durability.kills $(ARGS)

nodestest: setup  ## four machines on one PostgreSQL crawl 5,000 articles; some are killed, the database is restarted (minutes)
	@PYTHONPATH=. $(BIN)/python -m tests.durability.nodes $(ARGS)

monitortest: setup  ## weeks of daily crawls, then each trouble: what the monitors say (minutes); ARGS=--timetable: a week of runs every ten minutes (half an hour)
	@PYTHONPATH=. $(BIN)/python -m tests.monitors.crawled $(ARGS)

bench: setup  ## measure the speed of a crawl
	@PYTHONPATH=. $(BIN)/python benchmarks/crawl.py $(ARGS)

bench-archive: setup  ## measure what the archive costs a crawl, and how fast it is read again (minutes)
	@PYTHONPATH=. $(BIN)/python benchmarks/archive.py $(ARGS)

bench-discovery: setup  ## measure what each way finds, what a day of the past costs, how late a watch is (half an hour)
	@PYTHONPATH=. $(BIN)/python benchmarks/discovery.py $(ARGS)

bench-duplicates: setup  ## measure how copies are told, how fast, and what a million articles cost (ten minutes)
	@PYTHONPATH=. $(BIN)/python benchmarks/duplicates.py $(ARGS)

bench-export: setup  ## measure exports of a million records (ten minutes)
	@PYTHONPATH=. $(BIN)/python benchmarks/export.py $(ARGS)

bench-monitors: setup  ## count false alarms and delays of the monitors on invented weeks (twenty minutes)
	@PYTHONPATH=. $(BIN)/python benchmarks/history.py
	@PYTHONPATH=. $(BIN)/python benchmarks/monitors.py $(ARGS)

bench-nodes: setup  ## measure machines on one PostgreSQL (minutes)
	@PYTHONPATH=. $(BIN)/python benchmarks/nodes.py $(ARGS)

bench-state: setup  ## measure what a large state costs (a minute or two)
	@PYTHONPATH=. $(BIN)/python benchmarks/state.py $(ARGS)

format: setup  ## format the code and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: setup  ## write the lock anew from pyproject.toml; ARGS=--upgrade for newer versions
	@$(LOCK) --output-file requirements/production.txt
	@$(LOCK) --group scrapyd --constraint requirements/production.txt --output-file requirements/scrapyd.txt
	@$(LOCK) --group dev --group scrapyd --group bench --constraint requirements/production.txt \
		--output-file requirements/development.txt

clean:  ## remove what was made here, but no data
	@rm -rf .venv .venv.* build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find newscrawl tests benchmarks scripts -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
