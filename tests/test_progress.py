"""How far a run is, how fast it goes and how long it will still take; and how that is shown."""

from __future__ import annotations

import asyncio
import logging
import os
import termios
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from newscrawl.progress import Doing, Progress
from newscrawl.progress.figures import Counts, Course, Figures, Forecast
from newscrawl.progress.live import LiveRows
from newscrawl.progress.wording import duration, log_line, number, rows
from newscrawl.spiders.newspim import NewspimSpider
from tests.screen import Screen

LIST = Doing("list", "정치", date(2024, 3, 12), 0.25)
FULL = Figures(Counts(900, 1204, 310, 3, 12, 1, 894), LIST, pages=0.8, articles=0.6, to_go=7800)
EVERYTHING = (
    "0.8 pages/s, 0.6 articles/s; found 1,204, exported 310, revised 3, skipped 12, failed 1, left 894; "
    "now: list 정치 2024-03-12; 2 h 10 m to go"
)

# How fast


def sampled(every: float, seconds: float, pages: Callable[[float], float]) -> list[Figures]:
    """The figures of a run of so many seconds that has read `pages(now)` pages, and exported half as many articles."""
    course = Course()
    times = [every * count for count in range(int(seconds / every) + 1)]
    return [course.add(now, Counts(pages=int(pages(now)), exported=int(pages(now) / 2)), None) for now in times]


def test_a_steady_run_shows_a_steady_rate() -> None:
    for figures in sampled(0.5, 600, lambda now: now * 0.8)[120:]:
        assert figures.pages == pytest.approx(0.8, abs=1 / 60)
        assert figures.articles == pytest.approx(0.4, abs=1 / 60)


def test_the_first_seconds_give_no_rate() -> None:
    run = sampled(0.5, 10, lambda now: now * 100)
    assert [figures.pages for figures in run[:10]] == [None] * 10
    assert run[-1].pages == pytest.approx(100)


def test_a_rate_is_that_of_the_last_minute_and_not_of_the_whole_run() -> None:
    run = sampled(0.5, 180, lambda now: now * 10 if now < 60 else 600)  # then the site asks for a pause
    assert run[-1].pages == 0


def test_log_lines_count_from_the_line_before_though_their_clock_trembles() -> None:
    course = Course()
    shown = [
        course.add(60 * minute + 0.2 * (minute % 2), Counts(pages=30 * minute**2), None).pages for minute in range(6)
    ]
    assert shown[0] is None
    for minute, rate in enumerate(shown[1:]):
        assert rate == pytest.approx(30 * (2 * minute + 1) / 60, rel=0.01)


def test_lines_farther_apart_than_a_minute_give_the_rate_of_the_time_between() -> None:
    assert [figures.pages for figures in sampled(600, 3000, lambda now: now * 2)[1:]] == [2] * 5


def test_the_counts_are_those_of_the_summary() -> None:
    stats: dict[str, Any] = {
        "newscrawl/pages": 9,
        "newscrawl/found/list": 5,
        "newscrawl/found/feed": 2,
        "newscrawl/exported": 4,
        "newscrawl/revised": 1,
        "newscrawl/skipped/outside/list": 2,
        "newscrawl/failed/article/503": 1,
        "newscrawl/failed/list/404": 2,
        "response_received_count": 20,
    }
    assert Counts.of(stats) == Counts(pages=9, found=7, exported=4, revised=1, skipped=2, failed=3)
    assert Counts.of(stats | {"newscrawl/left": 8}).left == 8


# How long it will still take


def forecasts(done: Callable[[float], float | None], seconds: int) -> dict[int, float | None]:
    """At each second of a run, how long it seems to take on."""
    forecast, found = Forecast(), {}
    for now in range(seconds):
        forecast.add(now, done(now))
        found[now] = forecast.to_go(now)
    return found


def test_steady_work_ends_when_it_was_said_to_end() -> None:
    found = forecasts(lambda now: now / 7200, 7200)
    assert [found[now] for now in range(30)] == [None] * 30
    for now in range(30, 7200):
        assert found[now] == pytest.approx(7200 - now, abs=1)


