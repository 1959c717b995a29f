"""A watch is reported and judged each hour, as if it were a run; its end adds what is left."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from newscrawl.newsroom import Clock, Faults, Newsroom, Site, Ways, generate
from tests.monitors.receivers import Receiver, http_receiver

from .conftest import END, PACE, scrapy
from .watches import MINUTE, START, Watch, now

EVERY = 10 * MINUTE
ASKED = ("-a", "since=1h", "-a", "follow=none", "-s", "RETRY_TIMES=0", "-s", "NEWSCRAWL_RECHECK_AFTER=0")


@pytest.fixture(scope="module")
def wire() -> Site:
    return generate(articles=1800, days=2, seed=9, end=END, cheap=True, rhythm="wire")


def reported(folder: Path) -> list[dict[str, Any]]:
    """What the reports say that lie there, in the order of their folders' names."""
    return [json.loads(path.read_bytes()) for path in sorted((folder / "data/newspim/reports").glob("*/run.json"))]


def failed(figures: dict[str, Any]) -> list[str]:
    return [one["name"] for one in figures["monitors"] if not one["passed"]]


@contextmanager
def short(wire: Site, folder: Path) -> Iterator[Watch]:
    """A watch with a part every two minutes, of which the first is over."""
    pace = (*PACE, "NEWSCRAWL_REPORT_DAYS=30", "NEWSCRAWL_WATCH_REPORT=120")
    with (
        Newsroom(wire, faults=Faults.none(), clock=Clock(START, speed=200)) as room,
        Watch(room, folder, *ASKED, pace=pace) as watch,
    ):
        watch.until(lambda: len(reported(folder)) == 1, "the first part is over")
        yield watch


def test_a_watch_that_is_ended_by_force_did_not_end_well(wire: Site, tmp_path: Path) -> None:
    with short(wire, tmp_path) as watch:
        watch.process.send_signal(signal.SIGINT)
        run = watch.end(signal.SIGTERM)
    assert run.code == 3, run.log[-3000:]
    assert "Not all went well" in run.log


def test_what_a_part_had_whose_figures_could_not_be_kept_is_in_the_next(wire: Site, tmp_path: Path) -> None:
    refuse = "CREATE TRIGGER refuse BEFORE INSERT ON reports BEGIN SELECT RAISE(FAIL, 'no room'); END"
    with short(wire, tmp_path) as watch, closing(sqlite3.connect(tmp_path / "data/newspim/state.sqlite")) as state:
        state.execute(refuse)
        watch.until(lambda: "could not be kept" in watch.log, "a part is refused")
        state.execute("DROP TRIGGER refuse")
        before = len(reported(tmp_path))
        watch.until(lambda: len(reported(tmp_path)) > before, "the next is not")
        watch.end(signal.SIGINT)
    parts = reported(tmp_path)
    lines = sum(len(path.read_bytes().splitlines()) for path in tmp_path.glob("data/newspim/*.jsonl"))
    assert sum(one["records"] for one in parts) == lines
    assert [one["started_at"] for one in parts[1:]] == [one["ended_at"] for one in parts[:-1]]


def test_history_that_cannot_be_read_holds_no_part_back(wire: Site, tmp_path: Path) -> None:
    with short(wire, tmp_path) as watch, closing(sqlite3.connect(tmp_path / "data/newspim/state.sqlite")) as state:
        state.execute("UPDATE reports SET brief = x'00'")
        state.commit()

        def kept() -> list[int]:
            return [part for (part,) in state.execute("SELECT part FROM reports ORDER BY part")]

        watch.until(lambda: kept() == [1, 2, 3], "two more parts are kept")
        assert "The figures of earlier runs could not be read" in watch.log
        watch.end(signal.SIGINT)


@pytest.fixture(scope="module")
def watched(wire: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Receiver]]:
    """A watch of an hour with a part every ten minutes, and an outage in one of the first; whoever was told of it."""
    folder = tmp_path_factory.mktemp("watch")
    pace = (*PACE, "SPIDERMON_ENABLED=1", "NEWSCRAWL_REPORT_DAYS=30", f"NEWSCRAWL_WATCH_REPORT={EVERY.seconds}")
    with http_receiver() as receiver:
        more = ("-s", f"NEWSCRAWL_WEBHOOK_URL={receiver.url}")
        clock = Clock(START, speed=200)
        with (
            Newsroom(wire, faults=Faults.none(), clock=clock, ways=Ways(outage_how="503")) as room,
            Watch(room, folder, *ASKED, *more, pace=pace) as watch,
        ):
            watch.until(lambda: len(reported(folder)) == 1, "the first part is over")
            room.desk.outage.span = now(room), now(room) + EVERY
            watch.until(lambda: len(receiver.told) == 1, "the outage is told")
            watch.until(lambda: len(receiver.told) == 2, "its end is told")
            watch.until(lambda: now(room).minute % 10 > 3, "something of the last part")
            run = watch.end(signal.SIGINT)
            assert run.code == 0, run.log[-3000:]
            assert "Traceback" not in run.log
            assert "Lost http" not in run.log  # what failed is asked for again
        yield folder, receiver


def test_each_part_has_a_report_and_the_next_begins_where_it_ended(watched: tuple[Path, Receiver]) -> None:
    parts = reported(watched[0])
    assert [one["part"] for one in parts] == list(range(1, len(parts) + 1))
    assert {one["id"] for one in parts} == {1}
    assert [one["reason"] for one in parts] == ["goes_on"] * (len(parts) - 1) + ["shutdown"]
    assert [one["started_at"] for one in parts[1:]] == [one["ended_at"] for one in parts[:-1]]
    assert all(one["ended_at"][14:16].endswith("0") for one in parts[:-1])  # at the full ten minutes


def test_the_parts_together_are_the_run(watched: tuple[Path, Receiver]) -> None:
    parts = reported(watched[0])
    lines = sum(len(path.read_bytes().splitlines()) for path in watched[0].glob("data/newspim/*.jsonl"))
    assert sum(one["articles"]["exported"] for one in parts) == lines
    assert sum(one["records"] for one in parts) == lines
    assert sum(row["articles"] for one in parts for row in one["timeline"]["rows"]) == lines
    assert all(one["articles"]["exported"] < lines for one in parts)  # each has its own, and not all so far
    told = scrapy("runs", "--json", "-s", f"NEWSCRAWL_DATA_DIR={watched[0] / 'data'}")
    (run,) = map(json.loads, told.stdout.splitlines())
    assert (run["exit_code"], run["counts"]["exported"]) == (0, lines)


def test_a_trouble_is_told_when_its_part_is_over_and_once_when_it_is_over_itself(
    watched: tuple[Path, Receiver],
) -> None:
    parts, told = reported(watched[0]), [one["text"] for one in watched[1].told]
    assert [failed(one) for one in parts if failed(one)] == [["errors"]] * sum(1 for one in parts if failed(one))
    assert failed(parts[0]) == failed(parts[-1]) == []
    assert len(told) == 2
    assert "errors: " in told[0]
    assert "errors: over" in told[1]
