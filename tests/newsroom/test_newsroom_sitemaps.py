"""Sitemaps in parts: what robots.txt names, the parts by month, those that do harm, and what each has at each moment."""

from __future__ import annotations

import gzip
import http.client
import re
import zlib
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from newscrawl.newsroom import Clock, Newsroom, Site, Ways, generate
from newscrawl.newsroom.stories import KST
from newscrawl.newsroom.traps import ZEROS
from newscrawl.newsroom.ways import BAD_SITEMAPS
from tests.newsroom.reader import END, ID, ask

WWW = "https://www.newspim.com"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
INDEX = Ways(robots_sitemaps="index")
VARIED = Ways(robots_sitemaps="index", forms="varied")
Parts = dict[str, ElementTree.Element]


@pytest.fixture(scope="module")
def long_site() -> Site:
    """Six months of it."""
    return generate(600, 150, 4, END, cheap=True)


def robots(room: Newsroom) -> list[str]:
    shown = ask(room, "/robots.txt")[2].decode()
    return re.findall(r"(?im)^sitemap:\s*(\S+)$", shown)


def read(room: Newsroom, address: str) -> ElementTree.Element:
    status, headers, body = ask(room, address.removeprefix(WWW))
    assert status == 200, address
    if headers.get("Content-Encoding") == "gzip" or address.endswith(".gz"):
        body = gzip.decompress(body)
    return ElementTree.fromstring(body)


def parts(room: Newsroom) -> Parts:
    """All sitemaps to which robots.txt leads, by their addresses."""
    found: Parts = {}
    waiting = robots(room)
    while waiting:
        address = waiting.pop()
        if address not in found:
            found[address] = read(room, address)
            waiting += [(one.text or "").strip() for one in found[address].iterfind(f"{SPACE}sitemap/{SPACE}loc")]
    return found


def named(part: ElementTree.Element) -> list[str]:
    return [match[1] for one in part.iter(f"{SPACE}loc") if (match := ID.search(one.text or ""))]


def listed(site: Site) -> set[str]:
    return {site.articles[number].id for number in site.lists["1"]}


def test_robots_names_no_sitemap_unless_told(site: Site) -> None:
    with Newsroom(site) as room:
        assert robots(room) == []
        for path in ("/sitemap/index.xml", "/sitemap/news.xml", "/sitemap/2026-11.xml", "/sitemap/2026-11.xml.gz"):
            assert ask(room, path)[0] == 404
    with Newsroom(site, ways=Ways(robots_sitemaps="recent")) as room:
        assert set(parts(room)) == {f"{WWW}/sitemap/recent/all_{part}" for part in (1, 2)}


@pytest.mark.parametrize("ways", [INDEX, VARIED], ids=["plain", "varied"])
def test_parts_by_month_have_every_listed_article_once(long_site: Site, ways: Ways) -> None:
    with Newsroom(long_site, ways=ways) as room:
        found = parts(room)
        months = {address: part for address, part in found.items() if re.search(r"/\d{4}-\d\d\.xml", address)}
        rows = [id for part in months.values() for id in named(part)]
        assert sorted(rows) == sorted(listed(long_site))
        assert set(rows) == room.named("sitemap")
        assert len(months) == 6
        assert {address.endswith(".gz") for address in months} == {True, False}
        for address, part in months.items():
            month = address[-11:-4] if address.endswith(".xml") else address[-14:-7]
            assert {f"{long_site.by_id[id].published_at:%Y-%m}" for id in named(part)} == {month}


def test_an_index_names_another_index(long_site: Site) -> None:
    with Newsroom(long_site, ways=INDEX) as room:
        found = parts(room)
        kinds = [address for address, part in found.items() if part.tag.endswith("sitemapindex")]
        assert kinds == [f"{WWW}/sitemap/index.xml", f"{WWW}/sitemap/archive.xml"]
        below = [one.text or "" for one in found[kinds[1]].iter(f"{SPACE}loc")]
        assert sum(".xml" in one and "20" in one for one in below) == 3
        assert named(found[f"{WWW}/sitemap/sections.xml"]) == []


@pytest.mark.parametrize("ways", [INDEX, VARIED], ids=["plain", "varied"])
def test_news_sitemap_has_two_days_with_their_times(site: Site, ways: Ways) -> None:
    clock = Clock(END - timedelta(hours=3), speed=0)
    with Newsroom(site, clock=clock, ways=ways) as room:
        part = read(room, "/sitemap/news.xml")
        wanted = {id for id in room.published() if id in listed(site)}
        recent = {id for id in wanted if clock.now() - site.by_id[id].published_at < timedelta(days=2, minutes=-1)}
        assert recent <= set(named(part)) <= wanted
        assert len(set(named(part)) - recent) < 5
        titles = [one.text for one in part.iter(f"{NEWS}title")]
        assert titles == [site.by_id[id].title for id in named(part)]
        days = [(one.text or "")[:7] for one in part.iter(f"{NEWS}publication_date")]
        assert set(days) == {"2026-11"}


def test_a_wire_that_runs_over_months_makes_new_parts(long_site: Site) -> None:
    clock = Clock(datetime(2026, 9, 30, 23, 0, tzinfo=KST), speed=0)
    with Newsroom(long_site, clock=clock, ways=INDEX) as room:
        before = set(parts(room))
        clock.advance(timedelta(days=2))
        after = parts(room)
        assert {address[-14:].lstrip("p/").removesuffix(".gz") for address in set(after) - before} == {"2026-10.xml"}
        seen = {id for part in after.values() for id in named(part)}
        assert seen == set(room.published()) & listed(long_site)


