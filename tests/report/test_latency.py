"""How long the site took: half of the answers, and 95 of 100."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.report.amounts import short
from newscrawl.report.latency import Latency
from tests.crawl.conftest import END, PACE, scrapy


def summary(*answers: float) -> dict[str, float | None]:
    latency = Latency()
    for seconds in answers:
        latency.add(seconds)
    return latency.summary()


def test_half_and_95_of_100_came_within() -> None:
    assert summary(*(number / 100 for number in range(1, 101))) == {"median": 0.5, "p95": 0.95}


def test_without_an_answer_nothing_is_known() -> None:
    assert summary() == {"median": None, "p95": None}


@given(st.floats(0.0005, 500))
def test_what_is_kept_is_near_what_was_measured(seconds: float) -> None:
    assert summary(seconds)["median"] == pytest.approx(seconds, rel=0.006, abs=0.0006)


@pytest.mark.parametrize(
    ("seconds", "ko", "en"),
    [(0.142, "142 ms", "142 ms"), (0.9996, "1.0초", "1.0 s"), (67.2, "1분 7초", "1 min 7 s"), (None, "–", "–")],
)
def test_parts_of_a_second_are_thousandths(seconds: float | None, ko: str, en: str) -> None:
    assert short(seconds) == (ko, en)


def test_a_crawl_tells_how_long_the_site_took_whatever_its_own_pace(tmp_path: Path) -> None:
    site = generate(articles=20, days=1, seed=3, end=END)
    ids = [one.id for one in site.articles if one.way != "hidden"][:8]
    urls = ",".join(f"https://www.newspim.com/news/view/{id}" for id in ids)
    with Newsroom(site, faults=Faults({"slow": ids}, delay=0.25)) as room:
        settings = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={tmp_path}"]
        scrapy("crawl", "newspim", "-a", f"urls={urls}", *(part for one in settings for part in ("-s", one)))
        told = scrapy("runs", "--json", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}")
    figures = orjson.loads(told.stdout)["figures"]
    assert 0.25 <= figures["pages"]["latency"]["median"] < 1
    assert figures["seconds"] / figures["pages"]["requests"] < 0.25  # eight at once
