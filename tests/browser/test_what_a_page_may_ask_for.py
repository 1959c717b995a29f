"""What a page in the browser gets of what it asks for, and what is kept of it."""

from __future__ import annotations

import pytest

from newscrawl.browser.asked import Answer, Asked, answer
from newscrawl.browser.kept import MOST_BYTES, OLDEST, Fetched, Kept
from newscrawl.spiders.newspim import NEWSPIM

PAGE = "https://www.newspim.com/news/view/20260911000123"
LIBRARIES = frozenset(("code.jquery.com",))


def got(asked: Asked, *, first: bool = False) -> Answer:
    return answer(asked, PAGE, NEWSPIM, LIBRARIES, first=first)


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("script", "https://www.newspim.com/js/site.js"),
        ("xhr", "https://api.newspim.com/v2/contents/1.json"),
        ("fetch", "http://newspim.com/body?no=1"),
        ("script", "https://code.jquery.com/jquery.js"),
    ],
)
def test_scripts_and_what_they_ask_the_site_for_are_fetched(kind: str, url: str) -> None:
    assert got(Asked("GET", kind, url)) is Answer.FETCH


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        *(
            (kind, "https://www.newspim.com/a")
            for kind in ("image", "stylesheet", "font", "media", "ping", "eventsource")
        ),
        *((kind, "https://www.newspim.com/a") for kind in ("websocket", "manifest", "frame", "other", "document")),
        ("script", "https://ads.example.net/show.js"),
        ("script", "https://ad.newspim.com/show.js"),
        ("script", "https://newspim.com.example.net/site.js"),
        ("script", "https://notnewspim.com/site.js"),
        ("script", "https://www.newspim.com:8080/site.js"),
        ("script", "https://www.newspim.com:x/site.js"),
        ("script", "https://me@www.newspim.com/site.js"),
        ("script", "ftp://www.newspim.com/site.js"),
        ("script", "http://127.0.0.1/site.js"),
        ("fetch", "https://www.newspim.com/search/body?no=1"),
        ("fetch", "https://code.jquery.com/collect"),
    ],
)
def test_all_else_is_refused(kind: str, url: str) -> None:
    assert got(Asked("GET", kind, url)) is Answer.REFUSE


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_nothing_is_sent_to_the_site(method: str) -> None:
    assert got(Asked(method, "fetch", "https://www.newspim.com/api")) is Answer.REFUSE


def test_the_page_is_given_once_and_leads_nowhere_else() -> None:
    assert got(Asked("GET", "document", PAGE, navigates=True), first=True) is Answer.PAGE
    assert (
        got(Asked("GET", "document", PAGE, navigates=True)) is Answer.REFUSE
    )  # a script that loads it again, and again
    assert got(Asked("GET", "document", "https://www.newspim.com/", navigates=True), first=True) is Answer.REFUSE


# What is kept


def fetched(size: int) -> Fetched:
    return Fetched(200, {}, b"x" * size)


def test_what_was_not_used_for_the_longest_time_makes_room() -> None:
    kept = Kept(most=10)
    for name in "abc":
        kept.add(name, fetched(3))
    assert kept.get("a")
    kept.add("d", fetched(3))
    assert [name for name in "abcd" if kept.get(name)] == ["a", "c", "d"]


def test_a_script_that_is_larger_than_all_room_is_not_kept() -> None:
    kept = Kept()
    kept.add("a", fetched(10))
    kept.add("b", fetched(MOST_BYTES + 1))
    assert kept.get("a")
    assert kept.get("b") is None


def test_the_same_script_twice_takes_its_room_once() -> None:
    kept = Kept(most=10)
    for _ in range(5):
        kept.add("a", fetched(4))
    kept.add("b", fetched(4))
    assert kept.get("a")


def test_after_an_hour_a_script_is_fetched_anew() -> None:
    now = [0.0]
    kept = Kept(now=lambda: now[0])
    kept.add("a", fetched(1))
    now[0] = OLDEST
    assert kept.get("a")
    now[0] = OLDEST + 1
    assert kept.get("a") is None
