"""ETag and Last-Modified, and conditional requests over a real socket."""

from __future__ import annotations

import gzip
import http.client
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from newscrawl.newsroom import Faults, Newsroom, Site, generate
from newscrawl.newsroom.validators import NAMES, http_date
from tests.newsroom.reader import END, ask


@pytest.fixture
def site() -> Site:
    """One of the test's own: it is changed."""
    return generate(articles=60, days=2, seed=3, end=END)


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("none", set()),
        ("etag", {"ETag"}),
        ("weak", {"ETag"}),
        ("last-modified", {"Last-Modified"}),
        ("both", {"ETag", "Last-Modified"}),
    ],
)
def test_articles_have_the_validators_of_their_name(site: Site, name: str, headers: set[str]) -> None:
    with Newsroom(site, validators=name) as room:
        given = ask(room, f"/news/view/{site.articles[3].id}")[1]
        assert given.keys() & {"ETag", "Last-Modified"} == headers
        assert given.get("ETag", "").startswith("W/") == (name == "weak")
        for path in ("/", "/news/lists?category_cd=1", "/news/view/20991231000001"):
            assert not ask(room, path)[1].keys() & {"ETag", "Last-Modified"}


def test_unknown_validators_are_refused(site: Site) -> None:
    with pytest.raises(ValueError, match=f"unknown validators: md5; known: {', '.join(NAMES)}"):
        Newsroom(site, validators="md5")


# {tag}: the page's own, as it stands; {bare}: it without W/; {at}, {before}, {after}: its Last-Modified, a second less and more.
CASES = [
    ({}, "etag", 200),
    ({"If-None-Match": "{tag}"}, "etag", 304),
    ({"If-None-Match": "W/{tag}"}, "etag", 304),
    ({"If-None-Match": "{bare}"}, "weak", 304),
    ({"If-None-Match": "{tag}"}, "weak", 304),
    ({"If-None-Match": '"other", W/"another",{tag}'}, "etag", 304),
    ({"If-None-Match": '"other"'}, "etag", 200),
    ({"If-None-Match": '"other, {bare}'}, "etag", 304),
    ({"If-None-Match": "*"}, "etag", 304),
    ({"If-None-Match": ""}, "etag", 200),
    ({"If-None-Match": "unquoted"}, "etag", 200),
    ({"If-Modified-Since": "{after}"}, "etag", 200),
    ({"If-Modified-Since": "{at}"}, "last-modified", 304),
    ({"If-Modified-Since": "{after}"}, "last-modified", 304),
    ({"If-Modified-Since": "{before}"}, "last-modified", 200),
    ({"If-Modified-Since": "yesterday"}, "last-modified", 200),
    ({"If-Modified-Since": "2026-12-24T00:00:00Z"}, "last-modified", 200),
    ({"If-Modified-Since": "Thu, 31 Feb 2030 00:00:00 GMT"}, "last-modified", 200),
    ({"If-Modified-Since": "Thu, 24 Dec 2026 00:00:00 +0900"}, "last-modified", 200),
    ({"If-Modified-Since": "Thursday, 24-Dec-26 00:00:00 GMT"}, "last-modified", 304),
    ({"If-Modified-Since": "Thu Dec 24 00:00:00 2026"}, "last-modified", 304),
    ({"If-None-Match": '"other"', "If-Modified-Since": "{after}"}, "both", 200),
    ({"If-None-Match": "{tag}", "If-Modified-Since": "{before}"}, "both", 304),
    ({"If-Modified-Since": "{at}"}, "both", 304),
    ({"If-None-Match": '"other"', "If-Modified-Since": "{after}"}, "last-modified", 200),
    ({"If-None-Match": "*", "If-Modified-Since": "{after}"}, "none", 200),
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("asked", "name", "expected"), CASES)
def test_conditional_requests(site: Site, method: str, asked: dict[str, str], name: str, expected: int) -> None:
    story = site.articles[3]
    path, made = f"/news/view/{story.id}", site.made_at(story.id)
    moments = {"at": made, "before": made.replace(year=2025), "after": made.replace(year=2027)}
    shown = {word: format_datetime(moment.astimezone(UTC), usegmt=True) for word, moment in moments.items()}
    with Newsroom(site, validators=name) as room:
        whole = ask(room, path)
        tag = whole[1].get("ETag", "")
        headers = {one: value.format(tag=tag, bare=tag.removeprefix("W/"), **shown) for one, value in asked.items()}
        status, given, body = ask(room, path, method=method, **headers)
        assert status == expected
        for validator in ("ETag", "Last-Modified"):
            assert given.get(validator) == whole[1].get(validator)
        if expected == 304:
            assert body == b""
            assert "Content-Length" not in given
        else:
            assert body == (whole[2] if method == "GET" else b"")
        assert room.requests[-1] == (method, "www.newspim.com", path, expected)


