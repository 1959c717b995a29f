"""The clock of a crawl: the machine's, or that of a newsroom which runs fast."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from scrapy.settings import Settings

from newscrawl import newsroom
from newscrawl.clock import MACHINE, Clock
from newscrawl.korean import KST

ROOM = {"NEWSCRAWL_NEWSROOM": "http://127.0.0.1:8000"}


def test_without_the_setting_it_is_the_machine_s() -> None:
    assert Clock.of(Settings({"NEWSCRAWL_CLOCK": ""})) is not None
    assert abs(MACHINE.time() - time.time()) < 5
    assert MACHINE.here(20) == 20
    assert MACHINE.now().utcoffset() == timedelta(hours=9)


def test_it_shows_what_the_newsroom_s_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = newsroom.Clock(datetime(2026, 11, 20, 9, tzinfo=KST), speed=300)
    ours = Clock.of(Settings(ROOM | {"NEWSCRAWL_CLOCK": theirs.setting}))
    assert ours.speed == 300
    moment = ours.at + 2
    monkeypatch.setattr(time, "time", lambda: moment)
    assert ours.now() - theirs.start == timedelta(seconds=600)
    assert ours.here(600) == 2


@pytest.mark.parametrize(
    "text",
    [
        *("fast", "2026-11-20T09:00", "2026-11-20T09:00+09:00", "2026-11-20T09:00@0*300"),
        *("2026-11-20T09:00+09:00@0*0", "2026-11-20T09:00+09:00@0*-1", "2026-11-20T09:00+09:00@nan*1", "x@0*1"),
        "2026-11-20T09:00+09:00@0*inf",
    ],
)
def test_what_is_no_clock_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="takes TIME@SECONDS"):
        Clock.of(Settings(ROOM | {"NEWSCRAWL_CLOCK": text}))


def test_the_site_goes_by_no_clock_but_the_machine_s() -> None:
    with pytest.raises(ValueError, match="only a newsroom"):
        Clock.of(Settings({"NEWSCRAWL_NEWSROOM": "", "NEWSCRAWL_CLOCK": "2026-11-20T09:00+09:00@0*300"}))
