"""`scrapy parse-page`, for a page on the disk and for one of the site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate

from .conftest import END, scrapy


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(generate(articles=20, days=1, seed=3, end=END), faults=Faults.none()) as room:
        yield room


def test_a_file_is_explained_and_nothing_is_asked_of_the_site(room: Newsroom, tmp_path: Path) -> None:
    story = room.site.articles[0]
    path = tmp_path / f"{story.id}.html"
    path.write_bytes(room.desk.answer("www.newspim.com", f"/news/view/{story.id}").body)
    done = scrapy("parse-page", str(path), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["record"]["id"], found["why"]) == (f"newspim:{story.id}", None)
    assert found["record"]["title"] == room.site.truth(story.id)["title"]
    assert {name for name, _ in found["layers"]["title"]} >= {"og:title", "title"}


def test_a_page_of_the_site_is_asked_for_as_a_crawl_would_and_leaves_nothing(room: Newsroom, tmp_path: Path) -> None:
    story = room.site.articles[1]
    before = len(room.requests)
    settings = ("-s", f"NEWSCRAWL_NEWSROOM={room.url}", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path / 'data'}")
    done = scrapy("parse-page", f"https://www.newspim.com/news/view/{story.id}", *settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"https://www.newspim.com/news/view/{story.id}")
    assert " -> " in done.stdout
    assert [request.path for request in room.requests[before:]] == ["/robots.txt", f"/news/view/{story.id}"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("{tmp}/nothing.html",), "No such file"),
        (("{tmp}/page.html",), "--id takes the fourteen digits"),
        (("{tmp}/page.html", "--site", "elsewhere"), "there is no site 'elsewhere'"),
        (("{tmp}/page.html", "--id", "20261120000001999"), "takes the fourteen digits"),
        (("https://other.example/20261120000001",), "is no address of an article of newspim"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_line(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    (tmp_path / "page.html").write_text("<html></html>")
    done = scrapy("parse-page", *(argument.format(tmp=tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
