"""How the crawler behaves on a site: its name, its pace."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from newscrawl.newsroom import Faults, Newsroom, Site

from .conftest import Crawler, scrapy


def test_by_default_requests_are_one_at_a_time_and_1_2_seconds_apart(
    crawl: Crawler, small: Site, tmp_path: Path
) -> None:
    log = tmp_path / "requests.jsonl"
    numbers = [story.id for story in small.articles if story.listed][:4]
    with Newsroom(small, faults=Faults.none(), log=log) as room:
        urls = ",".join(f"https://www.newspim.com/news/view/{number}" for number in numbers)
        run = crawl(room, "-a", f"urls={urls}", pace=(), since=None)
    assert len(run.records) == 4
    times = [json.loads(line)["at"] for line in log.read_text(encoding="utf-8").splitlines()]
    assert len(times) == 5  # robots.txt too
    assert min(later - earlier for earlier, later in pairwise(times[1:])) >= 1.15


def test_the_user_agent_has_name_version_and_contact() -> None:
    done = scrapy("settings", "--get", "ROBOTSTXT_USER_AGENT")
    assert done.stdout.strip() == "newscrawl"


def test_the_contact_stands_in_the_user_agent(crawl: Crawler, room: Newsroom) -> None:
    contact = ("-s", "NEWSCRAWL_CONTACT=desk@example.org", "-s", "LOG_LEVEL=DEBUG")  # which shows the settings
    run = crawl(room, *contact, "-a", "follow=none", since="2026-11-20T17:00")
    assert "(news crawler; desk@example.org)" in run.log


def test_with_a_handler_of_ones_own_all_requests_go_to_the_newsroom_through_it(crawl: Crawler, room: Newsroom) -> None:
    handler = "tests.crawl.handlers.Counting"
    own = json.dumps({"http": handler, "https": handler})  # on the command line, above all that the project sets
    run = crawl(room, "-s", f"DOWNLOAD_HANDLERS={own}", "-a", "follow=none", since="2026-11-20T17:00")
    assert run.records
    assert run.stat("asked/127.0.0.1") == run.stat("downloader/request_count")