def test_lag_gaps_and_size_of_sitemaps(site: Site) -> None:
    ways = Ways(sitemap_lag=(600, 3600), sitemap_missing=0.2, recent_items=60)
    clock = Clock(END - timedelta(hours=20), speed=0)
    with Newsroom(site, clock=clock, ways=ways) as room:
        rows = [named(read(room, f"/sitemap/recent/all_{part}")) for part in (1, 2)]
        assert [len(one) for one in rows] == [60, 60]
        assert not set(rows[0]) & set(rows[1])
        assert all(clock.now() - room.appeared_at(id) >= timedelta(seconds=600) for one in rows for id in one)
        steady = [id for id in room.published() if clock.now() - room.appeared_at(id) > timedelta(seconds=3600)]
        newest = [id for id in reversed(steady) if id in listed(site)][:100]
        assert 0.1 < len(set(newest) - set(rows[0] + rows[1])) / 100 < 0.35
        assert room.named("sitemap") == set(rows[0] + rows[1])


def test_forms_of_sitemaps_vary() -> None:
    dates, addresses = set(), set()
    for seed in range(1, 7):
        site = generate(120, 100, seed, END, cheap=True)
        with Newsroom(site, ways=VARIED) as room:
            found = parts(room)
            assert {id for part in found.values() for id in named(part)} == listed(site)
            for part in found.values():
                shown = [one.text or "" for one in part.iter(f"{SPACE}lastmod")]
                dates |= {re.sub(r"\d", "0", one) for one in shown} or {None}
                addresses |= {re.sub(r"\d{14}", "*", (one.text or "").strip()) for one in part.iter(f"{SPACE}loc")}
    assert dates == {None, "0000-00-00", "0000-00-00T00:00:00+00:00", "0000-00-00T00:00+00:00", "0000-00-00T00:00:00Z"}
    views = {one for one in addresses if "*" in one}
    assert {one.partition("*")[0] for one in views} >= {f"{WWW}/news/view/", "http://www.newspim.com/news/view/"}
    assert any("ref=map&utm_source" in one for one in views)


@pytest.fixture(scope="module")
def harmful(site: Site) -> Ways:
    return Ways(robots_sitemaps="index", bad_sitemaps=frozenset(BAD_SITEMAPS))


def bad(name: str) -> str:
    return f"/sitemap/part-{name}.xml{'.gz' if name == 'zeros' else ''}"


def test_harmful_parts_stand_first_in_the_index(site: Site, harmful: Ways) -> None:
    with Newsroom(site, ways=harmful) as room:
        rows = [(one.text or "").removeprefix(WWW) for one in read(room, "/sitemap/index.xml").iter(f"{SPACE}loc")]
        assert rows[: len(BAD_SITEMAPS)] == [bad(name) for name in BAD_SITEMAPS]
    with Newsroom(site, ways=INDEX) as room:
        assert {ask(room, bad(name))[0] for name in BAD_SITEMAPS} == {404}


def test_a_cut_part_breaks_off(site: Site, harmful: Ways) -> None:
    with Newsroom(site, ways=harmful) as room:
        with pytest.raises(http.client.IncompleteRead):
            ask(room, bad("cut"))
        status, _, body = ask(room, bad("torn"))
        assert status == 200
        assert ID.search(body.decode())
        with pytest.raises(ElementTree.ParseError):
            ElementTree.fromstring(body)


def test_pages_in_the_place_of_a_part(site: Site, harmful: Ways) -> None:
    with Newsroom(site, ways=harmful) as room:
        assert ask(room, bad("404"))[0] == 404
        status, headers, body = ask(room, bad("html"))
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert body.startswith(b"<!DOCTYPE html>")


def test_the_bomb_is_small_until_it_is_read(site: Site, harmful: Ways) -> None:
    with Newsroom(site, ways=harmful) as room:
        body = ask(room, bad("bomb"))[2]
    assert len(body) < 2000
    assert body.count(b"<!ENTITY a") == 10
    assert b"file:///etc/passwd" in body


def test_two_hundred_megabytes_of_zeros_come_as_a_sound_small_file(site: Site, harmful: Ways) -> None:
    with Newsroom(site, ways=harmful) as room:
        body = ask(room, bad("zeros"))[2]
    assert len(body) < 1_000_000
    unpack, count = zlib.decompressobj(31), 0
    while not unpack.eof:
        chunk = unpack.decompress(body, 1 << 20)
        assert not chunk.strip(b"\0")
        count += len(chunk)
        body = unpack.unconsumed_tail
    assert count == ZEROS == 200 * 1024 * 1024


def test_foreign_addresses_and_loops(site: Site, harmful: Ways) -> None:
    with Newsroom(site, ways=harmful) as room:
        rows = [one.text for one in read(room, bad("foreign")).iter(f"{SPACE}loc")]
        assert "file:///etc/passwd" in rows
        assert any(one and "example.com" in one for one in rows)
        assert not {match[1] for one in rows if one and (match := ID.search(one))} & set(site.by_id)
        loop = [one.text for one in read(room, bad("loop")).iter(f"{SPACE}loc")]
        assert loop == [f"{WWW}{bad('loop')}", f"{WWW}/sitemap/index.xml"]