def test_work_that_is_counted_in_long_steps_counts_down_between_them() -> None:
    """A share that moves once in forty minutes, as one of days may."""
    found = forecasts(lambda now: now // 2400 / 100, 50_000)
    for now in range(10_000, 50_000):
        assert found[now] == pytest.approx(240_000 - now, rel=0.01)


def test_work_that_stands_still_takes_longer_and_longer() -> None:
    found = forecasts(lambda now: min(now, 600) / 6000, 3600)
    assert found[600] == pytest.approx(5400, rel=0.01)
    assert (found[1200] or 0) > 9000
    assert (found[3599] or 0) > (found[1200] or 0)


def test_faster_work_is_noticed_within_minutes() -> None:
    found = forecasts(lambda now: now / 10_000 if now < 1000 else 0.1 + (now - 1000) / 2000, 1500)
    assert found[999] == pytest.approx(9000, rel=0.01)
    assert found[1400] == pytest.approx(1400, rel=0.01)


@pytest.mark.parametrize(
    "done",
    [lambda _: None, lambda _: 0.5, lambda now: 0.5 - now / 10_000],
    ids=["nobody can tell", "it stands still", "it shrinks"],
)
def test_without_a_share_that_grows_there_is_no_forecast(done: Callable[[float], float | None]) -> None:
    assert set(forecasts(done, 600).values()) == {None}


def test_other_work_is_forecast_by_itself() -> None:
    found = forecasts(lambda now: now / 700 if now < 600 else (now - 600) / 10_000, 1000)
    assert found[610] is None
    assert found[640] == pytest.approx(9960, rel=0.01)


def test_a_share_that_wavers_has_a_forecast_nevertheless() -> None:
    """What was found meanwhile makes the share smaller for a moment."""
    found = forecasts(lambda now: now / 3600 + (0.004 if now % 40 < 20 else 0), 3600)
    for now in range(600, 3000):
        assert found[now] == pytest.approx(3600 - now, rel=0.2, abs=20)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.none() | st.floats(0, 1))))
def test_no_forecast_is_below_zero(steps: list[tuple[float, float | None]]) -> None:
    forecast, now = Forecast(), 0.0
    for pause, done in steps:
        now += pause
        forecast.add(now, done)
        assert (forecast.to_go(now) or 0) >= 0


# In words


def test_the_log_line() -> None:
    figures = replace(FULL, counts=Counts(900, 1204, 310, 0, 12, 0))
    assert log_line(figures) == (
        "48 pages/min (0.8/s), 36 articles/min (0.6/s); found 1,204, exported 310, skipped 12, failed 0; "
        "now: list 정치 2024-03-12; 2 h 10 m to go"
    )
    assert log_line(replace(figures, pages=200, articles=150)).startswith(
        "12,000 pages/min (200/s), 9,000 articles/min (150/s); "
    )


def test_what_is_not_known_is_not_mentioned() -> None:
    assert log_line(Figures(Counts())) == "found 0, exported 0, skipped 0, failed 0"
    assert log_line(Figures(Counts(), Doing("poll"))) == "found 0, exported 0, skipped 0, failed 0; now: poll"


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        pytest.param(
            160,
            [EVERYTHING],
            id="all",
        ),
        pytest.param(
            78,
            [
                "0.8 pages/s, 0.6 articles/s; now: list 정치 2024-03-12; 2 h 10 m to go",
                "found 1,204, exported 310, revised 3, skipped 12, failed 1, left 894",
            ],
            id="all in two rows",
        ),
        pytest.param(
            50,
            ["0.8 pages/s; list 정치 2024-03-12; 2 h 10 m to go", "found 1,204, exported 310, skipped 12, failed 1"],
            id="what matters",
        ),
        pytest.param(30, ["0.8 pages/s; 2 h 10 m to go", "exported 310, failed 1"], id="what matters most"),
        pytest.param(8, ["2 h 10 m", "exported"], id="cut"),
    ],
)
def test_rows_leave_out_what_matters_least(columns: int, shown: list[str]) -> None:
    assert rows(FULL, columns) == shown


