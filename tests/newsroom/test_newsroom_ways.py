"""What lists and feeds show: their depth and end, the feeds' size, lag, gaps and forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from newscrawl.newsroom import Clock, Newsroom, Site, Ways
from newscrawl.newsroom.known import WAYS
from newscrawl.newsroom.stories import KST, SECTIONS
from tests.newsroom.reader import END, ID, ask, ids, links

DEPTH = 50
LIST = "/news/lists?category_cd=1&page="
DATE = "{http://purl.org/dc/elements/1.1/}date"


def items(room: Newsroom, code: str = "1") -> list[ElementTree.Element]:
    status, _, body = ask(room, f"/news/category/{code}", "rss.newspim.com")
    assert status == 200
    return ElementTree.fromstring(body).findall("channel/item")


def id_of(item: ElementTree.Element) -> str:
    match = ID.search(item.findtext("link") or "")
    assert match
    return match[1]


def feed(room: Newsroom, code: str = "1") -> list[str]:
    return [id_of(item) for item in items(room, code)]


def newest(site: Site, code: str, count: int) -> list[str]:
    return [site.articles[number].id for number in site.lists[code][:count]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"list_end": "wall"}, "list_end 'wall': takes empty, repeat, 404"),
        ({"robots_sitemaps": "all"}, "robots_sitemaps 'all'"),
        ({"outage_how": "fire"}, "outage_how"),
        ({"forms": "odd"}, "forms 'odd'"),
        ({"feed_missing": 1.5}, "feed_missing 1.5: takes a share"),
        ({"feed_lag": (9, 3)}, "feed_lag"),
        ({"sitemap_lag": -1}, "sitemap_lag -1"),
        ({"late_by": float("nan")}, "late_by nan"),
        ({"list_depth": -1}, "list_depth -1"),
        ({"bad_sitemaps": ["worms"]}, "unknown sitemap: worms; known: cut"),
        ({"bad_sitemaps": ["cut"]}, "need robots_sitemaps='index'"),
        ({"outage": (5, 3)}, "outage"),
        ({"outage": (END.replace(tzinfo=None), END.replace(tzinfo=None))}, "aware"),
        ({"outage": (END, 3.0)}, "both times or both seconds"),
    ],
)
def test_ways_that_there_are_not_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Ways(**options)


@pytest.mark.parametrize("end", ["empty", "repeat", "404"])
def test_a_list_ends_at_its_depth(site: Site, end: str) -> None:
    with Newsroom(site, ways=Ways(list_depth=DEPTH, list_end=end)) as room:
        pages = [ask(room, f"{LIST}{offset}") for offset in (0, 20, 40, 60, 80, 400)]
        rows = newest(site, "1", DEPTH)
        assert [ids(body) for _, _, body in pages[:3]] == [set(rows[:20]), set(rows[20:40]), set(rows[40:])]
        for status, _, body in pages[3:]:
            assert status == (404 if end == "404" else 200)
            assert ids(body) == (set(rows[40:]) if end == "repeat" else set())
            assert (body == pages[2][2]) == (end == "repeat")


@pytest.mark.parametrize("end", ["empty", "repeat", "404"])
def test_a_list_without_a_depth_ends_where_its_articles_do(site: Site, end: str) -> None:
    room = Newsroom(site, ways=Ways(list_end=end))
    count = len(site.lists["104"])
    page = "/news/lists?category_cd=104&page="
    answer = room.desk.answer("www.newspim.com", f"{page}{count + 40}")
    last = room.desk.answer("www.newspim.com", f"{page}{(count - 1) // 20 * 20}")
    assert (answer.status, answer.body == last.body) == (404 if end == "404" else 200, end == "repeat")
    assert room.desk.answer("www.newspim.com", "/news/lists?category_cd=999").status == 200


def test_pagers_of_some_capped_lists_lead_beyond_their_end(site: Site) -> None:
    room = Newsroom(site, ways=Ways(list_depth=20))

    def leads_beyond(code: str) -> bool:
        page = room.desk.answer("www.newspim.com", f"/news/lists?category_cd={code}&page=0").body
        return any(int(one.rpartition("=")[2]) >= 20 for one in links(page) if "&page=" in one)

    assert {leads_beyond(code) for code in SECTIONS if len(site.lists.get(code, ())) > 20} == {True, False}


def test_quick_list_has_as_many_as_it_is_told(site: Site) -> None:
    with Newsroom(site, ways=Ways(quick_items=7)) as room:
        assert ids(ask(room, "/quicknews")[2]) == set(newest(site, "1", 7))


def test_articles_of_a_minute_stand_in_any_order_that_stays(site: Site) -> None:
    plain, tied = Newsroom(site), Newsroom(site, ways=Ways(ties=True))
    one, two = (list(room.desk.standing.every("1")) for room in (plain, tied))
    assert one != two
    assert two == list(tied.desk.standing.every("1"))
    minutes = [[f"{site.articles[number].published_at:%Y-%m-%d %H:%M}" for number in rows] for rows in (one, two)]
    assert minutes[0] == minutes[1]


def test_a_feed_has_as_many_items_as_it_is_told(site: Site) -> None:
    for count in (0, 1, 13, 400):
        with Newsroom(site, ways=Ways(feed_items=count)) as room:
            assert feed(room) == newest(site, "1", count)
            assert feed(room, "101") == newest(site, "101", count)


def test_some_articles_never_stand_in_a_feed(site: Site) -> None:
    with Newsroom(site, ways=Ways(feed_items=1000, feed_missing=0.2)) as room:
        listed = set(newest(site, "1", 1000))
        missing = listed - set(feed(room))
        assert 0.12 < len(missing) / len(listed) < 0.28
        sections = {id for code in site.lists for id in feed(room, code)}
        assert listed - sections == missing


@pytest.mark.parametrize("lag", [300.0, (60.0, 900.0)])
def test_an_article_is_in_the_feeds_some_time_after_it_appears(site: Site, lag: float | tuple[float, float]) -> None:
    low, high = lag if isinstance(lag, tuple) else (lag, lag)
    story = next(one for one in site.articles[250:] if one.listed)
    clock = Clock(story.published_at, speed=0)
    with Newsroom(site, clock=clock, ways=Ways(feed_lag=lag)) as room:
        clock.advance(timedelta(seconds=low - 1))
        assert story.id in ids(ask(room, LIST + "0")[2])
        assert story.id not in feed(room)
        clock.advance(timedelta(seconds=high - low + 1))
        assert story.id in feed(room)
        assert story.id in feed(room, story.section)


@pytest.fixture(scope="module")
def feeds(site: Site) -> dict[str, list[ElementTree.Element]]:
    with Newsroom(site, ways=Ways(forms="varied")) as room:
        return {code: items(room, code) for code in site.lists}


def test_feeds_of_all_forms_have_the_same_articles(site: Site, feeds: dict[str, list[ElementTree.Element]]) -> None:
    for code, found in feeds.items():
        assert {id_of(item) for item in found} == set(newest(site, code, 50))
        for item in found:
            story = site.by_id[id_of(item)]
            assert item.findtext("title") == story.title


def test_feeds_vary_in_links_dates_and_order(site: Site, feeds: dict[str, list[ElementTree.Element]]) -> None:
    found = [item for some in feeds.values() for item in some]
    shown = [(item.findtext("link") or "").strip() for item in found]
    marks = ("http://www", "https://www", "https://m.", "?utm_source=rss", "&utm_medium=", "view.jsp?newsId=")
    assert all(any(mark in link for link in shown) for mark in marks)
    assert {item.find("guid") is None for item in found} == {True, False}
    orders = [[site.by_id[id_of(item)].number for item in some] for some in feeds.values() if len(some) > 2]
    assert {rows == sorted(rows) for rows in orders} == {True, False}


def test_dates_of_feeds_are_the_time_of_publication(site: Site, feeds: dict[str, list[ElementTree.Element]]) -> None:
    mail: Callable[[str], datetime] = parsedate_to_datetime
    read: dict[str, int] = {}
    for item in [one for some in feeds.values() for one in some]:
        shown, kind = item.findtext("pubDate"), "pubDate"
        if shown is None:
            shown, kind = item.findtext(DATE), "dc:date"
        if shown is None:
            read["none"] = read.get("none", 0) + 1
            continue
        local = re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown)
        moment = datetime.fromisoformat(shown) if local or kind == "dc:date" else mail(shown)
        moment = moment.replace(tzinfo=KST) if local else moment
        published = site.by_id[id_of(item)].published_at
        assert moment in (published, published.replace(second=0))
        form = "local" if local else "GMT" if shown.endswith("GMT") else kind if moment == published else "short"
        read[form] = read.get(form, 0) + 1
    assert set(read) >= {"none", "local", "GMT", "dc:date", "pubDate", "short"}


NAMED = {
    "front": ["/"],
    "quick": ["/quicknews"],
    "list": [],
    "topbar": [],
    "feed": [],
    "sitemap": ["/sitemap/recent/all_1", "/sitemap/recent/all_2"],
}


@pytest.mark.parametrize("ways", [Ways(), Ways(0.2, ties=True, list_depth=45, feed_lag=600, sitemap_lag=(0, 7200))])
@pytest.mark.parametrize("hours", [0, 21, 50])
def test_what_a_way_names_is_what_its_pages_name(site: Site, ways: Ways, hours: int) -> None:
    clock = Clock(site.start + timedelta(hours=8 + hours), speed=0)
    room = Newsroom(site, clock=clock, ways=ways)
    bars = site.topbar.entries
    joined = [(entry.address, "&" if "?" in entry.address else "?") for entry in bars]
    pages = {
        **NAMED,
        "list": [
            f"/news/lists?category_cd={code}&page={row}" for code in site.lists for row in range(0, len(site.lists[code]), 20)
        ],
        "topbar": [f"{address}{joint}page={row}" for address, joint in joined for row in range(0, 120, 30)],
        "feed": [f"/news/category/{code}" for code in site.lists],
    }  # fmt: skip
    for way, paths in pages.items():
        bodies = [room.desk.answer("www.newspim.com", path).body for path in paths]
        if way in ("feed", "sitemap"):
            seen = {one for body in bodies for one in ID.findall(body.decode())}
        else:
            seen = {one for body in bodies for one in ids(body)}
        assert seen == room.named(way), way


@pytest.mark.parametrize("sidebars", ["own", "newest"])
def test_pages_name_what_sidebar_and_related_name(site: Site, sidebars: str) -> None:
    clock = Clock(END - timedelta(hours=30), speed=0)
    room = Newsroom(site, clock=clock, ways=Ways(sidebars=sidebars))
    for _ in range(2):
        there = [
            story.id for story in site.articles if story.way != "hidden" and room.appeared_at(story.id) <= clock.now()
        ]
        seen = {one for id in there for one in ids(room.desk.answer("www.newspim.com", f"/news/view/{id}").body) - {id}}
        own = {
            id for id in there for one in [room.desk.answer("www.newspim.com", f"/news/view/{id}").body] if id in ids(one)
        }  # fmt: skip
        assert seen - own == (room.named("sidebar") | room.named("related")) - own
        for way in ("sidebar", "related"):
            wanted = {story.id for story in site.articles if story.way == way and story.id in there}
            if (way, sidebars) != ("sidebar", "newest"):
                assert len(wanted - room.named(way)) <= (2 if way == "related" else 0)
        clock.advance(timedelta(hours=9))


def test_sidebars_of_the_newest_are_the_same_on_all_pages(site: Site) -> None:
    clock = Clock(END - timedelta(hours=30), speed=0)
    room = Newsroom(site, clock=clock, ways=Ways(sidebars="newest"))
    some = [story for story in site.articles if story.listed and not story.related][:40:8]

    def shared() -> set[str]:
        pages = [ids(room.desk.answer("www.newspim.com", f"/news/view/{story.id}").body) for story in some]
        return set.intersection(*pages) - {story.id for story in some}

    before = shared()
    clock.advance(timedelta(hours=20))
    after = shared()
    assert before
    assert max(room.appeared_at(id) for id in before) < max(room.appeared_at(id) for id in after)
    assert max(room.appeared_at(id) for id in after) > clock.now() - timedelta(hours=3)


def test_an_article_is_there_from_the_moment_at_which_it_appears(site: Site) -> None:
    clock = Clock(END, speed=0)
    room = Newsroom(site, clock=clock, ways=Ways(late=0.5, late_by=(0.1, 900.7), feed_lag=0.3))
    for story in site.articles[::5]:
        clock.set(room.appeared_at(story.id))
        assert room.desk.answer("www.newspim.com", f"/news/view/{story.id}").status == 200
        assert room.named_by("list", story.id) == story.listed
        assert not room.named_by("feed", story.id)
        clock.advance(timedelta(seconds=0.3))
        assert room.named_by("feed", story.id) == story.listed


def test_drawn_ways_are_all_kinds_of_sites() -> None:
    drawn = [Ways.drawn(seed) for seed in range(40)]
    assert drawn == [Ways.drawn(seed) for seed in range(40)]
    assert {ways.list_end for ways in drawn} == {"empty", "repeat", "404"}
    assert {ways.robots_sitemaps for ways in drawn} == {"none", "recent", "index"}
    assert {ways.sidebars for ways in drawn} == {"own", "newest"}


def test_published_goes_by_when_articles_appeared(site: Site) -> None:
    clock = Clock(END - timedelta(hours=20), speed=0)
    room = Newsroom(site, clock=clock, ways=Ways(late=0.3, late_by=(600, 7200)))
    all_now = room.published()
    assert {room.appeared_at(id) <= clock.now() for id in all_now} == {True}
    assert [room.appeared_at(id) for id in all_now] == sorted(room.appeared_at(id) for id in all_now)
    before = clock.now()
    clock.advance(timedelta(hours=5))
    later = room.published(since=before + timedelta(microseconds=1))
    assert later
    assert set(room.published()) == {*all_now, *later}
    assert not set(all_now) & set(later)
    assert room.published(until=before + timedelta(microseconds=1)) == all_now
    assert any(site.by_id[id].published_at < before for id in later)
    assert not set(room.published()) & set(site.hidden)


def test_without_a_clock_all_have_appeared(site: Site) -> None:
    room = Newsroom(site)
    assert set(room.published()) == set(site.by_id) - set(site.hidden)
    assert room.appeared_at(site.articles[5].id) == site.articles[5].published_at
    listed = next(one for one in site.articles if one.listed)
    assert [room.named_by(way, site.hidden[0]) for way in WAYS] == [False] * len(WAYS)
    assert room.named_by("list", listed.id)


def test_unknown_ways_and_articles_are_said(site: Site) -> None:
    room = Newsroom(site)
    with pytest.raises(ValueError, match="unknown way: pigeon"):
        room.named("pigeon")
    with pytest.raises(KeyError):
        room.named_by("list", "20991231000001")
    with pytest.raises(ValueError, match="aware"):
        room.published(END.replace(tzinfo=None))
