"""The faults: each does what its name says, and the expectation knows of it."""

from __future__ import annotations

import gzip
import http.client
from urllib.parse import urlsplit

import pytest

from newscrawl.newsroom import Faults, Newsroom, Site, generate
from newscrawl.newsroom.faults import KINDS, LOST
from tests.newsroom.reader import END, ask, ids, walk


def victim(room: Newsroom, kind: str) -> str:
    return next(id for id, name in room.faults.items() if name == kind)


def test_names_are_checked() -> None:
    with pytest.raises(ValueError, match="unknown fault: gremlins"):
        Faults({"gremlins": 0.1})
    with pytest.raises(ValueError, match=r"unknown robots\.txt: 418"):
        Faults(robots="418")


def test_ids_are_checked(site: Site) -> None:
    with pytest.raises(ValueError, match="no such article"):
        Newsroom(site, faults=Faults({"slow": ["20000101000001"]}))


@pytest.mark.parametrize(("kind", "status"), [("unavailable", 503), ("busy", 429)])
def test_passing_trouble_passes(site: Site, kind: str, status: int) -> None:
    with Newsroom(site, faults=Faults({kind: 1}, times=2, retry_after=7)) as room:
        id = victim(room, kind)
        answers = [ask(room, f"/news/view/{id}") for _ in range(3)]
    assert [answer[0] for answer in answers] == [status, status, 200]
    assert answers[0][1].get("Retry-After") == ("7" if kind == "busy" else None)
    assert answers[2][2] == site.page(id)


def test_cut_body_is_shorter_than_promised_and_comes_whole_the_next_time(site: Site) -> None:
    with Newsroom(site, faults=Faults({"cut": 1})) as room:
        id = victim(room, "cut")
        with pytest.raises(http.client.IncompleteRead):
            ask(room, f"/news/view/{id}")
        assert ask(room, f"/news/view/{id}")[2] == site.page(id)


def test_slow_page_comes(site: Site) -> None:
    with Newsroom(site, faults=Faults({"slow": 1}, delay=0.05)) as room:
        id = victim(room, "slow")
        assert ask(room, f"/news/view/{id}")[2] == site.page(id)


def test_redirect_to_a_spelling_ends_at_the_same_article(site: Site) -> None:
    with Newsroom(site, faults=Faults({"spelling": 12})) as room:
        for id in room.faults:
            status, headers, _ = ask(room, f"/news/view/{id}")
            assert status in (301, 302, 307, 308)
            parts = urlsplit(headers["Location"])
            host = parts.netloc or "www.newspim.com"
            status, _, body = ask(room, f"{parts.path}?{parts.query}".rstrip("?"), host)
            assert (status, body) == (200, site.page(id, host))
            assert room.expected()[id] == site.truth(id, host)


def test_moved_article_is_another_one_that_is_there(site: Site) -> None:
    with Newsroom(site, faults=Faults({"moved": 3})) as room:
        for id in room.faults:
            target = ask(room, f"/news/view/{id}")[1]["Location"][-14:]
            assert target != id
            assert ask(room, f"/news/view/{target}")[0] == 200
            assert id not in room.expected()
            assert target in room.expected()


def test_loop_ends_where_it_began(site: Site) -> None:
    with Newsroom(site, faults=Faults({"loop": 1})) as room:
        id = victim(room, "loop")
        first = ask(room, f"/news/view/{id}")[1]["Location"]
        second = ask(room, first.removeprefix("https://www.newspim.com"))[1]["Location"]
        assert second == f"https://www.newspim.com/news/view/{id}"


def test_charsets_are_wrong_missing_or_old(site: Site) -> None:
    with Newsroom(site, faults=Faults({"cp949": 4, "wrong_charset": 4, "no_charset": 2})) as room:
        for id, kind in room.faults.items():
            _, headers, body = ask(room, f"/news/view/{id}")
            title = (
                site.by_id[id].title.split("…")[0].encode("cp949" if kind == "cp949" else "utf-8", "xmlcharrefreplace")
            )
            assert title.split(b"&")[0].split(b'"')[0] in body
            if kind == "wrong_charset":
                assert "utf-8" not in headers["Content-Type"]
            if kind == "no_charset":
                assert headers["Content-Type"] == "text/html"
                assert b"charset" not in body[:2000]


