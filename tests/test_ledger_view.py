"""The ledger as a calendar: what a person reads of each day, what is missing, what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from newscrawl.ledger_view import Asked, Look, as_date, as_number, sheet
from newscrawl.ledger_view.days import Sight
from newscrawl.spiders.newspim import NEWSPIM
from newscrawl.state import LedgerDay

TODAY = date(2026, 11, 20)
ALL, POLITICS, SOCIETY = "1", "101", "102"


def known(day: str, listed: int = 100, exported: int | None = None, **more: int | bool | str | None) -> LedgerDay:
    """A day of November; one that is complete, if nothing else is said."""
    one = LedgerDay(as_number(date.fromisoformat(f"2026-{day}")), ALL, listed, listed, 0, 0, whole=True, walked_at=5)
    return replace(one, exported=listed if exported is None else exported, **more)  # type: ignore[arg-type]


def complete(first: str, last: str, section: str = ALL) -> list[LedgerDay]:
    start, end = (date.fromisoformat(f"2026-{day}") for day in (first, last))
    return [
        known(f"{start + timedelta(days):%m-%d}", section=section) for days in range((end - start).days + 1)
    ]  # fmt: skip


def shown(
    ledger: list[LedgerDay], asked: Asked | None = None, look: Look | None = None, today: date = TODAY
) -> list[str]:
    return sheet(NEWSPIM, ledger, asked or Asked(), today, look or Look())


def below(lines: list[str], title: str) -> list[str]:
    """The lines under a title, to the next empty one."""
    if title not in lines:
        return []
    rest = lines[lines.index(title) + 1 :]
    return [line.strip() for line in rest[: rest.index("")] if line] if "" in rest else [line.strip() for line in rest]


def test_some_weeks_are_a_calendar_with_what_is_missing_and_what_to_do() -> None:
    ledger = [
        *complete("11-12", "11-13"),
        known("11-14", 1210, 1190, failed=2),
        known("11-16", 1210, 700, waiting=500),
        known("11-17", 400, 395, whole=False),
        *complete("11-18", "11-19"),
        known("11-20", 300, 200, waiting=100, whole=False),
        *complete("11-12", "11-13", POLITICS),
        known("11-14", 300, 297, failed=2, section=POLITICS),
        known("11-16", 300, 100, waiting=200, section=POLITICS),
        *complete("11-19", "11-19", POLITICS),
    ]
    assert shown(ledger) == [
        "newspim  전체 (1)  2026-11-12 to 2026-11-20",
        "",
        "2026-11   4 of 8 days complete   2,885 of 3,520 exported   2 failed",
        "      Mon        Tue        Wed        Thu        Fri        Sat        Sun",
        "                                  12 ▮▮▮▮▮   13 ▮▮▮▮▮   14 ▮▮▮▮x   15 .....",
        "                                   100/100    100/100  1190/1210",
        " 16 ▮▮~~~   17 ▮▮▮▮▯   18 ▮▮▮▮▮   19 ▮▮▮▮▮   20 ▮▮▮▯▯",
        " 700/1210    395/400    100/100    100/100    200/300",
        "",
        "▮ complete  ▯ in part  ~ waits  x failed  . nothing known",
        "",
        "not complete",
        "  전체 (1)       4 days  x 11-14 (2)  ~ 11-16 (500)  ▯ 11-17  . 11-15",
        "",
        "besides, in sections",
        "  정치 (101)     2 days  x 11-14 (2)  . 11-18",
        "",
        "total  4 of 8 days complete, 3,520 articles listed, 2,885 exported (81.9 %),",
        "       2 failed, 600 wait, 33 gone, duplicate or not wanted",
        "",
        "next",
        "  scrapy retry newspim",
        "  scrapy crawl newspim -a since=2026-11-15 -a until=2026-11-17",
        "  scrapy crawl newspim -a since=2026-11-18 -a until=2026-11-18 -a sections=101",
    ]


def test_years_are_a_line_a_month_with_a_mark_a_day() -> None:
    before = [replace(one, day=one.day - 10_000) for one in complete("11-24", "12-31") if one.day % 100 != 27]
    ledger = [
        *before,
        *complete("01-01", "02-13"),
        known("02-14", 1210, 1100, failed=10, waiting=90),
        known("02-15", 1210, 700, waiting=500),
        known("02-16", whole=False),
    ]
    assert shown(ledger)[:9] == [
        "newspim  전체 (1)  2025-11-24 to 2026-02-16",
        "",
        "         1     6     11    16    21    26    31  days exported   listed  failed",
        "2025-11                             ▮▮ ▮.▮▮▮      6/7      600      600",
        "2025-12  ▮▮▮▮▮ ▮▮▮▮▮ ▮▮▮▮▮ ▮▮▮▮▮ ▮▮▮▮▮ ▮.▮▮▮ ▮  30/31    3,000    3,000",
        "",
        "2026-01  ▮▮▮▮▮ ▮▮▮▮▮ ▮▮▮▮▮ ▮▮▮▮▮ ▮▮▮▮▮ ▮▮▮▮▮ ▮  31/31    3,100    3,100",
        "2026-02  ▮▮▮▮▮ ▮▮▮▮▮ ▮▮▮x~ ▯                    13/16    3,200    3,820      10",
        "",
    ]


@pytest.mark.parametrize(("columns", "last"), [(120, "waiting"), (80, "failed"), (60, "days"), (40, "31")])
def test_a_narrow_terminal_gets_fewer_columns(columns: int, last: str) -> None:
    ruler = shown(complete("01-01", "11-19"), look=Look(columns))[2]
    assert ruler.split()[-1] == last
    assert len(ruler) <= max(columns, 48)


def test_a_calendar_that_does_not_fit_is_a_line_a_month() -> None:
    ledger = complete("11-01", "11-19")
    weeks, strip = (shown(ledger, look=Look(columns)) for columns in (63, 62))
    assert weeks[3].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert strip[3].split()[0] == "2026-11"
    assert len(shown(complete("08-31", "11-19"))) < len(shown(complete("09-01", "11-19")))  # of four months


@pytest.mark.parametrize(
    ("one", "sight"),
    [
        (None, Sight.UNKNOWN),
        (known("11-01"), Sight.COMPLETE),
        (known("11-01", 0), Sight.COMPLETE),
        (known("11-01", 10, 8), Sight.COMPLETE),  # two were gone
        (known("11-01", whole=False), Sight.PART),
        (known("11-01", 10, 5, waiting=5, whole=False), Sight.PART),
        (known("11-01", 10, 5, waiting=5), Sight.WAITS),
        (known("11-01", 10, 4, waiting=5, failed=1), Sight.FAILED),
        (known("11-01", 10, 9, failed=1, whole=False), Sight.FAILED),
    ],
)
def test_what_is_to_be_done_first_is_said_of_a_day(one: LedgerDay | None, sight: Sight) -> None:
    assert Sight.of(one) is sight


@pytest.mark.parametrize(
    ("one", "bar"),
    [
        (known("11-02", 1210, 1209, failed=1), "▮▮▮▮x"),
        (known("11-02", 10, 0, waiting=10), "~~~~~"),
        (known("11-02", 100, 100, whole=False), "▮▮▮▮▯"),
        (known("11-02", 0, whole=False), "▯▯▯▯▯"),
        (known("11-02", 100, 80), "▮▮▮▮▮"),
    ],
)
def test_the_bar_of_a_day_is_full_only_when_the_day_is_complete(one: LedgerDay, bar: str) -> None:
    assert any(f" 2 {bar}" in line for line in shown([one]))


def test_a_day_that_is_not_over_is_no_gap_and_days_to_come_are_blank() -> None:
    ledger = [*complete("11-18", "11-19"), known("11-20", whole=False)]
    lines = shown(ledger, Asked(last=date(2026, 12, 31)))
    assert lines[0].endswith("2026-11-18 to 2026-11-20")
    assert lines[-1] == "nothing is missing"
    assert "2 of 2 days complete" in lines[2]
    assert not any(line.startswith(" 23") for line in lines)
    before_noon = shown(complete("11-18", "11-19"), Asked(last=TODAY))
    assert "20" not in before_noon[4]
    assert before_noon[-1] == "nothing is missing"


def test_of_a_day_that_is_not_over_what_failed_is_told() -> None:
    lines = shown([*complete("11-18", "11-19"), known("11-20", 10, 9, failed=1, whole=False)])
    assert below(lines, "not complete") == ["전체 (1)     1 day   x 11-20 (1)"]
    assert below(lines, "next") == ["scrapy retry newspim", "scrapy crawl newspim"]


def test_on_the_first_day_nothing_is_complete_and_nothing_is_missing() -> None:
    lines = shown([known("11-20", 50, whole=False)])
    assert any("no day is over yet, 50 articles listed" in line for line in lines)
    assert lines[-1] == "nothing is missing"


def test_days_that_a_fast_newsroom_has_and_the_machine_has_not_are_shown() -> None:
    lines = shown([*complete("11-18", "11-19"), known("11-20", whole=False)], today=date(2026, 3, 1))
    assert lines[0].endswith("2026-11-18 to 2026-11-20")
    assert "2 of 2 days complete" in lines[2]


def test_an_old_article_that_a_list_names_does_not_stretch_the_calendar() -> None:
    old = known("01-05", 1, whole=False, walked_at=None)
    late = replace(old, day=as_number(date(2027, 5, 1)))
    lines = shown([old, *complete("11-18", "11-19"), late, replace(old, section=POLITICS)])
    assert lines[0].endswith("2026-11-18 to 2026-11-19")
    assert lines[-1] == "nothing is missing"


def test_the_days_asked_for_are_shown_though_nothing_is_known_of_them() -> None:
    lines = shown(complete("11-10", "11-12"), Asked(date(2026, 11, 9), date(2026, 11, 14)))
    assert lines[0].endswith("2026-11-09 to 2026-11-14")
    assert below(lines, "not complete") == ["전체 (1)     3 days  . 11-13 to 11-14, 11-09"]
    assert below(lines, "next") == ["scrapy crawl newspim -a since=2026-11-09 -a until=2026-11-14"]


def test_each_section_asked_for_has_a_calendar_and_its_sums() -> None:
    ledger = [*complete("11-18", "11-19"), *complete("11-18", "11-18", POLITICS), *complete("11-19", "11-19", SOCIETY)]
    ledger.append(known("11-19", failed=1, section="103"))
    lines = shown(ledger, Asked(last=date(2026, 11, 19), sections=(POLITICS, SOCIETY, "105")))
    assert "besides, in sections" not in lines
    headings = [line for line in lines if line.startswith("newspim")]
    assert headings == [
        "newspim  정치 (101)  2026-11-18 to 2026-11-19",
        "newspim  사회 (102)  2026-11-19 to 2026-11-19",
        "newspim  증권·금융 (105)  nothing known",
    ]
    assert [line.split(" of ")[0] for line in lines if "articles listed" in line] == ["정치 (101)  1", "사회 (102)  1"]
    assert below(lines, "next") == ["scrapy crawl newspim -a since=2026-11-19 -a until=2026-11-19 -a sections=101"]


def test_where_only_sections_were_walked_each_has_a_calendar() -> None:
    lines = shown([*complete("11-18", "11-19", SOCIETY), *complete("11-18", "11-19", POLITICS)])
    assert [line.split()[1] for line in lines if line.startswith("newspim")] == ["정치", "사회"]


def test_what_the_list_of_everything_lacks_is_not_told_again_for_each_section() -> None:
    """But what failed is, and what lies outside its days: nobody would find it otherwise."""
    of_all = [*complete("11-10", "11-12"), known("11-14", 9, 1, waiting=8), known("11-15", 9, 8, failed=1)]
    of_section = [replace(one, section=POLITICS) for one in of_all]
    lines = shown([*of_all, known("11-08", section=POLITICS), *of_section])
    assert below(lines, "besides, in sections") == ["정치 (101)     2 days  x 11-15 (1)  . 11-09"]


def test_many_sections_with_the_same_gaps_are_one_line() -> None:
    codes = [code for code in NEWSPIM.sections if code != ALL]
    ledger = complete("11-10", "11-12") + [
        one for code in codes for one in complete("11-10", "11-12", code) if code < "110" or one.day != 20261111
    ]
    assert below(shown(ledger), "besides, in sections") == [
        f"{len([c for c in codes if c >= '110'])} sections     1 day   . 11-11"
    ]


def test_a_long_list_of_gaps_tells_the_newest_and_counts_the_rest() -> None:
    ledger = [one for one in complete("01-01", "11-19") if one.day % 2]
    told = below(shown(ledger), "not complete")
    assert told[0].startswith("전체 (1)   158 days  . 11-18, 11-16,")
    days = sum(line.count("-") for line in told)
    assert told[-1].endswith(f"and {158 - days} more")
    assert len(told) == 3


def test_where_there_are_several_years_the_days_say_which() -> None:
    before = [replace(one, day=one.day - 10_000) for one in complete("12-20", "12-27")]
    ledger = [one for one in before if one.day not in (20251222, 20251223)] + complete("01-03", "11-19")
    assert below(shown(ledger), "not complete") == [
        "전체 (1)     8 days  . 2025-12-28 to 2026-01-02, 2025-12-22 to 12-23"
    ]


def test_days_in_a_row_with_the_same_gap_are_one_span_with_the_sum_of_what_failed() -> None:
    ledger = [known(f"11-{day}", 10, 10 - day + 9, failed=day - 9) for day in (10, 11, 12)]
    assert below(shown(ledger), "not complete") == ["전체 (1)     3 days  x 11-10 to 11-12 (6)"]


def test_a_failure_is_told_of_its_section_though_the_list_of_everything_was_not_walked_through() -> None:
    one = known("11-18", 10, 9, failed=1, whole=False)
    lines = shown([one, replace(one, section=POLITICS)])
    assert below(lines, "besides, in sections") == ["정치 (101)     1 day   x 11-18 (1)"]


def test_each_day_stands_in_its_own_month_only() -> None:
    lines = shown(complete("10-31", "11-01"))
    assert [line.split() for line in lines if "▮▮▮▮▮" in line] == [["31", "▮▮▮▮▮"], ["1", "▮▮▮▮▮"]]


def test_a_sub_section_has_the_name_of_its_section() -> None:
    lines = shown(complete("11-18", "11-19", "101010"), Asked(sections=("101010",)))
    assert lines[0].startswith("newspim  정치 (101010)  ")


def test_what_failed_is_retried_and_what_waits_goes_on_with_the_next_crawl() -> None:
    assert below(shown([known("11-18", 9, 8, waiting=1)]), "next") == ["scrapy crawl newspim"]
    assert below(shown([known("11-18", 9, 8, failed=1)]), "next") == ["scrapy retry newspim", "scrapy crawl newspim"]


def test_without_unicode_every_sign_is_ascii_but_the_names() -> None:
    ledger = [known("11-16"), known("11-17", whole=False), known("11-19", failed=1, exported=99)]
    plain = [line.replace("전체", "") for line in shown(ledger, look=Look(unicode=False))]
    assert "".join(plain).isascii()
    assert "# complete  - in part" in "\n".join(plain)
    assert any("16 #####" in line and "17 ####-" in line and "19 ####x" in line for line in plain)


def test_colours_change_nothing_else() -> None:
    ledger = [*complete("01-01", "03-01"), known("11-17", whole=False), known("11-19", failed=1, exported=99)]
    for asked in (Asked(), Asked(first=date(2026, 11, 1))):
        coloured = "\n".join(shown(ledger, asked, Look(coloured=True)))
        assert "\x1b[32m▮" in coloured
        assert "\x1b[1;31m" in coloured
        for code in ("[0m", "[32m", "[33m", "[36m", "[1;31m", "[2m"):
            coloured = coloured.replace(f"\x1b{code}", "")
        assert coloured.splitlines() == shown(ledger, asked)


def test_nothing_is_shown_of_days_that_the_ledger_does_not_have() -> None:
    assert shown([]) == []
    assert shown(complete("11-18", "11-19"), Asked(sections=("105",))) == []


_days = st.builds(
    lambda day, section, whole, walked, counts: LedgerDay(
        as_number(date(2026, 1, 1) + timedelta(day)), section, sum(counts), *counts[1:], whole, walked
    ),
    st.integers(0, 400),
    st.sampled_from(list(NEWSPIM.sections)),
    st.booleans(),
    st.none() | st.just(5),
    st.lists(st.integers(0, 1_999), min_size=4, max_size=4),
)


@given(st.lists(_days, min_size=1, max_size=30), st.integers(72, 130), st.booleans())
def test_no_line_is_wider_than_the_terminal(ledger: list[LedgerDay], columns: int, of_sections: bool) -> None:
    ledger = list({(one.day, one.section): one for one in ledger}.values())
    asked = Asked(sections=tuple(NEWSPIM.sections)) if of_sections else Asked()
    lines = shown(ledger, asked, Look(columns))
    commands = below(lines, "next")
    assert [line for line in lines if cell_len(line) > columns and line.strip() not in commands] == []
    assert any("articles listed" in line for line in lines)


def test_days_are_numbers_and_dates() -> None:
    assert as_date(20261120) == TODAY
    assert as_number(TODAY) == 20261120