COUNT = st.integers(0, 10**9)
COUNTS = st.builds(Counts, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT, st.none() | COUNT)
WORD = st.text(st.sampled_from("가정치·증권ab "), max_size=20)
DOING = st.builds(Doing, WORD, st.none() | WORD, st.none() | st.just(date(2024, 3, 12)))
MAYBE = st.none() | st.floats(0, 1e9)


@given(st.builds(Figures, COUNTS, st.none() | DOING, MAYBE, MAYBE, MAYBE), st.integers(1, 200))
def test_rows_never_take_more_than_the_columns(figures: Figures, columns: int) -> None:
    shown = rows(figures, columns)
    assert 1 <= len(shown) <= 2
    assert all(cell_len(row) <= columns for row in shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.05, "0.05"),
        (0.0166, "0.02"),
        (0.83, "0.8"),
        (1, "1.0"),
        (9.96, "10"),
        (48.4, "48"),
        (12e3, "12,000"),
    ],
)
def test_a_rate_has_the_digits_that_can_be_read(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_rate_below_one_in_ten_seconds_is_told_by_the_minute() -> None:
    assert rows(Figures(Counts(), pages=0.05, articles=0), 30)[0] == "3.0 pages/min, 0 articles/s"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "under 1 m"),
        (59.9, "under 1 m"),
        (60, "1 m"),
        (3540, "59 m"),
        (3599, "1 h"),
        (7800, "2 h 10 m"),
        (86_300, "1 d"),
        (273_600, "3 d 4 h"),
        (1e8, "1,157 d 9 h"),
    ],
)
def test_a_time_is_as_exact_as_a_forecast_can_be(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


# On a terminal


@dataclass
class Terminal:
    """A pseudo terminal of 100 columns with the log of a program on it."""

    handler: logging.StreamHandler[Any]
    stream: TextIO  # the program's end
    controller: int
    read: bytes = b""

    def screen(self) -> Screen:
        """What can be seen so far."""
        os.write(self.stream.fileno(), b"\x00")  # what was written until now ends here
        while not self.read.endswith(b"\x00"):
            self.read += os.read(self.controller, 65536)
        self.read = self.read[:-1]
        return Screen(100).feed(self.read.decode())

    def log(self, text: str) -> None:
        self.handler.handle(logging.LogRecord("test", logging.INFO, "", 0, text, None, None))


def terminals(encoding: str) -> Iterator[Terminal]:
    """One terminal, closed afterwards."""
    controller, program = os.openpty()
    termios.tcsetwinsize(program, (30, 100))
    stream = os.fdopen(program, "w", encoding=encoding, errors="backslashreplace")  # as Python opens stderr
    try:
        yield Terminal(logging.StreamHandler(stream), stream, controller)
    finally:
        with suppress(OSError):  # a test may have closed it
            os.close(controller)
        with suppress(OSError):
            stream.close()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    yield from terminals("utf-8")


def two(_: int) -> list[str]:
    return ["0.8 pages/s; now: 정치", "found 1"]


def test_rows_stay_below_the_log_and_vanish(terminal: Terminal) -> None:
    live = LiveRows(terminal.handler)
    terminal.log("before")
    assert live.show(two)
    assert terminal.screen().rows == ["before", *two(100)]
    terminal.log("a line of two\nrows")
    assert live.show(lambda _: ["one"])
    terminal.log("가" * 60)
    assert terminal.screen().lines == ["before", "a line of two", "rows", "가" * 60, "one"]
    live.vanish()
    terminal.log("after")
    assert terminal.screen().lines == ["before", "a line of two", "rows", "가" * 60, "after", ""]


def test_rows_are_asked_for_the_width_that_the_terminal_has_now(terminal: Terminal) -> None:
    asked: list[int] = []

    def worded(columns: int) -> list[str]:
        asked.append(columns)
        return []

    live = LiveRows(terminal.handler)
    for columns in (100, 40, 1, 0):
        termios.tcsetwinsize(terminal.stream.fileno(), (30, columns))
        live.show(worded)
    assert asked == [98, 38, 1, 78]  # 0 means that the terminal does not say: 80


def test_in_the_background_the_terminal_is_left_to_the_shell(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveRows(terminal.handler)
    assert live.show(two)
    before = terminal.screen().rows
    with monkeypatch.context() as patch:
        patch.setattr(os, "tcgetpgrp", lambda _: os.getpgrp() + 1)
        assert not live.show(two)
        assert terminal.screen().rows == before
        assert terminal.handler.stream is terminal.stream
        live.vanish()
        assert terminal.screen().rows == before
    os.write(terminal.stream.fileno(), b"\n\n\n$ fg\n")
    assert live.show(two)
    assert terminal.screen().rows[-3:] == ["$ fg", *two(100)]


def test_a_terminal_that_goes_away_is_left_alone(terminal: Terminal) -> None:
    live = LiveRows(terminal.handler)
    assert live.show(two)
    os.close(terminal.controller)
    assert not live.show(two)
    assert not live.show(two)
    assert terminal.handler.stream is terminal.stream
    live.vanish()


def test_a_terminal_that_goes_away_does_not_stop_the_log(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveRows(terminal.handler)
    assert live.show(two)
    os.close(terminal.controller)
    monkeypatch.setattr(logging, "raiseExceptions", False)  # the handler's own way to say that a line is lost
    terminal.log("nobody reads this")
    assert terminal.handler.stream is terminal.stream
    assert not live.show(two)


def test_what_the_terminal_cannot_write_takes_no_more_room() -> None:
    for terminal in terminals("ascii"):
        assert LiveRows(terminal.handler).show(lambda _: ["정치 2024"])
        assert terminal.screen().rows == ["?? 2024"]


def test_failures_are_coloured_and_none_are_not(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    live = LiveRows(terminal.handler)
    live.show(lambda _: ["failed 0, left 2"])
    terminal.screen()
    assert b"m" not in terminal.read
    live.show(lambda _: ["failed 1,204, left 2"])
    assert terminal.screen().rows == ["failed 1,204, left 2"]
    assert b"\x1b[1;31mfailed 1,204\x1b[0m, left 2" in terminal.read


# The extension


class Heard(logging.Handler):
    """Waits for the first line."""

    def __init__(self) -> None:
        super().__init__()
        self.first: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def emit(self, record: logging.LogRecord) -> None:
        if not self.first.done():
            self.first.set_result(record.getMessage())


async def logged(spider: object) -> str:
    """The first line that a run with such a spider logs."""
    crawler = get_crawler(NewspimSpider, {"LOGSTATS_INTERVAL": 0.05})
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.stats.set_value("newscrawl/exported", 7)
    crawler.spider = spider  # type: ignore[assignment]  # it is asked for one method at most
    extension = Progress.from_crawler(crawler)  # kept: signals hold what they call weakly
    logger, heard = logging.getLogger("newscrawl.progress"), Heard()
    logger.addHandler(heard)
    try:
        crawler.signals.send_catch_log(signals.spider_opened)
        return await asyncio.wait_for(heard.first, 30)
    finally:
        crawler.signals.send_catch_log(signals.spider_closed)
        logger.removeHandler(heard)
        del extension


class Lister:
    """A spider that says what it does."""

    def doing(self) -> Doing | None:
        return LIST


@pytest.mark.parametrize(("spider", "now"), [(Lister(), "; now: list 정치 2024-03-12"), (object(), "")])
def test_a_spider_may_say_what_it_does(spider: object, now: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "newscrawl.progress")
    assert asyncio.run(logged(spider)) == f"Progress: found 0, exported 7, skipped 0, failed 0{now}"


@pytest.mark.parametrize("interval", [0, 0.0, -1])
def test_an_interval_of_nothing_turns_it_off(interval: float) -> None:
    with pytest.raises(NotConfigured):
        Progress.from_crawler(get_crawler(NewspimSpider, {"LOGSTATS_INTERVAL": interval}))
