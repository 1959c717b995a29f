"""The order of the commit: a run is ended at each of its steps in turn, and the next run must make it whole."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests import states

from .crashes import ARTICLES, COPY, Crash, Death, Follower, dying, line_of, lines, run

pytestmark = pytest.mark.usefixtures("engine")


EXPECTED = sorted(line_of(number) for number in ARTICLES if number != COPY)
NEVER = 10**9


def steps(quick_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many steps a run without a crash has."""
    death = Death(NEVER)
    folder = quick_path / "counted"
    with dying(death, monkeypatch):
        run(folder, "run", death)
    assert sorted(lines(folder)) == EXPECTED
    return death.step


def test_a_run_that_dies_at_any_step_is_made_whole_by_the_next(
    quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = steps(quick_path, monkeypatch)
    assert total > 60
    places = set()
    for at in states.some(range(1, total + 1), 7):
        folder = quick_path / f"at-{at}"
        folder.mkdir()
        follower, death = Follower(folder), Death(at)
        with dying(death, monkeypatch), pytest.raises(Crash):
            run(folder, "first", death, look=follower.look)
        follower.look()
        places.add(death.where[0])
        run(folder, "second", Death(NEVER), look=follower.look)
        follower.look()
        assert sorted(lines(folder)) == EXPECTED, death.where
        assert sorted(follower.read.splitlines(keepends=True)) == EXPECTED, death.where
    if not states.is_shared():
        assert {
            "before a write",
            "in a write",
            "after a write",
            "before a sync",
            "after a sync",
            "before COMMIT",
        } <= places


def test_a_recovery_that_dies_too_is_made_whole(quick_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    total = steps(quick_path, monkeypatch)
    for at, then in itertools.product(states.some(range(total // 2, total, 17), 7), range(1, 40, 3)):
        folder = quick_path / f"at-{at}-{then}"
        folder.mkdir()
        follower = Follower(folder)
        for name, moment in (("first", at), ("second", then)):
            death = Death(moment)
            with dying(death, monkeypatch), pytest.raises(Crash):
                run(folder, name, death, look=follower.look)
        run(folder, "third", Death(NEVER), look=follower.look)
        follower.look()
        assert sorted(lines(folder)) == EXPECTED
        assert sorted(follower.read.splitlines(keepends=True)) == EXPECTED


def test_many_deaths_in_a_row_still_come_to_an_end(quick_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    follower = Follower(quick_path)
    for number in range(60):
        death = Death(20 + number * 7 % 37)
        try:
            with dying(death, monkeypatch):
                run(quick_path, f"run-{number}", death, look=follower.look)
            break
        except Crash:
            continue
    run(quick_path, "last", Death(NEVER), look=follower.look)
    follower.look()
    assert sorted(lines(quick_path)) == EXPECTED
    assert sorted(follower.read.splitlines(keepends=True)) == EXPECTED


def test_a_second_run_writes_nothing_twice_and_leaves_no_empty_feed(quick_path: Path) -> None:
    run(quick_path, "first", Death(NEVER))
    run(quick_path, "second", Death(NEVER))
    assert sorted(lines(quick_path)) == EXPECTED
    assert not (quick_path / "second.jsonl").exists()