@pytest.mark.parametrize(
    ("kind", "status"), [("gone404", 404), ("gone410", 410), ("empty", 200), ("no_container", 200)]
)
def test_lost_articles_are_not_expected(site: Site, kind: str, status: int) -> None:
    with Newsroom(site, faults=Faults({kind: 2})) as room:
        for id in room.faults:
            answer = ask(room, f"/news/view/{id}")
            assert answer[0] == status
            assert id not in room.expected()
            if kind == "empty":
                assert b'content="T:00+09:00"' in answer[2]
                assert ids(answer[2]) == set()
            if kind == "no_container":
                assert site.by_id[id].title.split("…")[0][:8].split('"')[0].encode() in answer[2]
                assert not any(name in answer[2] for name in (b"news-contents", b"news_contents"))


def test_huge_page_is_a_megabyte(site: Site) -> None:
    with Newsroom(site, faults=Faults({"huge": 1})) as room:
        assert 1_000_000 <= len(ask(room, f"/news/view/{victim(room, 'huge')}")[2]) < 1_100_000


def test_gzip_is_for_those_who_accept_it(site: Site) -> None:
    with Newsroom(site, faults=Faults({"gzip": 1})) as room:
        id = victim(room, "gzip")
        _, headers, body = ask(room, f"/news/view/{id}", Accept_Encoding="gzip, deflate")
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == site.page(id)
        assert ask(room, f"/news/view/{id}", Accept_Encoding="identity")[2] == site.page(id)


def test_list_pages_can_be_unavailable_at_first(site: Site) -> None:
    with Newsroom(site, faults=Faults(lists=1.0)) as room:
        assert [ask(room, "/news/lists?category_cd=1&page=20")[0] for _ in range(2)] == [503, 200]


def test_robots_txt_is_the_real_one_and_forbids_what_it_should(site: Site) -> None:
    with Newsroom(site, faults=Faults({"forbidden": 2})) as room:
        lines = ask(room, "/robots.txt")[2].decode().splitlines()
        assert lines[:5] == [
            "User-agent: *",
            "Disallow: /search",
            "Disallow: /news/preview",
            "Disallow: /news/print",
            "Allow: /news/view",
        ]
        assert lines[5:] == [f"Disallow: /news/view/{id}" for id in room.faults]
        assert not set(room.faults) & set(room.expected())


def test_robots_txt_can_be_missing_broken_or_elsewhere(site: Site) -> None:
    with Newsroom(site, faults=Faults({"forbidden": 2}, robots="404")) as room:
        assert ask(room, "/robots.txt")[0] == 404
        assert set(room.faults) <= set(room.expected())
    with Newsroom(site, faults=Faults(robots="503")) as room:
        assert ask(room, "/robots.txt")[0] == 503
        assert len(room.expected()) == 0
    with Newsroom(site, faults=Faults(robots="redirect")) as room:
        status, headers, _ = ask(room, "/robots.txt")
        assert status == 301
        assert b"Disallow: /search" in ask(room, headers["Location"])[2]


def test_mixed_has_every_kind_and_the_expectation_follows_the_links_that_are_left(site: Site) -> None:
    with Newsroom(site, faults=Faults.mixed(share=0.2)) as room:
        assert set(room.faults.values()) == set(KINDS)
        expected = room.expected()
        assert not any(room.faults.get(id) in LOST for id in expected)
        calm = Newsroom(site).expected()
        lost = set(calm) - set(expected)
        gone = {id for id in lost if room.faults.get(id) in LOST}
        # What is lost without a fault of its own was named only by pages that are gone.
        for id in lost - gone:
            found = site.found(id)
            assert not found.listed
            assert not found.topbar


def test_walk_of_a_site_with_gone_pages_ends_where_the_expectation_does() -> None:
    with Newsroom(generate(200, 2, 5, END), faults=Faults({"gone404": 0.1, "empty": 0.1, "no_container": 0.1})) as room:
        expected = room.expected()
        named = {id for id in walk(room) if room.faults.get(id) not in LOST}
        assert named == set(expected) | set(expected.twins)
