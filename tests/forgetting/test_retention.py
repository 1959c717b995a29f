"""NEWSCRAWL_RETENTION: what is older than so much goes in the same way, by the command and after a run."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl.commands.crawl import check_reach
from newscrawl.forgetting.expiry import expire, is_due
from newscrawl.forgetting.retention import cut, retention
from newscrawl.items import Article
from newscrawl.korean import KST
from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.record import line
from newscrawl.state import Entry, Journal
from tests import states
from tests.crawl.conftest import ALL, PACE, scrapy

from .folder import SITE, Folder, about, left, places, run

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=KST)


def aged(place: int, days: int) -> Article:
    """An article of so many days ago."""
    one, at = about(place), NOW - timedelta(days=days)
    one.id, one.published_at = f"newspim:{at:%Y%m%d}{place:06}", at
    one.url = f"https://www.newspim.com/news/view/{one.id[-14:]}"
    return one


def write(folder: Path, name: str, *articles: Article, origin: str = "the site") -> None:
    journal = Journal(states.database(folder), folder / name, origin)
    journal.begin("newspim", "{}", None)
    for one in articles:
        journal.write(Entry(int(one.id[-14:]), bytes(14) + one.id[-2:].encode(), line(one)))
    journal.commit()
    journal.end("finished", {})


@pytest.fixture
def kept(tmp_path: Path, engine: str) -> Folder:
    """Articles of 1, 20 and 40 days, in three feeds."""
    folder = Folder(tmp_path)
    folder.path.mkdir(parents=True)
    write(folder.path, "a.jsonl", aged(1, 40))
    write(folder.path, "b.jsonl", aged(2, 40), aged(3, 20))
    write(folder.path, "c.jsonl", aged(4, 1))
    return folder


def test_what_is_older_goes_and_feeds_of_which_nothing_is_left(kept: Folder) -> None:
    database = kept.database
    report = expire(kept.path, database, SITE, NOW, "30d")
    assert len(report.numbers) == 2
    assert kept.lines() == [line(aged(3, 20)), line(aged(4, 1))]
    assert not (kept.path / "a.jsonl").exists()
    assert left(kept, aged(1, 40), aged(2, 40)) == []
    assert expire(kept.path, database, SITE, NOW, "30d").numbers == []
    database.close()


def test_a_dry_run_touches_nothing(kept: Folder) -> None:
    before = kept.lines()
    database = kept.database
    assert len(expire(kept.path, database, SITE, NOW, "10d", dry=True).numbers) == 3
    database.close()
    assert kept.lines() == before


def test_archives_of_runs_that_ended_before_go_whole(kept: Folder) -> None:
    archive = kept.path / "warc" / "old.warc.gz"
    archive.parent.mkdir()
    archive.write_bytes(b"")
    database = kept.database
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE runs SET ended_at = 1 WHERE id = 1")
        connection.exec_driver_sql(
            "INSERT INTO archives (run, path, size, finished) VALUES (1, 'warc/old.warc.gz', 0, 1)"
        )
    expire(kept.path, database, SITE, NOW, "30d")
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM archives").scalar() == 0
    database.close()
    assert not archive.exists()


def test_old_archives_go_also_when_no_article_has_expired_since(kept: Folder) -> None:
    """They have pages of articles that nobody had asked for."""
    database = kept.database
    expire(kept.path, database, SITE, NOW, "30d")
    (kept.path / "old.warc.gz").write_bytes(b"")
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE runs SET ended_at = 1 WHERE id = 1")
        connection.exec_driver_sql("INSERT INTO archives (run, path, size, finished) VALUES (1, 'old.warc.gz', 0, 1)")
    report = expire(kept.path, database, SITE, NOW, "30d")
    database.close()
    assert not (kept.path / "old.warc.gz").exists()
    assert report.numbers == []
    assert report.touched[1].notes == ["1 old archives were removed whole"]


def test_of_more_articles_than_words_are_looked_for_all_go(tmp_path: Path, engine: str) -> None:
    folder = Folder(tmp_path)
    folder.path.mkdir(parents=True)
    old = [aged(place, 400) for place in range(100, 220)]
    write(folder.path, "a.jsonl", *old, aged(1, 1))
    database = folder.database
    report = expire(folder.path, database, SITE, NOW, "365d")
    database.close()
    assert (len(report.numbers), report.searched) == (120, None)
    assert folder.lines() == [line(aged(1, 1))]
    assert left(folder, old[0], old[-1]) == []


def test_it_is_due_once_a_day_and_not_while_a_run_goes_on(kept: Folder) -> None:
    database = kept.database
    assert [is_due(database, SITE, at) for at in (100_000, 100_001, 186_399, 186_400, 90_000)] == [
        True,
        False,
        False,
        True,
        True,
    ]
    journal = run(kept.path, "now.jsonl", ends=False)
    assert not is_due(database, SITE, 900_000)
    journal.end("finished", {})
    database.close()


def test_a_run_removes_at_its_end_what_has_expired(tmp_path: Path, engine: str) -> None:
    folder = Folder(tmp_path)
    folder.path.mkdir(parents=True)
    write(folder.path, "a.jsonl", aged(1, 400), origin="a newsroom")
    with Newsroom(generate(articles=20, days=1, seed=3), faults=Faults.none()) as room:
        settings = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", "NEWSCRAWL_RETENTION=365d"]
        options = [part for setting in settings for part in ("-s", setting)]
        options += ["-a", f"urls=https://www.newspim.com/news/view/{room.site.articles[0].id}"]
        done = scrapy("crawl", "newspim", *options, *places(folder.path))
    assert "1 articles older than 365d were removed: state" in done.stderr
    assert len(folder.lines()) == 1
    assert done.returncode == 0


def test_who_asks_for_what_would_be_removed_again_is_refused(tmp_path: Path) -> None:
    settings = Settings({"NEWSCRAWL_RETENTION": "365d"})
    check_reach(settings, NOW - timedelta(days=364), NOW)
    check_reach(settings, None, NOW)
    with pytest.raises(ValueError, match="farther than NEWSCRAWL_RETENTION=365d keeps articles"):
        check_reach(settings, NOW - timedelta(days=366), NOW)
    done = scrapy(
        "crawl",
        "newspim",
        "-s",
        "NEWSCRAWL_NEWSROOM=http://127.0.0.1:9",
        "-s",
        "NEWSCRAWL_RETENTION=2d",
        "-a",
        f"since={ALL}",
    )
    assert done.returncode == 2
    assert "farther than NEWSCRAWL_RETENTION=2d" in done.stderr


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("", None), ("0", None), (None, None), ("365d", 31_536_000), ("52w", 31_449_600), ("24h", 86_400)],
)
def test_the_setting_takes_an_age(given: str | None, seconds: int | None) -> None:
    assert retention(given) == seconds


@pytest.mark.parametrize("given", ["soon", "1h", "-3d", "365", "1d,2d", "0d"])
def test_the_setting_refuses_anything_else(given: str) -> None:
    with pytest.raises(ValueError, match="takes an age of at least a day"):
        retention(given)


def test_an_article_counts_by_its_publication_and_its_number_says_no_later_day() -> None:
    before, below = cut(NOW, 2 * 86_400)
    assert before == int(datetime(2026, 11, 21, 9, 0, tzinfo=KST).timestamp())
    assert below == 20261122000000
