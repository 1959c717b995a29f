"""How long to wait before another try: as long as the server asks, else longer each time; and what ends the waiting."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl.newsroom import Faults, Newsroom, Site, generate
from newscrawl.newsroom.answers import Answer
from newscrawl.retry import backoff, retry_after
from tests import environment
from tests.crawl.conftest import END, PACE, ROOT, scrapy

NOW = datetime(2026, 11, 22, 0, 0, 0, tzinfo=UTC)


@pytest.fixture(params=["UTC", "Asia/Seoul", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's own time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("120", 120.0, id="seconds"),
        pytest.param(" 120 ", 120.0, id="spaces"),
        pytest.param("0", 0.0, id="at once"),
        pytest.param("9" * 5000, 999_999_999.0, id="for ever"),
    ],
)
def test_seconds_are_seconds(header: str, seconds: float) -> None:
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Sun, 22 Nov 2026 00:02:00 GMT", id="IMF-fixdate"),
        pytest.param("Sunday, 22-Nov-26 00:02:00 GMT", id="RFC 850"),
        pytest.param("Sun Nov 22 00:02:00 2026", id="asctime"),
        pytest.param("Sun, 22 Nov 2026 09:02:00 +0900", id="an offset"),
        pytest.param("Sun, 22 Nov 2026 00:02:00 -0000", id="an unknown offset"),
    ],
)
@pytest.mark.usefixtures("zone")
def test_every_form_of_an_http_date_is_utc_wherever_the_machine_stands(header: str) -> None:
    """RFC 9110, 5.6.7: a recipient must accept all three forms, and take them for UTC."""
    assert retry_after(header, NOW) == 120.0


def test_a_date_that_has_passed_asks_for_no_pause() -> None:
    assert retry_after("Sun, 22 Nov 2020 00:02:00 GMT", NOW) == 0.0


@pytest.mark.parametrize(
    "header", ["", "  ", "soon", "-5", "1.5", "١٢٠", "12 0", "Sun, 99 Nov 2026 00:02:00 GMT", "22 Nov"]
)
def test_what_is_neither_seconds_nor_a_date_is_none(header: str) -> None:
    assert retry_after(header, NOW) is None


@settings(deadline=None, database=None, derandomize=True, max_examples=400)
@given(
    st.text(max_size=40)
    | st.binary(max_size=40).map(lambda data: data.decode("latin-1"))
    | st.from_regex(r"\A[0-9]{1,12} (Jan|Feb) [0-9]{1,20} [0-9]{1,3}:[0-9]{1,3}:[0-9]{1,3} (GMT|[+-][0-9]{1,15})\Z")
)
@example("1 Jan 99999999999999999999 00:00:00 GMT")
@example("1 Jan 2026 00:00:00 +99999999999999")
@example("1 Jan 9999 23:59:59 -2300")
def test_no_header_raises(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or seconds >= 0


def test_without_a_word_from_the_server_each_pause_is_twice_the_last() -> None:
    assert [backoff(times) for times in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]


def test_pauses_stay_finite() -> None:
    assert backoff(10_000) == backoff(11) == 512.0


# Whole crawls of a newsroom that asks for a pause


@pytest.fixture(scope="module")
def site() -> Site:
    return generate(articles=20, days=1, seed=5, end=END)


def arguments(room: Newsroom, data: Path, numbers: list[str]) -> list[str]:
    """Of a crawl of these articles, one request after the other."""
    names = ("NEWSCRAWL_NEWSROOM", "NEWSCRAWL_DATA_DIR", "CONCURRENT_REQUESTS")
    values = dict(zip(names, (room.url, data, 1), strict=True))
    given = [*PACE, *(f"{name}={value}" for name, value in values.items())]
    urls = ",".join(f"https://www.newspim.com/news/view/{number}" for number in numbers)
    return ["crawl", "newspim", "-a", f"urls={urls}", *(part for setting in given for part in ("-s", setting))]


def exported(data: Path) -> list[str]:
    """The numbers of the articles in all feeds of a data folder."""
    lines = [line for feed in (data / "newspim").glob("*.jsonl") for line in feed.read_bytes().splitlines()]
    return sorted(json.loads(line)["id"].removeprefix("newspim:") for line in lines)


def asked(room: Newsroom) -> list[str]:
    return [path.removeprefix("/news/view/") for _, _, path, _ in room.requests]


def test_a_site_that_asks_us_to_stay_away_is_left_alone_and_the_next_run_goes_on(site: Site, tmp_path: Path) -> None:
    numbers = [story.id for story in site.articles[:3]]
    with Newsroom(site, faults=Faults({"busy": numbers}, retry_after=3600)) as room:
        run = scrapy(*arguments(room, tmp_path, numbers))
        assert len(asked(room)) == 2  # robots.txt and one article
    assert run.returncode == 3
    assert run.stderr.count("asks us to stay away for 3600 s") == 1
    assert "ended early (asked_to_stay_away)" in run.stderr
    assert "lost  " not in run.stderr
    assert "Traceback" not in run.stderr
    with Newsroom(site, faults=Faults.none()) as room:
        again = scrapy("crawl", "newspim", *arguments(room, tmp_path, numbers[:1])[2:])
    assert again.returncode == 0
    assert exported(tmp_path) == sorted(numbers)


def test_several_at_once_who_are_told_to_stay_away_say_so_once(site: Site, tmp_path: Path) -> None:
    numbers = [story.id for story in site.articles[:8]]
    with Newsroom(site, faults=Faults({"busy": numbers}, retry_after=3600)) as room:
        run = scrapy(*arguments(room, tmp_path, numbers), "-s", "CONCURRENT_REQUESTS=8")
    assert run.returncode == 3
    assert run.stderr.count("asks us to stay away") == 1
    assert "Traceback" not in run.stderr


def test_a_pause_as_long_as_the_longest_is_waited_for(site: Site, tmp_path: Path) -> None:
    number = site.articles[0].id
    with Newsroom(site, faults=Faults({"busy": [number]}, retry_after=1)) as room:
        run = scrapy(*arguments(room, tmp_path, [number]), "-s", "NEWSCRAWL_LONGEST_PAUSE=1")
    assert run.returncode == 0
    assert exported(tmp_path) == [number]


def test_a_robots_txt_that_asks_us_to_stay_away_ends_the_run_in_the_same_way(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = site.articles[0].id
    with Newsroom(site, faults=Faults.none()) as room:
        monkeypatch.setattr(room.desk, "_robots", lambda _: Answer(503, b"", headers={"Retry-After": "3600"}))
        run = scrapy(*arguments(room, tmp_path, [number]))
        assert asked(room) == ["/robots.txt"]
    assert run.returncode == 3
    assert "robots.txt asks us to stay away for 3600 s" in run.stderr
    assert "cannot be reached" not in run.stderr
    with Newsroom(site, faults=Faults.none()) as room:
        assert scrapy(*arguments(room, tmp_path, [number])).returncode == 0
    assert exported(tmp_path) == [number]


def test_another_of_the_sites_hosts_that_asks_us_to_stay_away_is_left_out(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A redirect leads there; a host that is closed for months must not keep all runs from the rest of the site."""
    first, *rest = numbers = [story.id for story in reversed(site.articles[:3])]
    with Newsroom(site, faults=Faults.none()) as room:
        answer = room.desk.answer

        def away(host: str, target: str, encodings: str = "") -> Answer:
            if target == f"/news/view/{first}":
                if host == "gam.newspim.com":
                    return Answer(503, b"", headers={"Retry-After": "86400"})
                return Answer(302, headers={"Location": f"https://gam.newspim.com/news/view/{first}"})
            return answer(host, target, encodings)

        monkeypatch.setattr(room.desk, "answer", away)
        run = scrapy(*arguments(room, tmp_path, numbers))
        assert sum(host == "gam.newspim.com" for _, host, _, _ in room.requests) == 2  # robots.txt too
    assert "gam.newspim.com" in run.stderr
    assert exported(tmp_path) == sorted(rest), run.stderr[-3000:]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("waits_for", ["an article", "robots.txt"])