def test_a_connection_goes_on_after_304(site: Site) -> None:
    path = f"/news/view/{site.articles[3].id}"
    with Newsroom(site, validators="etag") as room:
        _, headers, page = ask(room, path)
        connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=10)
        for asked, status, body in (({"If-None-Match": headers["ETag"]}, 304, b""), ({}, 200, page)):
            connection.request("GET", path, headers={"Host": "www.newspim.com", **asked})
            response = connection.getresponse()
            assert (response.status, response.read()) == (status, body)
        connection.close()


def test_a_header_in_two_lines_is_one_list(site: Site) -> None:
    path = f"/news/view/{site.articles[3].id}"
    with Newsroom(site, validators="etag") as room:
        tag = ask(room, path)[1]["ETag"]
        connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=10)
        connection.putrequest("GET", path, skip_host=True)
        for name, value in (("Host", "www.newspim.com"), ("If-None-Match", tag), ("If-None-Match", '"other"')):
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == 304
        connection.close()


@pytest.mark.parametrize("kind", ["title", "space", "frame", "modified"])
def test_an_edit_makes_new_validators(site: Site, kind: str) -> None:
    story = site.articles[3]
    path = f"/news/view/{story.id}"
    with Newsroom(site, validators="both") as room:
        before = ask(room, path)[1]
        made = parsedate_to_datetime(before["Last-Modified"])
        assert made == (story.modified_at or story.published_at)
        site.edit(story.id, kind)
        after = ask(room, path, If_None_Match=before["ETag"])
        assert after[0] == 200
        assert after[1]["ETag"] != before["ETag"]
        assert parsedate_to_datetime(after[1]["Last-Modified"]) > made
        assert ask(room, path, If_Modified_Since=before["Last-Modified"])[0] == 200
        assert ask(room, path, If_Modified_Since=after[1]["Last-Modified"])[0] == 304


def test_each_host_has_validators_of_its_own_page(site: Site) -> None:
    path = f"/news/view/{site.articles[3].id}"
    with Newsroom(site, validators="etag") as room:
        hosts = ("www.newspim.com", "m.newspim.com", f"127.0.0.1:{room.port}")
        assert len({ask(room, path, host)[1]["ETag"] for host in hosts}) == 3
        assert all(ask(room, path, host, If_None_Match=ask(room, path, host)[1]["ETag"])[0] == 304 for host in hosts)


@pytest.mark.parametrize("kind", ["unavailable", "busy"])
def test_passing_trouble_comes_before_304(site: Site, kind: str) -> None:
    id = site.articles[3].id
    with Newsroom(site, faults=Faults({kind: [id]}), validators="etag") as room:
        status, headers, _ = ask(room, f"/news/view/{id}", If_None_Match="*")
        assert status in (429, 503)
        assert "ETag" not in headers
        assert ask(room, f"/news/view/{id}", If_None_Match="*")[0] == 304


def test_a_cut_page_is_cut_whatever_is_asked_and_has_the_validators_of_the_whole(site: Site) -> None:
    path = f"/news/view/{site.articles[3].id}"
    with Newsroom(site, faults=Faults({"cut": [site.articles[3].id]}), validators="etag") as room:
        with pytest.raises(http.client.IncompleteRead):
            ask(room, path, If_None_Match="*")
        assert ask(room, path, If_None_Match="*")[0] == 304


def test_a_redirect_stays_a_redirect(site: Site) -> None:
    with Newsroom(site, faults=Faults({"spelling": 5, "moved": 5}), validators="both") as room:
        for id in room.faults:
            status, headers, _ = ask(
                room, f"/news/view/{id}", If_None_Match="*", If_Modified_Since="Thu Dec 24 00:00:00 2026"
            )
            assert status in (301, 302, 307, 308)
            assert not headers.keys() & {"ETag", "Last-Modified"}


def test_validators_are_of_what_is_sent(site: Site) -> None:
    ids = [story.id for story in site.articles[:2]]
    with Newsroom(site, faults=Faults({"gzip": ids[:1], "cp949": ids[1:]}), validators="etag") as room:
        plain, packed = (ask(room, f"/news/view/{ids[0]}", Accept_Encoding=how) for how in ("identity", "gzip"))
        assert gzip.decompress(packed[2]) == plain[2]
        assert plain[1]["ETag"] != packed[1]["ETag"]
        status, headers, body = ask(
            room, f"/news/view/{ids[0]}", Accept_Encoding="gzip", If_None_Match=packed[1]["ETag"]
        )
        assert (status, headers["ETag"], body) == (304, packed[1]["ETag"], b"")
        old = ask(room, f"/news/view/{ids[1]}")[1]["ETag"]
        assert ask(room, f"/news/view/{ids[1]}", If_None_Match=old)[0] == 304
    with Newsroom(site, validators="etag") as room:
        assert ask(room, f"/news/view/{ids[1]}")[1]["ETag"] != old


def test_a_page_that_is_empty_by_fault_is_never_unchanged(site: Site) -> None:
    id = site.articles[3].id
    with Newsroom(site, faults=Faults({"empty": [id]}), validators="both") as room:
        assert ask(room, f"/news/view/{id}", If_None_Match="*")[0] == 200


@pytest.mark.parametrize(
    "shown", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_dates_have_three_forms(shown: str) -> None:
    assert http_date(shown) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
