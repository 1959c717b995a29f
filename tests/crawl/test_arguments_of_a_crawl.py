"""The spider's arguments, as a user gives them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.korean import KST
from newscrawl.newsroom import Faults, Newsroom, Site, generate

from .conftest import Crawler, scrapy
from .truth import differences


@pytest.mark.parametrize(
    ("argument", "names"),
    [
        ("sinse=7d", "since"),
        ("since=yesterday", "since"),
        ("until=2026-13-01", "until"),
        ("sections=정치,없는면", "없는면"),
        ("follow=everything", "follow"),
        ("urls=https://example.com/news/view/20261120000001", "urls"),
        ("urls=@/no/such/file", "/no/such/file"),
    ],
)
def test_a_wrong_argument_ends_the_run_at_once_with_a_line_that_names_it(
    tmp_path: Path, argument: str, names: str
) -> None:
    nowhere = {"NEWSCRAWL_NEWSROOM": "http://127.0.0.1:9", "NEWSCRAWL_DATA_DIR": str(tmp_path)}
    done = scrapy("crawl", "newspim", "-a", argument, **nowhere)
    assert done.returncode == 2
    assert names in done.stderr.splitlines()[-1]
    assert "Spider opened" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_job_that_scrapyd_passes_is_no_unknown_argument(crawl: Crawler, room: Newsroom) -> None:
    assert crawl(room, "-a", "_job=0123abcd").code == 0


def test_since_and_until_bound_the_time_of_publication(crawl: Crawler, room: Newsroom) -> None:
    since, until = datetime(2026, 11, 19, 12, tzinfo=KST), datetime(2026, 11, 20, 9, tzinfo=KST)
    run = crawl(room, "-a", "until=2026-11-20T09:00", since="2026-11-19T12:00")
    assert run.records
    assert differences(run.records, room.expected(since=since, until=until)) == []


def test_the_default_is_the_last_day(crawl: Crawler) -> None:
    now = datetime.now(KST)
    site = generate(articles=60, days=3, seed=3, end=now)
    with Newsroom(site, faults=Faults.none()) as room:
        run = crawl(room, since=None)
    ages = [now - datetime.fromisoformat(record["published_at"]) for record in run.records]
    assert ages
    assert max(ages) < timedelta(hours=24, minutes=5)
    assert any(now - story.published_at > timedelta(days=2) for story in site.articles)
    assert run.code == 0


def test_follow_none_takes_nothing_that_only_articles_link_to(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room, "-a", "follow=none")
    assert not {record["found"]["via"] for record in run.records} & {"related", "sidebar"}
    assert differences(run.records, room.expected(follow=())) == []


@pytest.mark.parametrize("follow", ["related", "sidebar"])
def test_follow_takes_one_way_alone(crawl: Crawler, room: Newsroom, follow: str) -> None:
    run = crawl(room, "-a", f"follow={follow}")
    assert differences(run.records, room.expected(follow=(follow,))) == []


@pytest.mark.parametrize("sections", ["정치", "101", "정치,105"])
def test_sections_take_their_articles_only(crawl: Crawler, room: Newsroom, small: Site, sections: str) -> None:
    run = crawl(room, "-a", f"sections={sections}")
    codes = {"101", "105"} if "105" in sections else {"101"}
    expected = room.expected(sections=codes, topbar=False)
    assert run.records
    assert expected.missing(run.ids) == set()
    for number in run.ids:  # also an article that says no section, if the section's list names it
        story = small.by_id[number]
        assert codes & {story.section, story.subsection, *story.sections}


def test_urls_are_taken_in_any_spelling_and_nothing_else(
    crawl: Crawler, room: Newsroom, small: Site, tmp_path: Path
) -> None:
    one, two = [story.id for story in small.articles if story.listed][:2]
    named = tmp_path / "urls.txt"
    named.write_text(
        f"# two articles\nhttp://m.newspim.com/news/view/{one}?utm_source=x\n\nnewspim.com/view.jsp?newsId={two}\n",
        encoding="utf-8",
    )
    run = crawl(room, "-a", f"urls=@{named}", since=None)
    assert sorted(run.ids) == sorted((one, two))
    assert {record["found"]["via"] for record in run.records} == {"argument"}
    robots, *pages = [path for _, _, path, _ in room.requests]
    assert (robots, sorted(pages)) == ("/robots.txt", sorted((f"/news/view/{one}", f"/news/view/{two}")))


def test_a_link_whose_date_lies_before_the_period_is_not_fetched(crawl: Crawler, room: Newsroom) -> None:
    crawl(room, since="2026-11-20")
    days = {path.removeprefix("/news/view/")[:8] for _, _, path, _ in room.requests if path.startswith("/news/view/")}
    assert min(days) >= "20261117"
