"""How long to wait before another try: as long as the server asks, else longer each time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl.retry import backoff, retry_after

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
