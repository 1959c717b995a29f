"""Small records, whole in every field, and feeds of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from newscrawl.export import Asked, Feed, Told, asked, export, writer
from newscrawl.items import Archived, Article, Author, Duplicate, Found, Image
from newscrawl.korean import KST
from newscrawl.record import line
from newscrawl.spiders.newspim import NEWSPIM

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
Record = dict[str, Any]


def article(number: int, **values: Any) -> Article:
    """One with a value in each of its fields, but for those that are given."""
    id, at = f"newspim:{20261120000000 + number}", datetime(2026, 11, 20, 9, 0, tzinfo=KST)
    usual: dict[str, Any] = {
        "title": '[속보] 코스피, 3000선 "회복"',
        "marks": ["속보"],
        "deck": ["외국인 순매수", "반도체 강세"],
        "section": "증권·금융",
        "subsection": "증권",
        "language": "ko",
        "published_at": at,
        "modified_at": at.replace(hour=10),
        "place": "서울",
        "authors": [Author("홍길동", "기자", "hong@example.com"), Author(None, None, "desk@example.com")],
        "body": "코스피가 올랐다.\n\n삼성전자(005930)도 올랐다.",
        "tables": [[["종목", "등락률"], ["삼성전자", None]]],
        "images": [Image("https://img.example/1.jpg", "객장", "뉴스핌")],
        "notices": ["로봇이 썼습니다."],
        "ai_summary": ["코스피가 올랐다."],
        "tickers": ["005930"],
        "related": ["newspim:20261119000001"],
        "story": id,
        "duplicate": Duplicate("newspim:20261119000001", "update", 0.25, 1.0),
        "found": Found("list", "https://www.newspim.com/news/lists", at),
        "first_seen_at": at,
        "fetched_at": at,
        "archived": Archived("warc/newspim-1.warc.gz", 5_000_000_000),
        "changed": ["title"],
        "previous_hash": "0" * 64,
        "fields_from": {"title": ".header h1", "published_at": "#send-time@datetime"},
        "extractor": "newspim-2026",
        "hash": "a" * 64,
    }
    return Article(id, "newspim", f"https://www.newspim.com/news/view/{number}", **(usual | values))


def feed(path: Path, *articles: Article | bytes) -> Feed:
    """A feed of their lines; bytes stand in it as they are."""
    path.write_bytes(b"".join(one if isinstance(one, bytes) else line(one) for one in articles))
    return Feed(path, path.stat().st_size)


def wish(premium: str = "keep", latest: bool = False, **given: str) -> Asked:
    """What the options ask for."""
    return asked(given, NEWSPIM, NOW, premium=premium, latest=latest)


def write(form: str, path: Path, feeds: list[Feed], wanted: Asked | None = None, *, for_excel: bool = False) -> Told:
    """Export them."""
    wanted = wanted or wish()
    return export(feeds, wanted, writer(form, path, wanted.columns, for_excel=for_excel), lambda _: None)


def written(folder: Path, *articles: Article | bytes, wanted: Asked | None = None) -> list[Record]:
    """The records of an export to JSON Lines."""
    write("jsonl", folder / "out.jsonl", [feed(folder / "feed.jsonl", *articles)], wanted)
    return [orjson.loads(one) for one in (folder / "out.jsonl").read_bytes().splitlines()]


def numbers(records: list[Record]) -> list[int]:
    """By which `article` made them."""
    return [int(record["id"][-6:]) for record in records]
