"""Crawls that attack the backfill: whatever lists do, a day that the ledger calls complete lacks nothing that they name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.discovery.days import day_of
from newscrawl.newsroom import Clock, Newsroom, Site, generate
from newscrawl.newsroom.answer import Answer
from newscrawl.state import Database
from newscrawl.state.ledger import ledger

from .conftest import END, PACE, kill_at, scrapy

NOTHING_BESIDE = ("-a", "ways=list", "-a", "follow=none")
ROW = re.compile(rb'(?<!<!-- )<article class="thumb.*?</article>', re.DOTALL)  # but those in comments, which are a trap

Change = Callable[[Answer, str], Answer]


@pytest.fixture(scope="module")
def month() -> Site:
    return generate(articles=1500, days=20, seed=8, end=END, rhythm="wire")


@pytest.fixture
def room(month: Site) -> Iterator[Newsroom]:
    with Newsroom(month) as room:
        yield room


def doctor(room: Newsroom, change: Change) -> None:
    """Let the lists of a newsroom answer otherwise."""
    answers = room.desk.answer

    def answer(host: str, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        given = answers(host, target, headers)
        return change(given, target) if target.startswith("/news/lists") else given

    room.desk.answer = answer  # type: ignore[method-assign]


def command(room: Newsroom, folder: Path, *arguments: str, pace: tuple[str, ...] = PACE) -> list[str]:
    clock = [f"NEWSCRAWL_CLOCK={room.desk.clock.setting}"] if room.desk.clock else []
    settings = (*pace, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder}", *clock)
    return ["crawl", "newspim", *(part for one in settings for part in ("-s", one)), *NOTHING_BESIDE, *arguments]


def kill(room: Newsroom, folder: Path, requests: int, *arguments: str) -> None:
    """Begin a crawl and kill it after so many requests."""
    kill_at(room, len(room.requests) + requests, *command(room, folder, *arguments))


def ids(folder: Path) -> list[str]:
    """The numbers in all feeds."""
    feeds = (folder / "newspim").glob("*.jsonl")
    return [json.loads(line)["id"][-14:] for feed in feeds for line in feed.read_text(encoding="utf-8").splitlines()]


def _state(folder: Path) -> str:
    return f"sqlite:///{folder / 'newspim/state.sqlite'}"


def lies(room: Newsroom, folder: Path) -> set[str]:
    """What is missing in the output of the days that the ledger calls complete. The other of two with the same words counts for the one."""
    state, standing, twins = Database(_state(folder)), room.desk.standing, room.expected().twins
    complete = {(one.day, one.section) for one in ledger(state, 1, 0, 99_999_999) if one.is_complete}
    state.close()
    assert complete
    found, missing = set(ids(folder)), set[str]()
    for code in {section for _, section in complete}:
        named = (room.site.articles[number] for number in standing.rows(code, 0, standing.count(code)))
        wanted = {story.id for story in named if (day_of(story.published_at.timestamp()), code) in complete}
        missing |= {id for id in wanted if not {id, twins.get(id)} & found}
    return missing


def test_wide_pages_that_begin_at_thirties_and_kills_between_orders_cost_nothing(month: Site, tmp_path: Path) -> None:
    with Newsroom(month, clock=Clock(END - timedelta(hours=9), speed=600)) as room:

        def wide(answer: Answer, target: str) -> Answer:
            head, _, offset = target.rpartition("=")
            pages = [plain("www.newspim.com", f"{head}={int(offset) // 30 * 30 + more}") for more in (0, 20)]
            rows = [row for page in pages for row in ROW.findall(page.body)]
            answer.body = b"<html><body>" + b"\n".join(dict.fromkeys(rows[:30])) + b"</body></html>"
            return answer

        plain = room.desk.answer
        doctor(room, wide)
        span = ("-a", "since=2026-11-10", "-a", "until=2026-11-13")
        kill(room, tmp_path, 40, *span)
        kill(room, tmp_path, 120, *span, "-a", "order=oldest")
        assert scrapy(*command(room, tmp_path, *span)).returncode == 0
        assert lies(room, tmp_path) == set()
    found = ids(tmp_path)
    assert len(found) == len(set(found)) > 200


def test_pages_of_fifteen_rows_cost_no_article(room: Newsroom, tmp_path: Path) -> None:
    def short(answer: Answer, target: str) -> Answer:
        rows = iter(range(10**6))
        answer.body = ROW.sub(lambda row: row[0] if next(rows) < 15 else b"", answer.body)
        return answer

    doctor(room, short)
    assert scrapy(*command(room, tmp_path, "-a", "since=2026-11-10", "-a", "until=2026-11-11")).returncode == 0
    assert lies(room, tmp_path) == set()


def test_a_run_from_the_top_that_is_gone_on_with_days_later_finds_what_came_between(tmp_path: Path) -> None:
    site = generate(articles=5000, days=20, seed=8, end=END)
    with Newsroom(site, clock=Clock(END - timedelta(days=6))) as room:
        asked = ("-a", "since=2026-11-06", "-a", "sections=101")
        kill(room, tmp_path, 140, *asked)
        assert room.desk.clock is not None
        room.desk.clock.advance(timedelta(days=5))
        assert scrapy(*command(room, tmp_path, *asked)).returncode == 0
        named = (room.site.articles[number] for number in room.desk.standing.rows("101", 0, 10**6))
        since, twins = datetime.fromisoformat("2026-11-06T00:00+09:00"), room.expected().twins
        wanted = {story.id for story in named if story.published_at >= since}
    found = set(ids(tmp_path))
    assert {id for id in wanted if not {id, twins.get(id)} & found} == set()
