"""The server: hosts, spellings, keep-alive, HEAD, the log, and what it expects of a crawl."""

from __future__ import annotations

import http.client
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom, Site
from tests.newsroom.reader import END, ask, links


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("www.newspim.com", "/news/view/{id}"),
        ("newspim.com", "/news/view/{id}/"),
        ("gam.newspim.com", "/news/view/{id}"),
        ("www.newspim.com", "/view.jsp?newsId={id}"),
        ("www.newspim.com", "/newsamp/view/{id}"),
        ("www.newspim.com", "/anda/view/{id}"),
        ("www.newspim.com", "/news/view/{id}?utm_source=app"),
    ],
)
def test_all_spellings_are_one_page(room: Newsroom, site: Site, host: str, path: str) -> None:
    id = site.articles[3].id
    status, _, body = ask(room, path.format(id=id), host)
    assert (status, body) == (200, site.page(id))


def test_mobile_host_has_its_own_template(room: Newsroom, site: Site) -> None:
    body = ask(room, f"/news/view/{site.articles[3].id}", "m.newspim.com")[2]
    assert "기사등록 : " in body.decode()
    assert b"viewcontents" in body


def test_unknown_articles_and_paths_are_404(room: Newsroom) -> None:
    assert ask(room, "/news/view/20991231000001")[0] == 404
    assert ask(room, "/nowhere")[0] == 404


def test_connection_is_kept_and_requests_are_logged_in_order(room: Newsroom, site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=10)
    paths = [f"/news/view/{story.id}" for story in site.articles[:3]]
    for path in paths:
        connection.request("GET", path, headers={"Host": "www.newspim.com"})
        socket = connection.sock
        assert connection.getresponse().read()
        assert connection.sock is socket
    connection.close()
    assert room.requests == [("GET", "www.newspim.com", path, 200) for path in paths]


def test_head_has_the_length_and_no_body(room: Newsroom, site: Site) -> None:
    path = f"/news/view/{site.articles[3].id}"
    status, headers, body = ask(room, path, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(ask(room, path)[2])


def test_other_methods_are_refused(room: Newsroom) -> None:
    assert ask(room, "/", method="DELETE")[0] == 405


def test_log_file_has_a_line_of_json_for_each_request(site: Site, tmp_path: Path) -> None:
    with Newsroom(site, log=tmp_path / "log") as room:
        ask(room, "/quicknews")
    line = json.loads((tmp_path / "log").read_text())
    assert {name: line[name] for name in ("method", "host", "path", "status")} == {
        "method": "GET",
        "host": "www.newspim.com",
        "path": "/quicknews",
        "status": 200,
    }


def test_a_taken_port_is_said_at_start(room: Newsroom, site: Site) -> None:
    with pytest.raises(OSError, match=r"[Aa]ddress already in use"), Newsroom(site, port=room.port):
        pass


def test_a_person_can_click_around(room: Newsroom, site: Site) -> None:
    host = f"127.0.0.1:{room.port}"
    body = ask(room, f"/news/view/{site.articles[3].id}", host)[2]
    assert b'href="https://www.newspim.com' not in body
    assert ask(room, f"/@m.newspim.com/news/view/{site.articles[3].id}", host)[0] == 200


def test_feeds_sitemaps_and_plain_pages_are_there(room: Newsroom, site: Site) -> None:
    newest = site.articles[site.lists["101"][0]]
    assert newest.id.encode() in ask(room, "/news/category/101", "rss.newspim.com")[2]
    assert newest.id.encode() in ask(room, "/sitemap/recent/all_1")[2]
    for address in links(site.front())[:10]:
        assert ask(room, address.removeprefix("https://www.newspim.com"))[0] == 200


def test_expected_keeps_to_the_period(room: Newsroom, site: Site) -> None:
    since = END - timedelta(days=1)
    expected = room.expected(since=since)
    assert expected
    assert all(site.by_id[id].published_at >= since for id in expected)
    day = room.expected(since=date(2026, 11, 19), until=date(2026, 11, 19))
    assert {site.by_id[id].published_at.date() for id in day} == {date(2026, 11, 19)}


def test_expected_keeps_to_the_sections(room: Newsroom, site: Site) -> None:
    expected = room.expected(sections=["정치", "105"])
    assert {site.by_id[id].section for id in expected} == {"101", "105"}


def test_expected_without_following_has_what_lists_and_top_bar_name(room: Newsroom, site: Site) -> None:
    assert {site.by_id[id].way for id in room.expected(follow=())} == {"list", "topbar"}
    assert {site.by_id[id].way for id in room.expected(follow=(), topbar=False)} == {"list"}


def test_expected_says_what_is_missing_and_unwanted(room: Newsroom, site: Site) -> None:
    expected = room.expected()
    kept = next(id for id in expected if id in expected.twins)
    other = expected.twins[kept]
    exported = [id for id in expected if id != kept]
    assert expected.missing(exported) == {kept}
    assert expected.missing([*exported, other]) == set()
    assert expected.unwanted([*exported, other]) == set()
    assert expected.unwanted([*expected, other]) == {other}
    assert expected.unwanted([*expected, site.hidden[0]]) == {site.hidden[0]}


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_there_is_not_is_refused(site: Site, port: int) -> None:
    with pytest.raises(ValueError, match=f"port {port}"):
        Newsroom(site, port)
