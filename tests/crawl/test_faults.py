"""What a site can do to a crawler, one fault at a time; the exit code tells the truth of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newscrawl.newsroom import Faults, Newsroom, Site

from .conftest import Crawler
from .truth import differences

With = Callable[..., Newsroom]


def struck(site: Site, kind: str) -> str:
    """A listed article to befall."""
    return next(story.id for story in site.articles if story.listed and story.way != "hidden")


@pytest.mark.parametrize(
    "kind", ["unavailable", "busy", "cut", "slow", "spelling", "cp949", "wrong_charset", "no_charset", "gzip", "huge"]
)
def test_a_fault_that_passes_or_that_can_be_read_loses_nothing(crawl: Crawler, small: Site, kind: str) -> None:
    with Newsroom(small, faults=Faults({kind: [struck(small, kind)]}, retry_after=1)) as room:
        run = crawl(room)
        assert differences(run.records, room.expected()) == []
    assert run.code == 0


@pytest.mark.parametrize("kind", ["gone404", "gone410", "empty", "moved", "offsite", "forbidden"])
def test_an_article_that_is_no_more_or_not_for_us_is_counted_and_is_no_loss(
    crawl: Crawler, small: Site, kind: str
) -> None:
    number = struck(small, kind)
    with Newsroom(small, faults=Faults({kind: [number]})) as room:
        run = crawl(room)
        assert number not in run.ids
        assert differences(run.records, room.expected()) == []
    assert run.code == 0


def test_what_robots_txt_forbids_is_never_fetched(crawl: Crawler, small: Site) -> None:
    number = struck(small, "forbidden")
    with Newsroom(small, faults=Faults({"forbidden": [number]})) as room:
        run = crawl(room)
        paths = [path for _, _, path, _ in room.requests]
    assert f"/news/view/{number}" not in paths
    assert not any(path.startswith(("/search", "/news/preview", "/news/print")) for path in paths)
    assert run.stat("newscrawl/refused") == 1


def test_the_crawl_never_leaves_the_site(crawl: Crawler, small: Site) -> None:
    number = struck(small, "offsite")
    with Newsroom(small, faults=Faults({"offsite": [number]})) as room:
        run = crawl(room)
        hosts = {host for _, host, _, _ in room.requests}
    assert hosts <= {"www.newspim.com", "m.newspim.com", "gam.newspim.com", "newspim.com", "rss.newspim.com"}
    assert run.stat("newscrawl/gone/left_site") == 1


@pytest.mark.parametrize(
    ("kind", "stat"), [("loop", "newscrawl/failed/article/redirect_loop"), ("no_container", "newscrawl/no_container")]
)
def test_a_lost_article_is_said_and_gives_exit_code_1(crawl: Crawler, small: Site, kind: str, stat: str) -> None:
    number = struck(small, kind)
    with Newsroom(small, faults=Faults({kind: [number]})) as room:
        run = crawl(room)
        assert differences(run.records, room.expected()) == []
    assert run.code == 1
    assert run.stat(stat) == 1
    assert number in run.log


def test_a_page_without_a_container_is_kept_for_a_look(crawl: Crawler, small: Site) -> None:
    number = struck(small, "no_container")
    with Newsroom(small, faults=Faults({"no_container": [number]})) as room:
        run = crawl(room)
    kept = run.folder / "data" / "newspim" / "unreadable" / f"{number}.html"
    assert b"<html" in kept.read_bytes()
    assert run.log.count(f"No body container in https://www.newspim.com/news/view/{number}") == 1


def test_a_page_that_stays_unavailable_is_lost(crawl: Crawler, small: Site) -> None:
    number = struck(small, "unavailable")
    with Newsroom(small, faults=Faults({"unavailable": [number]}, times=99)) as room:
        run = crawl(room, "-s", "RETRY_TIMES=1")
    assert run.code == 1
    assert run.stat("newscrawl/failed/article/503") == 1


def test_a_server_that_asks_for_a_pause_gets_it(crawl: Crawler, small: Site) -> None:
    number = struck(small, "busy")
    with Newsroom(small, faults=Faults({"busy": [number]}, retry_after=2), log=None) as room:
        run = crawl(room, "-a", f"urls=https://www.newspim.com/news/view/{number}", "-a", "follow=none", since=None)
    assert run.ids == [number]
    assert float(run.log.split("'elapsed_time_seconds': ")[1].split(",")[0]) >= 2


@pytest.mark.parametrize("robots", ["404", "redirect"])
def test_a_missing_or_moved_robots_txt_ends_nothing(crawl: Crawler, small: Site, robots: str) -> None:
    with Newsroom(small, faults=Faults(robots=robots)) as room:
        run = crawl(room)
        assert differences(run.records, room.expected()) == []
    assert run.code == 0


def test_a_robots_txt_that_answers_5xx_ends_the_run_with_a_clear_line(crawl: Crawler, small: Site) -> None:
    with Newsroom(small, faults=Faults(robots="503")) as room:
        run = crawl(room, "-s", "RETRY_TIMES=1")
        assert {path for _, _, path, _ in room.requests} == {"/robots.txt"}
    assert run.code == 3
    assert "robots.txt answered 503" in run.log
    assert run.records == []


def test_a_site_that_cannot_be_reached_ends_the_run_and_names_the_demo(crawl: Crawler) -> None:
    run = crawl("http://127.0.0.1:9", "-s", "RETRY_TIMES=1")
    assert run.code == 3
    assert "cannot be reached" in run.log
    assert "make demo" in run.log
    assert "Traceback" not in run.log
