"""The spider's arguments: what they take, and that nothing else is accepted in silence."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl.arguments import TAKES, ArgumentError, Arguments
from newscrawl.discovery.pages import Row, could_be_within
from newscrawl.discovery.walking import is_over
from newscrawl.korean import KST
from newscrawl.spiders.newspim import NEWSPIM

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=KST)
ONE, TWO = "20261121000001", "20261121000002"
VIEW = "https://www.newspim.com/news/view"
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)


def parse(**given: str) -> Arguments:
    return Arguments.parse(given, NEWSPIM, NOW)


def kst(*when: int) -> datetime:
    return datetime(*when, tzinfo=KST)  # type: ignore[arg-type,misc]


def test_without_arguments_the_last_day_is_read_and_all_is_followed() -> None:
    ways = frozenset(("list", "topbar", "feed", "sitemap", "flash", "front"))
    assert parse() == Arguments(NOW - timedelta(hours=24), None, (), frozenset(("related", "sidebar")), (), ways)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2026-11-01", kst(2026, 11, 1), id="a day"),
        pytest.param("2026-11-01T09:00", kst(2026, 11, 1, 9), id="a time"),
        pytest.param("2026-11-01T09:00:30", kst(2026, 11, 1, 9, 0, 30), id="a time with seconds"),
        pytest.param("2026-11-01T09:00+09:00", kst(2026, 11, 1, 9), id="a time in KST"),
        pytest.param("2026-11-01T00:00Z", kst(2026, 11, 1, 9), id="a time in UTC"),
        pytest.param("36h", kst(2026, 11, 21, 0, 30), id="hours"),
        pytest.param("7d", kst(2026, 11, 15, 12, 30), id="days"),
        pytest.param("2w", kst(2026, 11, 8, 12, 30), id="weeks"),
        pytest.param("90m", kst(2026, 11, 22, 11, 0), id="minutes"),
        pytest.param(" 7d ", kst(2026, 11, 15, 12, 30), id="spaces"),
    ],
)
def test_since_takes_a_day_a_time_or_an_age(value: str, expected: datetime) -> None:
    since = parse(since=value).since
    assert since == expected
    assert since is not None
    assert since.utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2026-11-01", kst(2026, 11, 1, 23, 59, 59, 999_999), id="a day to its end"),
        pytest.param("2026-11-01T09:00", kst(2026, 11, 1, 9), id="a time"),
        pytest.param("7d", kst(2026, 11, 15, 12, 30), id="an age"),
        pytest.param("2030-01-01", kst(2030, 1, 1, 23, 59, 59, 999_999), id="a day to come"),
    ],
)
def test_until_takes_a_day_a_time_or_an_age(value: str, expected: datetime) -> None:
    assert parse(until=value).until == expected


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "yesterday",
        "2026-11",
        "2026-13-01",
        "2026-02-30",
        "2026-11-01T25:00",
        "11/01/2026",
        "7",
        "7x",
        "7 d",
        "-7d",
        "1.5h",
        "７d",
        "24H",
        "d",
        "9999999d",
        "999999w",
        "2026-11-01,2026-11-02",
        "None",
        "\ud800",
        "2026-11-01T09:00+99:00",
    ],
)
def test_a_malformed_time_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        parse(**{name: value})
    assert name in str(refused.value)
    assert TAKES[name] in str(refused.value)


@pytest.mark.parametrize("value", ["20261101", "2026-W44", "2026-W44-7", "2026W447"])
def test_a_day_written_in_another_way_is_refused_or_taken_to_its_end(value: str) -> None:
    """Taken for midnight, the whole day that was named would be left out in silence."""
    try:
        until = parse(until=value).until
    except ArgumentError:
        return
    assert until is not None
    assert (until.hour, until.minute, until.second) == (23, 59, 59)


@pytest.mark.parametrize("value", ["0001-01-01T00:00+14:00", "9999-12-31T23:00-12:00"])
def test_a_time_that_does_not_exist_in_kst_is_refused(value: str) -> None:
    with pytest.raises(ArgumentError):
        parse(since=value)


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("value", ["0001-01-01", "0001-01-03T00:00", "1900-01-01", "1989-12-31T23:59", "99999d"])
def test_a_time_before_all_news_is_refused(name: str, value: str) -> None:
    with pytest.raises(ArgumentError, match=rf"{name}=.*before 1990"):
        parse(**{name: value})


def test_a_since_of_long_ago_bounds_nothing() -> None:
    since = parse(since="1990-01-01").since
    assert since is not None
    assert could_be_within(ONE, since, None)
    assert not is_over([Row(ONE)], since.timestamp())


def test_an_until_of_the_last_year_bounds_nothing() -> None:
    assert could_be_within(ONE, None, parse(until="9999-12-31").until)


def test_a_since_in_the_future_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"since.*future"):
        parse(since="2026-11-23")


def test_a_since_after_until_is_refused() -> None:
    with pytest.raises(ArgumentError, match="until"):
        parse(since="2026-11-10", until="2026-11-09")


def test_a_since_and_until_of_one_day_are_that_day() -> None:
    found = parse(since="2026-11-10", until="2026-11-10")
    assert (found.since, found.until) == (kst(2026, 11, 10), kst(2026, 11, 10, 23, 59, 59, 999_999))


def test_until_alone_asks_for_the_day_before_it() -> None:
    assert parse(until="2026-11-10T12:00").since == kst(2026, 11, 9, 12)


def test_now_in_another_zone_changes_nothing() -> None:
    there = Arguments.parse({"since": "36h"}, NEWSPIM, NOW.astimezone(UTC))
    assert there.since == parse(since="36h").since


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        pytest.param("정치", ("101",), id="a name"),
        pytest.param("101", ("101",), id="a code"),
        pytest.param("정치,105", ("101", "105"), id="a name and a code"),
        pytest.param(" 사회 , 경제 ", ("102", "103"), id="spaces"),
        pytest.param("증권·금융", ("105",), id="a name with a dot"),
        pytest.param("증권", ("105",), id="half a name"),
        pytest.param("106020", ("106020",), id="a sub-section"),
        pytest.param("정치,101,정치", ("101",), id="once each"),
        pytest.param("사회,정치", ("102", "101"), id="the order given"),
        pytest.param("정치,", ("101",), id="a comma at the end"),
        pytest.param("1", (), id="everything by code"),
        pytest.param("전체", (), id="everything by name"),
        pytest.param("정치,전체", (), id="everything and more"),
    ],
)
def test_sections_take_names_or_codes(value: str, codes: tuple[str, ...]) -> None:
    assert parse(sections=value).sections == codes


@pytest.mark.parametrize(
    "value", ["", ",", " ", "날씨", "999", "10", "1011", "999020", "１０１", "정치 사회", "101/102", "정치;사회", "·"]
)
def test_an_unknown_section_is_refused_by_name(value: str) -> None:
    with pytest.raises(ArgumentError, match=r"sections.*takes") as refused:
        parse(sections=value)
    assert TAKES["sections"] in str(refused.value)


def test_an_unknown_section_is_told_which_there_are() -> None:
    with pytest.raises(ArgumentError, match=r"'날씨'.*정치 \(101\)"):
        parse(sections="정치,날씨")


def test_a_section_typed_in_decomposed_letters_is_known() -> None:
    """As macOS writes the names of files, and some terminals what is typed."""
    assert parse(sections=unicodedata.normalize("NFD", "정치")).sections == ("101",)


@pytest.mark.parametrize("name", sorted(NEWSPIM.sections.values()))
def test_every_section_of_the_site_can_be_named(name: str) -> None:
    parse(sections=name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("related,sidebar", {"related", "sidebar"}),
        ("sidebar , related", {"related", "sidebar"}),
        ("related", {"related"}),
        ("sidebar", {"sidebar"}),
        ("none", set()),
        (" none ", set()),
    ],
)
def test_follow_takes_ways_or_none(value: str, expected: set[str]) -> None:
    assert parse(follow=value).follow == expected


@pytest.mark.parametrize("value", ["", "all", "none,related", "related,", "Related", "related sidebar", "no"])
def test_an_unknown_way_is_refused_by_name(value: str) -> None:
    with pytest.raises(ArgumentError, match=r"follow.*takes") as refused:
        parse(follow=value)
    assert TAKES["follow"] in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(f"{VIEW}/{ONE},{VIEW}/{TWO}", id="two"),
        pytest.param(f" {VIEW}/{ONE} , http://m.newspim.com/news/view/{TWO}/?utm_source=a ", id="spellings"),
        pytest.param(f"www.newspim.com/news/view/{ONE},newspim.com/view.jsp?newsId={TWO}", id="no scheme"),
        pytest.param(f"{VIEW}/{ONE},{VIEW}/{ONE}#a,{VIEW}/{TWO}", id="once each"),
    ],
)
def test_urls_take_addresses_of_articles_in_any_spelling(value: str) -> None:
    assert parse(urls=value).numbers == (ONE, TWO)


def test_named_articles_have_no_bound_and_are_not_followed() -> None:
    found = parse(urls=f"{VIEW}/{ONE}")
    assert (found.since, found.until, found.follow) == (None, None, frozenset())


def test_named_articles_keep_the_bounds_and_ways_that_are_given() -> None:
    found = parse(urls=f"{VIEW}/{ONE}", since="7d", follow="related")
    assert (found.since, found.follow) == (kst(2026, 11, 15, 12, 30), {"related"})


def test_urls_take_a_file_with_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "addresses.txt"
    file.write_bytes(f"\ufeff# two articles\r\n{VIEW}/{ONE}\r\n\r\n  {VIEW}/{TWO}\r\n  # the end\r\n".encode())
    assert parse(urls=f"@{file}").numbers == (ONE, TWO)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"# nothing\n\n", id="comments alone"),
        pytest.param("기사 주소".encode("cp949"), id="another encoding"),
        pytest.param(f"{VIEW}/{ONE}\nhttps://example.com/\n".encode(), id="another site"),
        pytest.param(f"{VIEW}/{ONE} {VIEW}/{TWO}\n".encode(), id="two on a line"),
    ],
)
def test_a_file_that_names_no_articles_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "addresses.txt"
    file.write_bytes(content)
    with pytest.raises(ArgumentError, match=r"urls.*takes"):
        parse(urls=f"@{file}")


@pytest.mark.parametrize(
    "value",
    ["", " ", ",", "@", "@/nowhere/addresses.txt", "@\x00", ONE, "https://www.newspim.com/", "https://example.com/a"],
)
def test_urls_that_name_no_article_are_refused(value: str) -> None:
    with pytest.raises(ArgumentError, match=r"urls.*takes"):
        parse(urls=value)


def test_the_address_that_is_no_article_is_named() -> None:
    with pytest.raises(ArgumentError, match=r"'https://example\.com/a'"):
        parse(urls=f"{VIEW}/{ONE},https://example.com/a")


@pytest.mark.parametrize("name", ["sinse", "url", "section", "since ", "Since", "", "_jobs", "job"])
def test_an_unknown_argument_is_refused_by_name_with_those_that_are_known(name: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        parse(**{name: "x"})
    assert repr(name) in str(refused.value)
    assert all(known in str(refused.value) for known in TAKES)


def test_a_misspelt_argument_is_told_what_was_meant() -> None:
    with pytest.raises(ArgumentError, match="did you mean since"):
        parse(sinse="7d")


def test_the_job_of_scrapyd_is_let_through() -> None:
    assert parse(_job="6487ec79947edab326d6db28a2d86511e8247444") == parse()


@PROPERTY
@given(st.dictionaries(st.sampled_from([*TAKES, "_job"]) | st.text(max_size=8), st.text(max_size=20), max_size=3))
@example({"since": "0001-01-01T00:00+14:00"})
@example({"until": "0001-01-01"})
@example({"urls": "@\x00"})
@example({"urls": "@\ud800"})
def test_whatever_is_given_is_taken_or_refused(given: dict[str, str]) -> None:
    with suppress(ArgumentError):
        found = Arguments.parse(given, NEWSPIM, NOW)
        assert found.since is None or found.since.tzinfo is not None
