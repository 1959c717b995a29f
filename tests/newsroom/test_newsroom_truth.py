"""The truth: of the types that docs/record.md gives, and said by the page."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest

from newscrawl.items import ACCESS, KINDS, Article
from newscrawl.newsroom import Site
from newscrawl.newsroom.blocks import Cell, Table
from newscrawl.newsroom.damage import broken, in_cp949
from newscrawl.newsroom.truth import grid
from tests.newsroom.reader import HOSTS, INVISIBLE, says

# What a crawl adds to an article. Fields without a repr are no part of the record.
LEFT_OUT = {
    "found",
    "first_seen_at",
    "fetched_at",
    "archived",
    "revision",
    "changed",
    "previous_hash",
    "fields_from",
    "hash",
}


def records(site: Site) -> list[dict[str, Any]]:
    return [story.truth() for story in site.articles]


def test_truth_has_the_fields_of_the_record_in_order(site: Site) -> None:
    names = [field.name for field in fields(Article) if field.repr and field.name not in LEFT_OUT]
    assert all(list(record) == ["schema", *names] for record in records(site))


def test_fields_have_the_types_of_the_record(site: Site) -> None:
    for record in records(site):
        assert re.fullmatch(r"newspim:\d{14}", record["id"])
        assert record["url"] == f"https://www.newspim.com/news/view/{record['id'][8:]}"
        assert record["kind"] in KINDS
        assert record["access"] in ACCESS
        assert record["language"] in ("ko", "zh", "en")
        for name in ("marks", "deck", "notices", "ai_summary", "tickers", "related"):
            assert all(isinstance(one, str) and one for one in record[name])
        for name in ("title", "section", "subsection", "place", "body"):
            assert record[name] is None or record[name] == record[name].strip() != ""
        for name in ("published_at", "modified_at"):
            assert record[name] is None or datetime.fromisoformat(record[name]).isoformat().endswith("+09:00")
        for author in record["authors"]:
            assert set(author) == {"name", "role", "email"}
            assert author["name"] or author["email"]
        for image in record["images"]:
            assert set(image) == {"url", "caption", "credit"}
            assert image["url"] or image["caption"]


def test_texts_are_clean(site: Site) -> None:
    for record in records(site):
        body = record["body"] or ""
        assert not INVISIBLE.search(body)
        assert "\xa0" not in body
        assert "  " not in body
        assert unicodedata.is_normalized("NFC", body)
        assert "@newspim.com" not in body
        assert "뉴스핌] " not in body


@pytest.mark.parametrize("host", HOSTS)
def test_page_says_the_truth(site: Site, host: str) -> None:
    for story in site.articles:
        html = site.page(story.id, host)
        dress = (bytes.decode, lambda page: broken(page).decode(), lambda page: in_cp949(page).decode("cp949"))
        for dressed in (html.decode(), dress[story.number % 3](html)):
            says(dressed, story.truth(host), host)


def test_kinds_follow_the_record(site: Site) -> None:
    for story in site.articles:
        record = story.truth()
        if record["kind"] == "photo":
            assert record["body"] is None
            assert record["images"]
        if record["kind"] == "flash":
            assert set(record["marks"]) & {"속보", "1보", "2보"}
            assert "\n" not in record["body"]
            assert len(record["body"]) < 100
        if story.form == "long_flash":
            assert record["kind"] == "article"
            assert record["marks"] == ["속보"]
            assert record["body"].count("\n\n") >= 4


def test_joined_and_empty_cells_are_none() -> None:
    table = Table([[Cell("전체", columns=3)], [Cell("가", rows=2), Cell("1"), Cell("")], [Cell("2"), Cell("3")]])
    assert grid(table) == [["전체", None, None], ["가", "1", None], [None, "2", "3"]]


def test_mobile_page_has_minutes_only(site: Site) -> None:
    story = next(one for one in site.articles if one.generation == "2026" and one.published_at.second)
    assert story.truth()["published_at"].endswith(f":{story.published_at.second:02d}+09:00")
    assert story.truth("m.newspim.com")["published_at"].endswith(":00+09:00")
    assert story.truth("m.newspim.com")["extractor"] == "newspim-mobile"
