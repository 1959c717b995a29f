"""The report of several runs, read as a text: what all brought, when it went wrong, and in which runs."""

from __future__ import annotations

import time
from functools import cache

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.report.page import page
from newscrawl.report.troubles import Ends
from tests.report import examples
from tests.report.test_page import Nesting, text_of

SEVERAL = {
    "week": lambda: examples.course_of(examples.week()),
    "quiet": lambda: examples.course_of(list(examples.week(20))[:3]),
    "dead": lambda: examples.course_of([examples.died() | {"id": n} for n in (1, 2)]),
    "hostile": lambda: examples.course_of([examples.good(), examples.hostile()]),
    "watch": lambda: examples.course_of(examples.watch(30)),
}


@cache
def written(name: str) -> str:
    figures, course = SEVERAL[name]()
    return page(figures, [], course)


def tree_of(name: str) -> LexborHTMLParser:
    return LexborHTMLParser(written(name))


@pytest.mark.parametrize("name", SEVERAL)
def test_a_page_of_any_runs_is_well_formed(name: str) -> None:
    nesting = Nesting()
    nesting.feed(written(name))
    assert (nesting.wrong, nesting.open) == ([], [])


@pytest.mark.parametrize("name", SEVERAL)
def test_a_page_is_small_however_many_runs_there_are(name: str) -> None:
    """Bytes."""
    assert len(written(name).encode()) < 350_000


def test_a_page_costs_little() -> None:
    """Seconds of CPU, of a machine that runs other things too."""
    several = list(examples.week())
    began = time.process_time()
    figures, course = examples.course_of(several)
    page(figures, [], course)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        ("week", "en", "! 8 of 1,008 runs need a look — 7,683 new articles"),
        ("week", "ko", "! 실행 1,008번 가운데 8번을 살펴봐야 합니다 — 새 기사 7,683건"),
        ("quiet", "en", "✓ All 3 runs went well — 3 new articles"),
        ("dead", "en", "! 2 of 2 runs need a look"),
        ("watch", "en", "✓ All well — 301 new articles, in 1 d 6 h"),
    ],
)
def test_the_headline_says_how_many_runs_need_a_look_and_what_came_in(name: str, lang: str, said: str) -> None:
    assert text_of(tree_of(name), "h1", lang) == said


def test_the_head_says_of_what_time_it_is() -> None:
    assert "2026-11-13 07:00:03 to 2026-11-20 06:51:10 (KST)" in text_of(tree_of("week"), ".state")
    assert text_of(tree_of("week"), ".bar p") == "newspim · latest · 1,008 runs"


def test_it_is_said_of_how_many_runs_little_is_known() -> None:
    assert "1 of them left no figures" in text_of(tree_of("week"), ".state")
    assert "left no figures" not in text_of(tree_of("quiet"), ".state")


def test_bad_ends_are_told_in_korean_too() -> None:
    told = text_of(tree_of("week"), ".state", "ko")
    assert "실행 1,008번 가운데 4번이 종료 코드 1(으)로 끝났습니다" in told
    assert "실행 1,008번 가운데 1번이 끝맺지 못하고 멎었습니다" in told


def test_every_bad_end_has_korean_words() -> None:
    ends = Ends()
    for figures in ({"exit_code": 3}, {"reason": "died"}, {"exit_code": None}):
        ends.add(figures)
    told = LexborHTMLParser(page({"runs": 3, "problems": ends.problems(3, {})}, []))
    assert len(told.css('.state li [lang="ko"]')) == 3


def test_monitors_say_how_often_they_failed_and_when() -> None:
    said = text_of(tree_of("week"), ".monitors li")
    assert said.startswith("✕ sections failed · 4 times, 2026-11-16 01:20:03 – 2026-11-18 20:10:03 부동산: no article")
    assert text_of(tree_of("quiet"), ".monitors") == "No monitor failed in these runs."


def test_the_plots_over_time_are_of_exactly_these_runs() -> None:
    rows = tree_of("week").css("#plot-runs tbody tr")
    assert len(rows) <= 50
    assert sum(int(row.css("td")[1].text().replace(",", "")) for row in rows) == 7683
    assert text_of(tree_of("week"), "#plot-runs h3") == "What came in (a column is 6 h)"
    assert text_of(tree_of("quiet"), "#plot-runs h3") == "What came in, run by run"
    assert len(tree_of("watch").css("#plot-speed .drawing circle")) == 30


def test_when_runs_needed_a_look_is_drawn_only_if_some_did() -> None:
    titles = [node.text() for node in tree_of("week").css("#plot-troubled title")]
    assert "11-16 18:00 · 살펴볼 실행: 3" in titles
    assert not tree_of("quiet").css("#plot-troubled")


def test_runs_that_need_a_look_are_listed_with_what_was_wrong() -> None:
    rows = [[cell.text(strip=True) for cell in row.css("td")] for row in tree_of("week").css("#troubled tbody tr")]
    assert [row[0] for row in rows] == ["800", "799", "778", "507", "506", "505", "400", "399"]
    assert rows[3][1] == "2026-11-16 19:20:03"
    assert "site_unreachable" in rows[3][3]


def test_coverage_of_few_articles_is_not_drawn() -> None:
    points = tree_of("week").css("#plot-coverage tbody tr")
    empty = [row for row in points if row.css("td")[1].text() == "–"]
    assert 0 < len(empty) < len(points)


def test_what_differs_from_run_to_run_is_called_so() -> None:
    other = examples.good(13) | {"arguments": {"since": "1d"}, "settings": {"DOWNLOAD_DELAY": 1.0}}
    figures, course = examples.course_of([examples.good(), other])
    tree = LexborHTMLParser(page(figures, [], course))
    assert text_of(tree, "#arguments") == "Arguments They differ from run to run."
    assert text_of(tree, "#settings tbody") == "DOWNLOAD_DELAY differs NEWSCRAWL_CONTACT differs"


@pytest.mark.parametrize("missing", sorted(examples.course_of(examples.watch(2))[0]))
def test_any_figure_may_be_null(missing: str) -> None:
    figures, course = examples.course_of([examples.good(1), examples.bad()])
    assert page(figures | {missing: None}, [], course)


def test_what_a_site_chose_stays_text() -> None:
    tree = tree_of("hostile")
    assert (len(tree.css("script")), len(tree.css("style"))) == (1, 1)
    assert tree.css("img, [onerror]") == []
    assert not set(written("hostile")) & {"\u202e", "\u200b", "\x07"}
