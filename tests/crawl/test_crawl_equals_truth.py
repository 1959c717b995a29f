"""Whole crawls of the newsroom, every field of every record against its truth."""

from __future__ import annotations

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate

from .conftest import END, Crawler
from .truth import differences, faults_of_form


@pytest.mark.parametrize("seed", [11, 12])
def test_three_hundred_articles_are_all_equal_to_the_truth(crawl: Crawler, seed: int) -> None:
    site = generate(articles=320, days=3, seed=seed, end=END)
    with Newsroom(site, faults=Faults.none()) as room:
        run = crawl(room)
        expected = room.expected()
        assert differences(run.records, expected) == []
        assert [fault for record in run.records for fault in faults_of_form(record, room)] == []
    assert run.code == 0
    # The time asked for begins before the site does.
    assert all("Lists end before" in line for line in run.log.splitlines() if "] WARNING: " in line)


@pytest.mark.parametrize("seed", [21, 22])
def test_three_hundred_articles_with_faults_are_all_equal_to_the_truth(crawl: Crawler, seed: int) -> None:
    site = generate(articles=320, days=3, seed=seed, end=END)
    with Newsroom(site, faults=Faults.mixed(share=0.3, seed=seed)) as room:
        run = crawl(room)
        expected = room.expected()
        assert differences(run.records, expected) == []
        assert [fault for record in run.records for fault in faults_of_form(record, room)] == []
    assert run.code == 1  # the redirect loops and the pages without a container are lost


def test_each_article_is_fetched_once_whatever_the_spellings_of_its_address(crawl: Crawler, room: Newsroom) -> None:
    crawl(room)
    fetched = [path for _, host, path, _ in room.requests if "/view" in path]
    assert len(fetched) == len(set(fetched))
    assert all(path.startswith("/news/view/") for path in fetched)
