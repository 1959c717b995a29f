"""Crawls by one way alone and by all of them: what each finds, and that all together find everything that is named."""

from __future__ import annotations

import pytest

from newscrawl.newsroom import Newsroom

from .conftest import Crawler
from .truth import differences


@pytest.mark.parametrize("way", ["list", "feed", "sitemap", "flash", "front"])
def test_one_way_alone_finds_a_part_and_says_that_it_did(crawl: Crawler, room: Newsroom, way: str) -> None:
    run = crawl(room, "-a", f"ways={way}", "-a", "follow=none")
    assert 0 < len(run.records) < len(room.site.articles)
    assert {record["found"]["via"] for record in run.records} == {way}
    named = run.stat(f"newscrawl/ways/{way}/named")
    assert named == run.stat(f"newscrawl/ways/{way}/only") >= len(run.records)


def test_all_ways_together_find_everything_that_is_named(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room)
    assert differences(run.records, room.expected()) == []
    for way in ("list", "feed", "sitemap", "flash", "front", "sidebar"):
        assert run.stat(f"newscrawl/ways/{way}/named") > 0


def test_an_unknown_way_ends_the_command_before_anything_is_asked(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room, "-a", "ways=list,search")
    assert run.code == 2
    assert "no way 'search'; there are list, topbar, flash, feed, sitemap, front" in run.log
    assert room.requests == []
