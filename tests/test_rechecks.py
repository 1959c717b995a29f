"""Looks at articles that the output has: what the spider makes of each answer, and what the stages make of that."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Headers, HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.test import get_crawler

from newscrawl.extraction.derived import content_hash
from newscrawl.items import Article, Found, NoText
from newscrawl.korean import KST
from newscrawl.lease import KEY, LEASE, Lease
from newscrawl.pipelines import Check, Clean, Duplicates, Incomplete, Rechecks, Revisions, Store, Unchanged
from newscrawl.revisions import APART
from newscrawl.spider.base import validators
from newscrawl.spiders.newspim import NewspimSpider
from newscrawl.state import Due, Journal, Task, look_key
from newscrawl.state.revisions import history, next_look
from newscrawl.unreadable import UnreadablePages
from tests import states
from tests.page_builder import LEAD, STORY, build

NUMBER = "20260911000123"
ID = f"newspim:{NUMBER}"
URL = f"https://www.newspim.com/news/view/{NUMBER}"
PUBLISHED = datetime(2026, 9, 11, 10, 23, 7, tzinfo=KST)
SEEN = PUBLISHED + timedelta(minutes=5)
MINUTE, HOUR, DAY = 60, 3600, 86_400
AGES = "10m,1h,6h,24h,7d"


# The spider


@pytest.fixture
def spider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewspimSpider:
    monkeypatch.setattr(NewspimSpider, "now", staticmethod(lambda: SEEN))
    crawler = get_crawler(NewspimSpider)
    crawler.stats = MemoryStatsCollector(crawler)
    made = NewspimSpider()
    made.crawler = crawler
    made.unreadable = UnreadablePages(str(tmp_path), "newspim")
    return made


def answer(html: str = "", status: int = 200, url: str = URL, **headers: str) -> tuple[HtmlResponse, Lease]:
    lease = Lease(1, lambda _: None)
    request = Request(URL, meta={LEASE: lease, KEY: f"{NUMBER}+"}, cb_kwargs={"number": NUMBER})
    return HtmlResponse(url, status=status, body=html.encode(), headers=headers, request=request), lease


def looked(spider: NewspimSpider, html: str = "", status: int = 200, **headers: str) -> Any:
    """The one thing that a look gives."""
    response, _ = answer(html, status, **headers)
    (given,) = spider.parse_recheck(response, NUMBER)
    return given


def stat(spider: NewspimSpider, name: str) -> int:
    assert spider.crawler.stats is not None
    return int(spider.crawler.stats.get_value(f"newscrawl/{name}", 0))


def test_a_look_asks_the_canonical_address_last_and_under_a_key_of_its_own(spider: NewspimSpider) -> None:
    request = spider.recheck(int(NUMBER))
    assert (request.url, request.priority, request.meta[KEY]) == (URL, 0, f"{NUMBER}+")
    assert not request.headers


def test_a_page_is_read_with_its_validators_and_gives_no_links(spider: NewspimSpider) -> None:
    article = looked(spider, build(LEAD + STORY), ETag='"abc"')
    assert isinstance(article, Article)
    assert (article.id, article.recheck, article.validators) == (ID, True, ('"abc"', None))


EMPTY = (
    '<!doctype html><html><head><meta property="og:type" content="article"><meta property="og:title" content="">'
    '<meta property="og:url" content="https://www.newspim.com/news/view/"></head><body></body></html>'
)


@pytest.mark.parametrize(
    ("html", "status", "why"),
    [
        ("", 304, "not_modified"),
        ("", 404, "absent"),
        ("", 410, "absent"),
        (EMPTY, 200, "absent"),
        (build(""), 200, "absent"),  # its title is left, its text is not
    ],
    ids=["304", "404", "410", "empty page", "empty container"],
)
def test_an_answer_without_a_text_says_why(spider: NewspimSpider, html: str, status: int, why: str) -> None:
    assert looked(spider, html, status) == NoText(ID, why, int(SEEN.timestamp()))
    assert stat(spider, "gone/404") == 0


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ('<link rel="canonical" href="https://www.newspim.com/news/view/20260911000999">', "elsewhere"),
        ('<meta property="og:url" content="https://www.newspim.com/news/view/20260911000999">', "elsewhere"),
        (f'<link rel="canonical" href="https://m.newspim.com/news/view/{NUMBER}">', None),
        ('<link rel="canonical" href="https://www.newspim.com/">', None),
        ("", None),
    ],
)
def test_a_page_that_says_it_is_another_article_is_no_correction(
    spider: NewspimSpider, head: str, why: str | None
) -> None:
    assert getattr(looked(spider, build(LEAD + STORY, head=head)), "why", None) == why


@pytest.mark.parametrize(
    ("etag", "last_modified", "kept"),
    [
        ('"abc"', "Fri, 11 Sep 2026 01:23:07 GMT", ('"abc"', "Fri, 11 Sep 2026 01:23:07 GMT")),
        ('W/"1,2"', "", ('W/"1,2"', None)),
        ("*", "now", (None, None)),
        ("abc", "2026-09-11T01:23:07Z", (None, None)),
        ('"a", "b"', "Fri, 11 Sep 2026 01:23:07 +0900", (None, None)),
        (f'"{"a" * 201}"', "Friday, 11-Sep-26 01:23:07 GMT", (None, None)),
        ('"a b"', "", (None, None)),
    ],
)
def test_only_validators_in_the_form_of_the_standard_are_sent_back(
    etag: str, last_modified: str, kept: tuple[str | None, str | None]
) -> None:
    assert validators(Headers({"ETag": etag, "Last-Modified": last_modified})) == kept


@pytest.mark.parametrize(
    "where", ["https://www.newspim.com/", "https://example.org/", "/news/view/20260911000999", "/search?a=1"]
)
def test_a_redirect_elsewhere_is_neither_there_nor_gone(spider: NewspimSpider, where: str) -> None:
    assert looked(spider, status=301, Location=where).why == "elsewhere"


def test_a_redirect_to_another_spelling_is_followed_with_its_conditions(spider: NewspimSpider) -> None:
    request = looked(spider, status=302, Location=f"https://m.newspim.com/news/view/{NUMBER}")
    assert request.url == f"https://m.newspim.com/news/view/{NUMBER}"
    assert request.cb_kwargs["hops"] == 1


@pytest.mark.parametrize(
    ("html", "status", "reason"),
    [
        ("", 500, "recheck/500"),
        ("", 403, "recheck/403"),
        ("<html><body>점검 중</body></html>", 200, "no body container"),
    ],
)
def test_a_look_that_gives_nothing_to_go_by_is_lost(spider: NewspimSpider, html: str, status: int, reason: str) -> None:
    response, lease = answer(html, status)
    assert list(spider.parse_recheck(response, NUMBER)) == []
    assert lease.failed == reason


def test_a_redirect_in_a_circle_is_lost(spider: NewspimSpider) -> None:
    response, lease = answer(status=301, Location=URL)
    assert list(spider.parse_recheck(response, NUMBER, hops=5)) == []
    assert lease.failed == "recheck/redirect"


def test_a_run_for_certain_articles_looks_at_no_others() -> None:
    assert NewspimSpider().rechecks
    assert not NewspimSpider(urls=URL).rechecks


# The stages


class Desk:
    """The stages of a run, on a state of its own."""

    def __init__(self, tmp_path: Path, ages: str = AGES, duplicates: str = "drop:exact") -> None:
        crawler: Crawler = get_crawler(
            settings_dict={"NEWSCRAWL_RECHECK_AFTER": ages, "NEWSCRAWL_DUPLICATES": duplicates}
        )
        crawler.stats = MemoryStatsCollector(crawler)
        self.stats = crawler.stats
        self.folder, self.feed = tmp_path, tmp_path / "feed.jsonl"
        self.stages = [
            build_from_crawler(stage, crawler) for stage in (Rechecks, Clean, Check, Revisions, Duplicates, Store)
        ]
        self.begin()

    def begin(self) -> None:
        """Begin a run."""
        self.journal = Journal(states.database(self.folder), self.feed)
        self.journal.begin("newspim", "{}", None)
        for stage in self.stages:
            if hasattr(type(stage), "journal"):
                stage.journal = self.journal

    def take(self, item: Article | NoText) -> Article:
        """Through all stages, and committed whether it comes out or not."""
        try:
            return self.hand(item)
        finally:
            self.journal.commit()

    def hand(self, item: Article | NoText) -> Article:
        """Through all stages."""
        for stage in self.stages:
            item = stage.process_item(item)
        assert isinstance(item, Article)
        return item

    def kept(self) -> list[tuple[int, tuple[str, ...]]]:
        return [(one.revision, one.changed) for one in history(self.journal.database, 1, int(NUMBER))]

    def next_at(self) -> int | None:
        """Seconds from publication to the next look."""
        found = next_look(self.journal.database, 1, int(NUMBER))
        return None if found is None else found - int(PUBLISHED.timestamp())

    def due(self, at: datetime) -> list[Due]:
        """The looks that are due then, taken as the scheduler does: the next one is five hours later."""
        found = self.journal.due(int(at.timestamp()), 10)
        for one in found:
            self.journal.take(one, one.at + 5 * HOUR)
        self.journal.commit()
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        assert self.journal.feed is not None
        return [json.loads(line) for line in self.journal.feed.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def desk(engine: str, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.journal.abandon()


def article(*, again: bool = False, at: datetime = SEEN, number: str = NUMBER, **fields: Any) -> Article:
    usual = {
        "title": "가온시, 버스 요금 3% 인하",
        "body": "가온시는 새 대책을 내놓았다. 시민들은 환영했다. 더 지켜볼 일이라는 말도 나왔다.",
        "published_at": PUBLISHED,
        "found": Found("list", "https://www.newspim.com/", SEEN),
    }
    made = Article(f"newspim:{number}", "newspim", URL, **(usual | fields), fetched_at=at, recheck=again)
    made.validators = ('"1"', None)
    made.hash = content_hash(made)
    return made


def no_text(why: str, at: datetime) -> NoText:
    return NoText(ID, why, int(at.timestamp()))


def test_a_new_article_is_its_first_revision_and_is_looked_at_ten_minutes_after_publication(desk: Desk) -> None:
    desk.take(article())
    (line,) = desk.lines
    assert (line["revision"], line["status"], line["changed"], line["previous_hash"]) == (1, "published", [], None)
    assert line["first_seen_at"] == line["fetched_at"] == "2026-09-11T10:28:07+09:00"
    assert desk.next_at() == 10 * MINUTE
    assert desk.kept() == [(1, ())]


def test_an_old_article_is_not_watched_and_its_text_is_kept_to_compare_others_with(desk: Desk) -> None:
    desk.take(article(at=PUBLISHED + timedelta(days=8)))
    assert (desk.next_at(), desk.kept()) == (None, [(1, ())])


@pytest.mark.usefixtures("engine")
def test_without_ages_nothing_is_watched(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ages="0")
    desk.take(article())
    assert (desk.next_at(), desk.kept()) == (None, [(1, ())])
    desk.journal.abandon()


def test_what_is_due_comes_once_and_has_the_validators(desk: Desk) -> None:
    desk.take(article())
    assert desk.due(PUBLISHED + timedelta(minutes=9)) == []
    (look,) = desk.due(PUBLISHED + timedelta(minutes=10))
    assert look.number == int(NUMBER)
    assert desk.journal.validators(look.number) == ('"1"', None)
    assert desk.due(PUBLISHED + timedelta(minutes=10)) == []
    assert desk.next_at() == 5 * HOUR + 10 * MINUTE


def test_a_look_that_finds_the_same_writes_nothing(desk: Desk) -> None:
    desk.take(article())
    with pytest.raises(Unchanged):
        desk.take(article(again=True, section="정치", at=SEEN + timedelta(minutes=10)))
    assert len(desk.lines) == 1
    assert desk.stats.get_value("newscrawl/rechecked/unchanged") == 1


def test_a_correction_is_a_new_line_that_names_what_changed(desk: Desk) -> None:
    first = desk.take(article())
    later = SEEN + timedelta(minutes=10)
    desk.take(article(again=True, at=later, title="가온시, 버스 요금 5% 인하", found=None))
    one, two = desk.lines
    assert (two["id"], two["revision"], two["changed"]) == (ID, 2, ["title"])
    assert two["previous_hash"] == one["hash"] == first.hash != two["hash"]
    assert two["first_seen_at"] == one["first_seen_at"]
    assert two["fetched_at"] == "2026-09-11T10:38:07+09:00"
    assert two["found"] == one["found"]
    assert desk.kept() == [(1, ()), (2, ("title",))]


def test_a_correction_of_a_correction_counts_on(desk: Desk) -> None:
    desk.take(article())
    for number, words in enumerate(("5%", "3%", "7%"), 2):  # the second is the first text again
        desk.take(article(again=True, title=f"가온시, 버스 요금 {words} 인하"))
        assert desk.lines[-1]["revision"] == number
    assert desk.lines[0]["hash"] == desk.lines[2]["hash"]


def test_a_copy_is_known_by_the_words_of_any_revision(desk: Desk) -> None:
    desk.take(article())
    desk.take(article(again=True, title="다른 제목"))
    for title in ("가온시, 버스 요금 3% 인하", "다른 제목"):
        with pytest.raises(DropItem, match=ID):
            desk.take(article(number="20260911000777", title=title))


def test_an_article_that_becomes_a_copy_of_another_keeps_its_revisions(desk: Desk) -> None:
    desk.take(article(number="20260911000777", title="다른 제목"))
    desk.take(article())
    desk.take(article(again=True, title="다른 제목"))
    assert [line["id"][-3:] for line in desk.lines] == ["777", "123", "123"]


def test_one_look_that_finds_it_gone_says_nothing_yet_and_asks_for_another(desk: Desk) -> None:
    desk.take(article())
    at = PUBLISHED + timedelta(hours=1)
    desk.due(at)
    with pytest.raises(Unchanged):
        desk.take(no_text("absent", at))
    assert len(desk.lines) == 1
    assert desk.next_at() == HOUR + APART  # sooner than the five hours


def absent_once(desk: Desk) -> datetime:
    """An article that one look found gone, and when a second may."""
    desk.take(article())
    at = PUBLISHED + timedelta(hours=1)
    with pytest.raises(Unchanged):
        desk.take(no_text("absent", at))
    return at + timedelta(seconds=APART)


def withdrawn(desk: Desk) -> datetime:
    """An article that two looks found gone, and when the second did."""
    at = absent_once(desk)
    desk.take(no_text("absent", at))
    return at


def test_two_looks_ten_minutes_apart_that_find_it_gone_withdraw_it(desk: Desk) -> None:
    withdrawn(desk)
    one, two = desk.lines
    assert (two["revision"], two["status"], two["changed"]) == (2, "withdrawn", ["status"])
    assert two["fetched_at"] == "2026-09-11T11:33:07+09:00"
    of_the_look = {"revision", "status", "changed", "previous_hash", "fetched_at"}
    assert {name: two[name] for name in two if name not in of_the_look} == {
        name: one[name] for name in one if name not in of_the_look
    }
    assert two["previous_hash"] == one["hash"]


def test_two_looks_less_than_ten_minutes_apart_withdraw_nothing(desk: Desk) -> None:
    desk.take(article())
    at = PUBLISHED + timedelta(hours=1)
    for seconds in (0, 1, APART - 1):
        with pytest.raises(Unchanged):
            desk.take(no_text("absent", at + timedelta(seconds=seconds)))
    assert len(desk.lines) == 1


@pytest.mark.parametrize("between", ["not_modified", "page"])
def test_an_article_that_was_there_in_between_is_not_withdrawn(desk: Desk, between: str) -> None:
    desk.take(article())
    at = PUBLISHED + timedelta(hours=1)
    there = article(again=True) if between == "page" else no_text("not_modified", at + timedelta(minutes=10))
    for item in (no_text("absent", at), there, no_text("absent", at + timedelta(minutes=20))):
        with pytest.raises(Unchanged):
            desk.take(item)
    assert len(desk.lines) == 1


def test_a_withdrawn_article_is_withdrawn_once(desk: Desk) -> None:
    at = withdrawn(desk)
    with pytest.raises(Unchanged):
        desk.take(no_text("absent", at + timedelta(days=1)))
    assert len(desk.lines) == 2


@pytest.mark.parametrize("how", ["not_modified", "page"])
def test_an_article_that_comes_back_is_published_again(desk: Desk, how: str) -> None:
    at = withdrawn(desk) + timedelta(hours=1)
    desk.take(article(again=True, at=at) if how == "page" else no_text("not_modified", at))
    line = desk.lines[-1]
    assert (line["revision"], line["status"], line["changed"]) == (3, "published", ["status"])


def test_an_article_that_comes_back_with_other_words_names_both(desk: Desk) -> None:
    at = withdrawn(desk) + timedelta(hours=1)
    desk.take(article(again=True, at=at, title="다른 제목"))
    assert desk.lines[-1]["changed"] == ["title", "status"]


def test_a_look_that_leads_elsewhere_changes_nothing(desk: Desk) -> None:
    desk.take(article())
    at = PUBLISHED + timedelta(hours=1)
    for item in (no_text("absent", at), no_text("elsewhere", at + timedelta(minutes=5))):
        with pytest.raises(Unchanged):
            desk.take(item)
    assert len(desk.lines) == 1
    desk.take(no_text("absent", at + timedelta(minutes=10)))  # the second that finds it gone
    assert desk.lines[-1]["status"] == "withdrawn"


def test_what_was_withdrawn_may_come_again_under_another_number(desk: Desk) -> None:
    withdrawn(desk)
    desk.take(article(number="20260911000777"))
    assert [(line["id"][-3:], line["status"]) for line in desk.lines][-1] == ("777", "published")


def test_what_is_withdrawn_in_the_same_commit_may_come_again_too(desk: Desk) -> None:
    """The state does not know of the withdrawal yet; the site gave the article a new number at once."""
    desk.hand(no_text("absent", absent_once(desk)))
    desk.hand(article(number="20260911000777"))
    desk.journal.commit()
    assert {(line["id"][-3:], line["status"]) for line in desk.lines[1:]} == {
        (NUMBER[-3:], "withdrawn"),
        ("777", "published"),
    }


@pytest.mark.usefixtures("engine")
def test_a_correction_under_a_new_number_is_never_dropped(tmp_path: Path) -> None:
    desk = Desk(tmp_path, duplicates="drop:exact,update,rewrite")
    words = article().body
    desk.take(article())
    for number, title in (("777", "가온시, 버스 요금 3% 인하"), ("778", "[정정] 가온시, 버스 요금 3% 인하")):
        new = article(number=f"20260911000{number}", title=title, body=f"{words} 시는 다음 달에 자세한 계획을 낸다.")
        if title.startswith("[정정]"):
            desk.take(new)
        else:
            with pytest.raises(DropItem, match=ID):
                desk.take(new)
    assert [line["id"][-3:] for line in desk.lines] == [NUMBER[-3:], "778"]
    assert desk.lines[1]["duplicate"]["of"] == ID
    desk.journal.abandon()


def test_a_correction_of_the_words_also_says_what_turned_out_of_the_story(desk: Desk) -> None:
    """An earlier version of the article came late, from a backfill: no line said so yet."""
    words, hour = article().body, timedelta(hours=1)
    desk.take(article())
    desk.take(article(number="20260911000002", published_at=PUBLISHED - hour, body=f"{words} 시의회도 찬성했다."))
    desk.take(article(again=True, at=PUBLISHED + hour, body=f"{words} 요금은 다음 달에 내린다."))
    first, _, corrected = desk.lines
    assert (first["story"], first["duplicate"]) == (ID, None)
    assert corrected["story"] == corrected["duplicate"]["of"] == "newspim:20260911000002"
    assert corrected["changed"] == ["body", "story", "duplicate"]
    assert desk.journal.unsaid(10) == []


def test_what_came_back_is_known_by_its_words_again(desk: Desk) -> None:
    at = withdrawn(desk) + timedelta(hours=1)
    desk.take(article(again=True, at=at))
    with pytest.raises(DropItem, match=ID):
        desk.take(article(number="20260911000777"))


def many(desk: Desk, count: int) -> list[str]:
    """So many articles, and their numbers."""
    numbers = [f"2026091100{number:04d}" for number in range(count)]
    for number in numbers:
        desk.take(article(number=number, title=f"제목 {number}"))
    return numbers


def all_gone(desk: Desk, numbers: list[str], at: datetime) -> None:
    for number in numbers:
        with suppress(Unchanged):
            desk.take(NoText(f"newspim:{number}", "absent", int(at.timestamp())))


@pytest.mark.usefixtures("engine")
def test_a_site_that_is_out_of_order_has_withdrawn_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(tmp_path)
    numbers = many(desk, 30)
    stages = desk.stages
    stages[0]._there = 0  # as in a run that has seen no article yet
    at = PUBLISHED + timedelta(hours=1)
    for minutes in (0, 11, 30):
        all_gone(desk, numbers, at + timedelta(minutes=minutes))
    assert {line["status"] for line in desk.lines} == {"published"}
    assert len([record for record in caplog.records if "out of order" in record.message]) == 1
    stages[0]._absent, stages[0]._there = 0, 100  # and in a later one where the others are there
    all_gone(desk, numbers[:3], at + timedelta(minutes=60))
    assert [line["status"] for line in desk.lines].count("withdrawn") == 3
    desk.journal.abandon()


def test_one_article_that_is_gone_while_no_other_is_seen_is_not_withdrawn_yet(desk: Desk) -> None:
    desk.take(article())
    desk.stages[0]._there = 0
    at = PUBLISHED + timedelta(hours=1)
    for minutes in (0, 11):
        with pytest.raises(Unchanged):
            desk.take(no_text("absent", at + timedelta(minutes=minutes)))
    assert len(desk.lines) == 1


def a_look_fails(desk: Desk, times: int) -> None:
    """The look is taken and lost, so many times."""
    for _ in range(times):
        for one in desk.journal.due(2**40, 10):
            desk.journal.take(one, None)
            desk.journal.add(Task(look_key(one.number), URL, "{}"))
        (task,) = desk.journal.commit(10).leased
        assert task.id is not None
        desk.journal.fail(task.id, "recheck/503", int(NUMBER))
        desk.journal.commit()
        desk.journal.end("finished", {})  # a look that failed is tried again by a later run
        desk.begin()


@pytest.mark.usefixtures("engine")
def test_a_look_that_fails_is_tried_again_though_it_was_the_last(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take(article())
    a_look_fails(desk, 1)
    found = next_look(desk.journal.database, 1, int(NUMBER))
    assert found is not None
    assert 3500 < found - time.time() <= 3600
    desk.journal.abandon()


def test_a_look_that_failed_comes_again_in_the_same_run_when_that_is_long(desk: Desk) -> None:
    desk.take(article())
    for _ in range(2):
        (one,) = desk.journal.due(2**40, 10)
        desk.journal.take(one, None)
        desk.journal.add(Task(look_key(one.number), URL, "{}"))
        (task,) = desk.journal.commit(10).leased
        assert task.id is not None
        desk.journal.fail(task.id, "recheck/503", one.number)
        desk.journal.commit()


@pytest.mark.usefixtures("engine")
def test_a_look_that_fails_and_fails_is_given_up(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take(article())
    a_look_fails(desk, 5)
    assert (desk.next_at(), desk.kept()) == (None, [(1, ())])
    desk.journal.abandon()


def test_the_last_look_asks_for_the_text_itself(desk: Desk) -> None:
    last_look(desk)
    assert desk.journal.validators(int(NUMBER)) == (None, None)


def test_a_clock_that_was_set_back_withdraws_nothing_early(desk: Desk) -> None:
    desk.take(article())
    at = PUBLISHED + timedelta(hours=1)
    for moment in (at, at - timedelta(days=1), at - timedelta(days=1) + timedelta(seconds=APART - 1)):
        with pytest.raises(Unchanged):
            desk.take(no_text("absent", moment))
    assert len(desk.lines) == 1


def last_look(desk: Desk) -> None:
    desk.take(article())
    (look,) = desk.journal.due(int(PUBLISHED.timestamp()) + 8 * DAY, 10)
    desk.journal.take(look, None)
    desk.journal.commit()


def test_after_the_last_look_an_article_is_watched_no_more(desk: Desk) -> None:
    last_look(desk)
    assert desk.kept() == [(1, ())]  # while the look is under way
    with pytest.raises(Unchanged):
        desk.take(article(again=True))
    assert (desk.next_at(), desk.kept()) == (None, [(1, ())])


def test_after_the_last_look_the_texts_of_an_article_that_changed_are_kept(desk: Desk) -> None:
    last_look(desk)
    desk.take(article(again=True, title="다른 제목"))
    assert (desk.next_at(), desk.kept()) == (None, [(1, ()), (2, ("title",))])
    with pytest.raises(DropItem):  # and it is still known
        desk.take(article(title="또 다른 제목"))


def test_a_last_look_that_finds_it_gone_is_followed_by_one_more(desk: Desk) -> None:
    last_look(desk)
    at = PUBLISHED + timedelta(days=8)
    with pytest.raises(Unchanged):
        desk.take(no_text("absent", at))
    assert desk.next_at() == 8 * DAY + APART


def test_a_look_at_what_is_not_watched_is_nothing(desk: Desk) -> None:
    for item in (article(again=True), no_text("absent", SEEN)):
        with pytest.raises(Unchanged):
            desk.take(item)


def test_an_incomplete_page_is_no_revision_and_no_withdrawal(desk: Desk) -> None:
    desk.take(article())
    with pytest.raises(Incomplete):
        desk.take(article(again=True, title=None))
    assert desk.next_at() == 10 * MINUTE


def test_new_validators_replace_the_old_also_when_there_are_none(desk: Desk) -> None:
    desk.take(article())
    same = article(again=True)
    same.validators = (None, None)
    with pytest.raises(Unchanged):
        desk.take(same)
    assert desk.journal.validators(int(NUMBER)) == (None, None)


def test_the_validators_of_a_revision_are_those_of_its_page(desk: Desk) -> None:
    desk.take(article())
    other = article(again=True, title="다른 제목")
    other.validators = ('"2"', "Fri, 11 Sep 2026 02:00:00 GMT")
    desk.take(other)
    assert desk.journal.validators(int(NUMBER)) == other.validators


def test_not_modified_keeps_the_validators(desk: Desk) -> None:
    desk.take(article())
    with pytest.raises(Unchanged):
        desk.take(no_text("not_modified", SEEN))
    assert desk.journal.validators(int(NUMBER)) == ('"1"', None)


@pytest.mark.usefixtures("engine")
def test_two_runs_that_see_the_same_correction_write_one_line(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take(article())
    for title in ("다른 제목", "다른 제목"):
        item: Any = article(again=True, title=title)
        for stage in desk.stages:
            item = stage.process_item(item)  # both before either is committed
    desk.journal.commit()
    assert [line["revision"] for line in desk.lines] == [1, 2]
    desk.journal.abandon()
