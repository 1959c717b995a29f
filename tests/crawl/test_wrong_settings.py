"""Settings, outputs and options that cannot be meant: said in one line before the start; and what an output that fails later does."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.newsroom import Faults, Newsroom, Site

from .conftest import ALL, PACE, Crawler, scrapy

Refused = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """What a crawl says that is refused: it asks nothing and writes nothing. Were it not refused, it would ask a port of this machine."""

    def run(*arguments: str, **environment: str) -> str:
        nowhere = {"NEWSCRAWL_NEWSROOM": "http://127.0.0.1:9", "NEWSCRAWL_DATA_DIR": str(tmp_path / "data")}
        done = scrapy("crawl", "newspim", "-s", "RETRY_ENABLED=0", *arguments, **nowhere | environment)
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "data").exists()
        return done.stderr.splitlines()[-1]

    return run


# Settings


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://127.0.0.1:0",
        "http://[::1",
        "http://newsroom.invalid",
        "https://127.0.0.1:8017",
        "127.0.0.1:8017",
    ],
)
def test_a_newsroom_that_is_none_is_named(refused: Refused, address: str) -> None:
    line = refused(NEWSCRAWL_NEWSROOM=address)
    assert line.startswith(f"scrapy crawl: NEWSCRAWL_NEWSROOM={address!r}: takes")


@pytest.mark.parametrize("pause", ["-1", "nan", "inf", "soon", ""])
def test_a_longest_pause_that_is_none_is_named(refused: Refused, pause: str) -> None:
    assert "NEWSCRAWL_LONGEST_PAUSE" in refused("-s", f"NEWSCRAWL_LONGEST_PAUSE={pause}")


@pytest.mark.parametrize("days", ["-1", "nan", "inf", "a week"])
def test_a_time_between_duplicates_that_is_none_is_named(refused: Refused, days: str) -> None:
    assert "NEWSCRAWL_DUPLICATES_DAYS" in refused("-s", f"NEWSCRAWL_DUPLICATES_DAYS={days}")


@pytest.mark.parametrize("setting", ["NEWSCRAWL_WARC=perhaps", "NEWSCRAWL_WARC_SIZE=1 GB", "NEWSCRAWL_WARC_SIZE=0"])
def test_an_archive_that_is_none_is_named(refused: Refused, setting: str) -> None:
    assert setting.partition("=")[0] in refused("-s", setting)


@pytest.mark.parametrize(
    "setting", ["NEWSCRAWL_STATE_PATIENCE=-1", "NEWSCRAWL_NODE_TIMEOUT=0", "NEWSCRAWL_NODE_TIMEOUT=nan"]
)
def test_a_time_to_wait_for_others_that_is_none_is_named(refused: Refused, setting: str) -> None:
    assert setting.partition("=")[0] in refused("-s", setting)


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_day_before_all_news_is_refused(refused: Refused, name: str) -> None:
    assert f"argument {name}='0001-01-01'" in refused("-a", f"{name}=0001-01-01")


# Fields of an output


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("id,titel", "'titel' (did you mean title?)"),
        ("id, title", "' title' (did you mean title?)"),
        ('{"id":"number","publishedAt":"time"}', "'publishedAt' (did you mean published_at?)"),
        ("nothing", "'nothing'; the fields are schema, id"),
    ],
)
def test_a_field_that_no_record_has_is_named_with_the_one_that_was_meant(
    refused: Refused, fields: str, says: str
) -> None:
    line = refused("-s", f"FEED_EXPORT_FIELDS={fields}")
    assert line.startswith("scrapy crawl: FEED_EXPORT_FIELDS")
    assert says in line


def test_the_fields_of_one_output_are_checked_too(refused: Refused, tmp_path: Path) -> None:
    feeds = json.dumps({str(tmp_path / "a.jsonl"): {"format": "jsonl", "fields": ["id", "titel"]}})
    assert "'titel'" in refused("-s", f"FEEDS={feeds}")


def test_the_fields_that_are_asked_for_are_all_that_an_output_has(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room, "-a", "follow=none", "-s", "FEED_EXPORT_FIELDS=id,title")
    assert run.code == 0
    assert {tuple(record) for record in run.records} == {("id", "title")}


# Outputs


def test_an_output_that_is_a_folder_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "taken.jsonl").mkdir()
    for flag in ("-o", "-O"):
        line = refused(flag, str(tmp_path / "taken.jsonl"))
        assert line == f"scrapy crawl: cannot write to {tmp_path / 'taken.jsonl'}: Is a directory"


def test_an_output_below_a_file_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in refused("-O", str(tmp_path / "file" / "a.jsonl"))


def test_an_output_that_the_system_does_not_let_us_make_is_refused(refused: Refused) -> None:
    assert "cannot write to /proc/x.jsonl" in refused("-o", "/proc/x.jsonl")


@pytest.mark.parametrize("name", ["bad.jsonl.gz", "bad.jsonl.zst"])
def test_an_output_that_is_not_what_its_name_says_is_refused_and_left_alone(
    refused: Refused, tmp_path: Path, name: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(b"no archive at all\n")
    assert f"cannot write to {bad}: not what its name says" in refused("-o", str(bad))
    assert bad.read_bytes() == b"no archive at all\n"


def test_an_address_of_a_file_is_checked_too(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "taken.jsonl").mkdir()
    assert "Is a directory" in refused("-O", (tmp_path / "taken.jsonl").as_uri())


def test_feeds_that_are_no_table_of_outputs_are_named(refused: Refused) -> None:
    assert refused("-s", 'FEEDS={"a.jsonl": 1}').startswith("scrapy crawl: FEEDS=")


def test_a_wrong_argument_leaves_an_output_alone(refused: Refused, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    out.write_text("{}\n", encoding="utf-8")
    refused("-a", "sinse=7d", "-O", str(out))
    refused("-O", str(out), "-O", "/proc/x.jsonl")
    assert out.read_text(encoding="utf-8") == "{}\n"


def test_an_output_that_cannot_be_opened_any_more_ends_the_run_with_one_line(crawl: Crawler, room: Newsroom) -> None:
    """Its name depends on the spider, so that nothing can be said of it before the start."""
    run = crawl(room, "-O", "/proc/%(name)s.jsonl")
    assert run.code == 3
    assert run.log.count("Cannot write to /proc/newspim.jsonl") == 1
    assert "cannot_write" in run.log
    assert "Traceback" not in run.log
    assert run.stat("newscrawl/failed/export") >= 1
    (feed,) = (run.folder / "data" / "newspim").glob("*.jsonl")
    assert feed.stat().st_size  # what was fetched is safe there


def test_an_output_that_cannot_be_opened_is_told_of_even_when_nothing_is_to_be_written(
    crawl: Crawler, small: Site, room: Newsroom
) -> None:
    run = crawl(room, "-a", f"urls={missing(small)}", "-O", "/proc/%(name)s.jsonl", since=None)
    assert run.code == 1
    assert run.stat("feedexport/failed_count/LineStorage") == 1


def missing(site: Site) -> str:
    """The address of an article that the site does not have."""
    return f"https://www.newspim.com/news/view/{site.articles[0].id[:8]}999999"


# Runs with nothing to fetch


def test_an_article_that_is_no_more_is_an_answer(crawl: Crawler, small: Site, room: Newsroom) -> None:
    run = crawl(room, "-a", f"urls={missing(small)}", since=None)
    assert run.stat("newscrawl/gone/404") == 1
    assert run.code == 0


def test_a_run_that_finds_all_its_articles_in_the_output_went_well(crawl: Crawler, small: Site, room: Newsroom) -> None:
    url = next(story.url for story in small.articles if story.listed)
    assert crawl(room, "-a", f"urls={url}", since=None).code == 0
    asked = len(room.requests)
    again = crawl(room, "-a", f"urls={url}", since=None)
    assert len(room.requests) == asked
    assert again.code == 0
    assert again.stat("newscrawl/seen") == 1


def test_an_article_outside_the_time_asked_for_is_nothing_to_fetch(crawl: Crawler, small: Site, room: Newsroom) -> None:
    url = next(story.url for story in small.articles if story.listed)
    run = crawl(room, "-a", f"urls={url}", "-a", "until=2010-01-01", since=None)
    assert run.stat("newscrawl/skipped/outside/argument") == 1
    assert room.requests == []
    assert run.code == 0


def test_a_site_that_forbids_all_that_was_asked_for_could_not_be_read(crawl: Crawler, small: Site) -> None:
    story = next(story for story in small.articles if story.listed)
    with Newsroom(small, faults=Faults({"forbidden": [story.id]})) as room:
        run = crawl(room, "-a", f"urls={story.url}", since=None)
    assert run.code == 1
    assert "no page of the site could be read" in run.log


# The other commands


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--articles", "0"), "--articles 0: takes"),
        (("--articles", "-1"), "--articles -1: takes"),
        (("foo",), "scrapy demo takes no arguments"),
    ],
)
def test_a_demo_that_cannot_be_is_refused(options: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = scrapy("demo", *options, NEWSCRAWL_DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_demo_shows_what_the_first_showed_and_touches_nothing_else(tmp_path: Path) -> None:
    mine = tmp_path / "demo" / "notes.txt"
    mine.parent.mkdir()
    mine.touch()
    shown = []
    for _ in range(2):
        done = scrapy("demo", "--articles", "60", NEWSCRAWL_DATA_DIR=str(tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr
        (feed,) = (tmp_path / "demo" / "newspim").glob("*.jsonl")
        assert f"Records  {feed}" in done.stdout
        shown.append(sorted(json.loads(line)["id"] for line in feed.read_bytes().splitlines()))
    assert shown[0]
    assert len(shown[0]) == len(shown[1])
    assert mine.exists()


def test_the_schema_takes_no_arguments() -> None:
    assert "scrapy schema takes no arguments" in scrapy("schema", "foo").stderr


def test_an_output_that_is_good_is_not_spoilt_by_the_look_before_the_start(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room, "-a", "follow=none")
    out = run.folder / "more.jsonl.gz"
    out.write_bytes(gzip.compress(b'{"id":"first"}\n'))
    done = scrapy(
        "crawl", "newspim", *(part for setting in PACE for part in ("-s", setting)), "-a", f"since={ALL}", "-o", str(out),
        NEWSCRAWL_NEWSROOM=room.url, NEWSCRAWL_STATE="sqlite://", NEWSCRAWL_DATA_DIR=str(run.folder / "other"),
    )  # fmt: skip
    assert done.returncode == 0
    lines = gzip.decompress(out.read_bytes()).splitlines()
    assert json.loads(lines[0]) == {"id": "first"}
    assert len(lines) > 1
