"""Articles that are corrected, taken back and brought back between crawls: every revision once, and true."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.newsroom.edits import KINDS
from tests.durability.kills import read

from .conftest import END, Crawler
from .revisions import AGES, by_article, differences, pass_time

SETTINGS = ("-s", AGES)


@pytest.mark.parametrize("validators", ["none", "weak", "last-modified", "both"])
def test_corrections_of_every_kind_are_further_revisions(crawl: Crawler, tmp_path: Path, validators: str) -> None:
    site = generate(articles=110, days=2, seed=41, end=END)
    data = tmp_path / "data"
    with Newsroom(site, validators=validators) as room:
        first = crawl(room, *SETTINGS)
        assert first.code == 0
        edited = first.ids[::2]
        for turn, kind in enumerate([*KINDS, None, None]):
            for number in edited[turn :: len(KINDS) + 2]:
                site.edit(number, *([kind] if kind else []))
        pass_time(data)
        second = crawl(room, *SETTINGS)
        pass_time(data)
        third = crawl(room, *SETTINGS)
    records, broken = read(data)
    assert (second.code, third.code, broken) == (0, 0, 0)
    assert differences(records, site) == []
    really = {number for number in edited if site.changed(number, 1, 2)}
    assert {number for number, revisions in by_article(records).items() if len(revisions) > 1} == really
    assert len(really) > len(edited) / 2
    assert second.stat("newscrawl/revised") == second.stat("newscrawl/rechecked/changed") == len(really)
    same = second.stat("newscrawl/rechecked/unchanged") + second.stat("newscrawl/rechecked/not_modified")
    assert same == len(first.ids) - len(really)
    # Nothing was edited between these: the site says of each page that it is as it was, if it has a word for it.
    said = "unchanged" if validators == "none" else "not_modified"
    assert third.stat(f"newscrawl/rechecked/{said}") == len(first.ids)
    assert third.records == []


def test_edits_run_after_run_are_each_seen(crawl: Crawler, tmp_path: Path) -> None:
    site = generate(articles=110, days=2, seed=42, end=END)
    with Newsroom(site, validators="both") as room:
        numbers = crawl(room, *SETTINGS).ids
        for turn in range(4):
            for number in numbers[turn % 2 :: 2]:
                for _ in range(turn + 1):  # several between two looks are one revision
                    site.edit(number)
            pass_time(tmp_path / "data")
            assert crawl(room, *SETTINGS).code == 0
    records, _ = read(tmp_path / "data")
    assert differences(records, site) == []
    assert max(record["revision"] for record in records) > 2


def test_what_is_taken_back_is_withdrawn_at_the_second_look_and_may_come_back(crawl: Crawler, tmp_path: Path) -> None:
    site = generate(articles=110, days=2, seed=43, end=END)
    data = tmp_path / "data"
    with Newsroom(site, validators="etag") as room:
        copies = room.expected().twins  # of an article that is taken back, the copy is exported
        gone = [number for number in crawl(room, *SETTINGS).ids if number not in copies][::5]
        for number, how in zip(gone, itertools.cycle(("404", "410", "empty"))):
            site.withdraw(number, how)
        pass_time(data)
        first = crawl(room, *SETTINGS)
        assert (first.code, first.records) == (0, [])
        assert first.stat("newscrawl/rechecked/absent") == len(gone)
        pass_time(data)
        second = crawl(room, *SETTINGS)
        assert sorted(second.ids) == sorted(gone)
        assert {record["status"] for record in second.records} == {"withdrawn"}
        pass_time(data)
        assert crawl(room, *SETTINGS).records == []
        for number in gone:
            site.restore(number)
        for number in gone[::2]:
            site.edit(number, "title")
        pass_time(data)
        back = crawl(room, *SETTINGS)
    assert sorted(back.ids) == sorted(gone)
    assert {record["status"] for record in back.records} == {"published"}
    records, _ = read(data)
    assert differences(records, site) == []


def test_corrections_are_seen_through_faults(crawl: Crawler, tmp_path: Path) -> None:
    faults = (
        "unavailable",
        "busy",
        "cut",
        "spelling",
        "slow",
        "cp949",
        "wrong_charset",
        "no_charset",
        "broken",
        "gzip",
    )
    site = generate(articles=120, days=2, seed=45, end=END)
    with Newsroom(site, faults=Faults(dict.fromkeys(faults, 0.05), seed=45), validators="both") as room:
        numbers = crawl(room, *SETTINGS).ids
        hosts = {id: move.host for id, move in room.desk.moves.items() if move.id == id}
        for number in numbers[::2]:
            site.edit(number)
        pass_time(tmp_path / "data")
        assert crawl(room, *SETTINGS).code == 0
    records, _ = read(tmp_path / "data")
    assert differences(records, site, hosts) == []


def test_a_run_takes_no_look_that_is_not_due_and_none_at_all_with_0(crawl: Crawler, tmp_path: Path) -> None:
    site = generate(articles=110, days=2, seed=46, end=END)
    with Newsroom(site) as room:
        numbers = crawl(room, *SETTINGS).ids
        site.edit(numbers[0], "title")
        for more in (SETTINGS, ("-s", "NEWSCRAWL_RECHECK_AFTER=0")):
            asked = len(room.requests)
            assert crawl(room, *more).records == []
            assert not {one.path[-14:] for one in room.requests[asked:]} & set(numbers)
            pass_time(tmp_path / "data")


def test_a_run_for_certain_articles_looks_at_none(crawl: Crawler, tmp_path: Path) -> None:
    site = generate(articles=110, days=2, seed=47, end=END)
    with Newsroom(site) as room:
        numbers = crawl(room, *SETTINGS).ids
        pass_time(tmp_path / "data")
        asked = len(room.requests)
        crawl(room, *SETTINGS, "-a", f"urls=https://www.newspim.com/news/view/{numbers[0]}", since=None)
        assert not [one for one in room.requests[asked:] if "/view/" in one.path]


def test_a_wrong_age_ends_the_command_before_anything_is_asked(crawl: Crawler) -> None:
    run = crawl("http://127.0.0.1:9", "-s", "NEWSCRAWL_RECHECK_AFTER=soon")
    assert run.code == 2
    assert "NEWSCRAWL_RECHECK_AFTER='soon': takes ages" in run.log