def test_who_ends_the_crawl_does_not_wait_for_a_pause(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, waits_for: str
) -> None:
    article = site.articles[0].id
    busy = Answer(503, b"", headers={"Retry-After": "200"})
    with Newsroom(site, faults=Faults({"busy": [article]}, retry_after=200)) as room:
        if waits_for == "robots.txt":
            monkeypatch.setattr(room.desk, "_robots", lambda _: busy)
        command = [sys.executable, "-m", "scrapy", *arguments(room, tmp_path, [article]), "-L", "DEBUG"]
        with subprocess.Popen(command, cwd=ROOT, env=environment.clean(), stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            try:
                log = "".join(iter(lambda: _line(process.stderr, until="Waiting 200.0 s"), ""))
                process.send_signal(number)
                start = time.monotonic()
                log += process.communicate(timeout=60)[1]
            finally:
                process.kill()
        assert time.monotonic() - start < 10
        requests = len(room.requests)
    assert process.returncode == 3
    assert "ended early (shutdown)" in log
    assert "Lost" not in log
    assert "cannot be reached" not in log
    assert "Traceback" not in log
    assert requests == (2 if waits_for == "an article" else 1)
    with Newsroom(site, faults=Faults.none()) as room:
        assert scrapy(*arguments(room, tmp_path, [article])).returncode == 0
    assert exported(tmp_path) == [article]


def test_a_limit_that_ends_the_crawl_does_not_wait_for_a_pause(site: Site, tmp_path: Path) -> None:
    article = site.articles[0].id
    with Newsroom(site, faults=Faults({"busy": [article]}, retry_after=100)) as room:
        start = time.monotonic()
        run = scrapy(*arguments(room, tmp_path, [article]), "-s", "CLOSESPIDER_TIMEOUT=1")
    assert time.monotonic() - start < 30
    assert run.returncode == 3
    assert "ended early (closespider_timeout)" in run.stderr


def test_every_2xx_of_robots_txt_is_a_file_of_rules(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 9309, 2.3.1.1: a successful one, which is any of 200 to 299."""
    number = site.articles[0].id
    rules = Answer(203, b"User-agent: *\nDisallow: /\n", "text/plain")
    with Newsroom(site, faults=Faults.none()) as room:
        monkeypatch.setattr(room.desk, "_robots", lambda _: rules)
        run = scrapy(*arguments(room, tmp_path, [number]))
        assert asked(room) == ["/robots.txt"]
    assert "refused          1" in run.stderr


def _line(stream: Iterator[str] | None, until: str) -> str:
    """The next line; "" at the end, and instead of the line that is waited for."""
    assert stream is not None
    line = next(stream, "")
    return "" if until in line else line
