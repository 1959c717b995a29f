"""The stages between the page and the file, built as Scrapy builds them: from a crawler, with its stats."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.test import get_crawler

from newscrawl.extraction.derived import content_hash
from newscrawl.items import Article, Image
from newscrawl.korean import KST
from newscrawl.lease import Copied
from newscrawl.pipelines import Check, Clean, Duplicates, Incomplete, Store, suspicions
from newscrawl.state import Database, Journal

NOW = datetime(2026, 11, 22, 12, tzinfo=KST)


@pytest.fixture
def crawler() -> Crawler:
    crawler = get_crawler(settings_dict={"NEWSCRAWL_DUPLICATES": "drop:exact"})
    crawler.stats = MemoryStatsCollector(crawler)  # Scrapy makes it when a crawl starts
    return crawler


def article(number: int = 1, **fields: Any) -> Article:
    usual = {
        "title": "제목",
        "body": "가온시는 새 대책을 내놓았다. 시민들은 환영했다. 더 지켜볼 일이라는 말도 나왔다.",
        "published_at": NOW,
        "fetched_at": NOW,
    }
    made = Article(f"newspim:20261122{number:06d}", "newspim", "https://www.newspim.com/", **(usual | fields))
    made.hash = content_hash(made)
    return made


@pytest.fixture
def stages(crawler: Crawler, tmp_path: Path) -> Iterator[tuple[Duplicates, Store]]:
    """Duplicates and Store of a run that has begun, its state in memory."""
    journal = Journal(Database("sqlite://"), tmp_path / "feed.jsonl")
    journal.begin("newspim", "{}", None)
    found = build_from_crawler(Duplicates, crawler), build_from_crawler(Store, crawler)
    for stage in found:
        stage.journal = journal
    yield found
    journal.abandon()


def stat(crawler: Crawler, name: str) -> int:
    assert crawler.stats is not None
    return int(crawler.stats.get_value(name, 0))


def test_clean_counts_what_it_and_extraction_took_out(crawler: Crawler) -> None:
    clean = build_from_crawler(Clean, crawler)
    item = article(title="제\u200b목", removed=Counter({"caption": 2}))
    assert clean.process_item(item).title == "제목"
    assert stat(crawler, "newscrawl/clean/zero_width") == 1
    assert stat(crawler, "newscrawl/clean/caption") == 2


def test_clean_leaves_no_empty_text(crawler: Crawler) -> None:
    item = build_from_crawler(Clean, crawler).process_item(article(section="\u200b", deck=[" ", "부제"], body="\u200b"))
    assert (item.section, item.deck, item.body) == (None, ["부제"], None)


@pytest.mark.parametrize(
    ("fields", "what"),
    [({"title": None}, "title"), ({"body": None}, "body"), ({"id": ""}, "id")],
    ids=["title", "body and images", "id"],
)
def test_check_drops_the_incomplete_and_counts_them(crawler: Crawler, fields: dict[str, Any], what: str) -> None:
    item = article()
    for name, value in fields.items():
        setattr(item, name, value)
    with pytest.raises(Incomplete):
        build_from_crawler(Check, crawler).process_item(item)
    assert stat(crawler, f"newscrawl/drop/incomplete/{what}") == 1


def test_check_keeps_a_photo_story(crawler: Crawler) -> None:
    item = article(body=None, images=[Image("https://img.newspim.com/a.jpg")])
    assert build_from_crawler(Check, crawler).process_item(item) is item


def test_check_keeps_and_counts_the_suspicious(crawler: Crawler) -> None:
    item = article(published_at=None)
    assert build_from_crawler(Check, crawler).process_item(item) is item
    assert stat(crawler, "newscrawl/check/no_date") == 1


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"published_at": None}, ["no_date"]),
        ({"published_at": NOW + timedelta(hours=1)}, ["future_date"]),
        ({"body": "짧다."}, ["short_body"]),
        ({"body": "짧다.", "kind": "flash"}, []),
        ({"body": None}, []),
    ],
    ids=["nothing", "no date", "future", "short", "a short flash", "a photo story"],
)
def test_what_deserves_a_look(fields: dict[str, Any], found: list[str]) -> None:
    assert suspicions(article(**fields), NOW) == found


Stages = tuple[Duplicates, Store]


@pytest.mark.parametrize("committed", [False, True], ids=["not yet committed", "committed"])
def test_the_same_words_under_another_id_are_dropped_with_the_id_of_the_first(
    crawler: Crawler, stages: Stages, committed: bool
) -> None:
    duplicates, store = stages
    first = store.process_item(duplicates.process_item(article(1)))
    if committed:
        store.journal.commit()
    with pytest.raises(Copied, match=first.id):
        duplicates.process_item(article(2))
    assert stat(crawler, "newscrawl/drop/duplicate/exact") == 1


@pytest.mark.parametrize("committed", [False, True], ids=["not yet committed", "committed"])
def test_the_same_id_is_dropped(crawler: Crawler, stages: Stages, committed: bool) -> None:
    duplicates, store = stages
    store.process_item(duplicates.process_item(article(1)))
    if committed:
        store.journal.commit()
    with pytest.raises(Copied):
        duplicates.process_item(article(1, body="다른 말이 적힌 기사이지만 번호는 같아서 두 번째로는 받지 않는다."))
    assert stat(crawler, "newscrawl/drop/duplicate/id") == 1


def test_photo_stories_with_one_title_and_other_pictures_are_no_copies(stages: Stages) -> None:
    duplicates, store = stages
    first = article(1, body=None, images=[Image("https://img.newspim.com/a.jpg", "가온시청 전경")])
    store.process_item(duplicates.process_item(first))
    second = article(2, body=None, images=[Image("https://img.newspim.com/b.jpg", "가온시청 야경")])
    assert duplicates.process_item(second) is second


def test_what_is_stored_is_written_with_the_commit(stages: Stages) -> None:
    _, store = stages
    store.process_item(article(1))
    assert store.journal.feed is None
    assert store.journal.commit().exported == 1
    assert store.journal.feed is not None
    assert json.loads(store.journal.feed.read_text(encoding="utf-8"))["id"] == article(1).id
