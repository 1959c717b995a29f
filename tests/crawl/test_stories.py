"""Whole crawls of a newsroom whose stories belong together: every record says its story, in whatever order the pages come."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl.newsroom import Faults, Newsroom, Site, generate

from .conftest import ALL, END, PACE, Crawl, Record, scrapy

COPIES = ("exact", "update", "rewrite")


@pytest.fixture(scope="module")
def site() -> Site:
    return generate(articles=140, days=2, seed=31, end=END, families=0.5)


@pytest.fixture(scope="module")
def room(site: Site) -> Iterator[Newsroom]:
    with Newsroom(site, faults=Faults.none()) as room:
        yield room


def run(room: Newsroom, data: Path, *arguments: str, duplicates: str = "keep", code: int = 0) -> Crawl:
    settings = (
        *PACE,
        f"NEWSCRAWL_NEWSROOM={room.url}",
        f"NEWSCRAWL_DATA_DIR={data}",
        f"NEWSCRAWL_DUPLICATES={duplicates}",
    )
    done = scrapy("crawl", "newspim", *(part for one in settings for part in ("-s", one)), *arguments)
    assert done.returncode == code, done.stderr
    return Crawl(done.returncode, done.stderr)


def records(data: Path) -> list[Record]:
    """All lines of all feeds, in the order of the runs."""
    paths = sorted(data.glob("newspim/*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def latest(data: Path) -> dict[str, Record]:
    """What the output says of each article in the end."""
    found: dict[str, Record] = {}
    for record in records(data):
        if record["revision"] >= found.get(record["id"], record)["revision"]:
            found[record["id"]] = record
    return found


def hours_between(earlier: Record, later: Record) -> float:
    first, last = (datetime.fromisoformat(record["published_at"]) for record in (earlier, later))
    return (last - first).total_seconds() / 3600


def said(found: Mapping[str, Record]) -> dict[str, tuple[str, Any]]:
    return {id: (record["story"], record["duplicate"]) for id, record in found.items()}


@pytest.fixture(scope="module")
def newest_first(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("newest")
    run(room, data, "-a", f"since={ALL}")
    return data


def test_it_says_what_the_newsroom_knows(site: Site, newest_first: Path) -> None:
    """Of single marks: how many of all kinds are right is measured by `make bench-duplicates`."""
    number = {f"newspim:{story.id}": story.number for story in site.articles}
    marked = [(record["id"], record["duplicate"]) for record in latest(newest_first).values() if record["duplicate"]]
    wrong = [
        (id, mark)
        for id, mark in marked
        if site.kinship(number[mark["of"]], number[id]) not in (mark["kind"], "either")
    ]
    assert len(marked) > 20
    assert {mark["kind"] for _, mark in marked} == {*COPIES, "template"}
    assert len(wrong) <= len(marked) / 20, wrong


def test_a_mark_names_an_earlier_article_and_its_story(newest_first: Path) -> None:
    found = latest(newest_first)
    for record in found.values():
        mark = record["duplicate"]
        if mark is None or mark["kind"] == "template":
            assert record["story"] == record["id"]
        else:
            assert found[mark["of"]]["published_at"] <= record["published_at"]
            assert record["story"] == found[mark["of"]]["story"]


def test_each_article_is_written_once_and_what_turns_out_later_once_more(newest_first: Path) -> None:
    lines = records(newest_first)
    assert len([record for record in lines if record["revision"] == 1]) == len({record["id"] for record in lines})
    again = [record for record in lines if record["revision"] > 1]
    assert again, "a crawl of the newest first meets the flash after its story"
    for record in again:
        assert record["changed"]
        assert set(record["changed"]) <= {"story", "duplicate"}
        assert record["hash"] == record["previous_hash"]
        assert record["fetched_at"] is not None


@pytest.mark.parametrize("order", ["oldest first", "in two runs"])
def test_the_order_in_which_pages_come_changes_nothing(
    room: Newsroom, newest_first: Path, tmp_path: Path, order: str
) -> None:
    if order == "oldest first":
        run(room, tmp_path, "-a", f"since={ALL}", "-a", "order=oldest")
    else:
        run(room, tmp_path, "-a", f"since={ALL}", "-s", "CLOSESPIDER_ITEMCOUNT=50", code=3)
        assert 40 < len(latest(tmp_path)) < len(latest(newest_first))
        run(room, tmp_path, "-a", f"since={ALL}")
    assert said(latest(tmp_path)) == said(latest(newest_first))


def test_by_default_one_of_each_exact_copy_is_there(
    site: Site, room: Newsroom, newest_first: Path, tmp_path: Path
) -> None:
    done = run(room, tmp_path, "-a", f"since={ALL}", "-s", "LOG_LEVEL=INFO", duplicates="drop:exact")
    all_of_them, kept = latest(newest_first), latest(tmp_path)
    copies = [record for record in all_of_them.values() if (record["duplicate"] or {}).get("kind") == "exact"]
    assert copies
    assert len(kept) == len(all_of_them) - len(copies)
    assert not [record for record in kept.values() if (record["duplicate"] or {}).get("kind") == "exact"]
    for record in copies:
        assert (record["id"] in kept) != (record["duplicate"]["of"] in kept)
    assert f"duplicate/exact {len(copies)}" in done.log
    before = len(room.requests)
    run(room, tmp_path, "-a", f"since={ALL}", duplicates="drop:exact")
    assert not [request for request in room.requests[before:] if request.path.startswith("/news/view/")]


def test_other_kinds_are_dropped_when_that_is_asked_for(room: Newsroom, tmp_path: Path) -> None:
    run(room, tmp_path, "-a", f"since={ALL}", duplicates="drop:exact,rewrite,template")
    kinds = {(record["duplicate"] or {}).get("kind") for record in latest(tmp_path).values()}
    assert kinds == {None, "update"}


def test_what_lies_farther_apart_than_asked_for_is_not_compared(site: Site, room: Newsroom, tmp_path: Path) -> None:
    """Exact copies are known by their words, however far apart."""
    run(room, tmp_path, "-a", f"since={ALL}", "-s", "NEWSCRAWL_DUPLICATES_DAYS=0.125")
    found = latest(tmp_path)
    marked = [record for record in found.values() if record["duplicate"] and record["duplicate"]["kind"] != "exact"]
    hours = [hours_between(found[record["duplicate"]["of"]], record) for record in marked]
    assert 0 < max(hours) <= 3


def test_a_policy_that_means_nothing_ends_before_the_first_request(room: Newsroom, tmp_path: Path) -> None:
    asked = len(room.requests)
    done = scrapy("crawl", "newspim", "-s", f"NEWSCRAWL_NEWSROOM={room.url}", "-s", "NEWSCRAWL_DUPLICATES=drop:same")
    assert done.returncode == 2
    assert "takes keep, or drop: and kinds of exact, update, rewrite, template" in done.stderr
    assert len(room.requests) == asked


def test_stories_are_listed_in_order(site: Site, newest_first: Path) -> None:
    shown = scrapy("stories", "--since", ALL, "-s", f"NEWSCRAWL_DATA_DIR={newest_first}")
    assert shown.returncode == 0, shown.stderr
    asked = scrapy("stories", "--since", ALL, "--json", "-s", f"NEWSCRAWL_DATA_DIR={newest_first}")
    found = [json.loads(line) for line in asked.stdout.splitlines()]
    assert len(found) == len(shown.stdout.split("\n\n")) > 10
    output = latest(newest_first)
    for story in found:
        ids = [one["id"] for one in story["articles"]]
        assert len(ids) > 1
        assert ids[0] == story["story"]
        assert {output[id]["story"] for id in ids} == {story["story"]}
        assert [one["published_at"] for one in story["articles"]] == sorted(
            one["published_at"] for one in story["articles"]
        )
        assert [one["title"] for one in story["articles"]] == [output[id]["title"] for id in ids]
    assert scrapy(
        "stories", "--since", "2020-01-01", "--until", "2020-01-02", "-s", f"NEWSCRAWL_DATA_DIR={newest_first}"
    ).stdout == ("no story of several articles\n")
