"""Whether a run went well, told from its stats."""

from __future__ import annotations

from typing import Any

import pytest

from newscrawl.verdict import problems, summary

WELL = {
    "finish_reason": "finished",
    "downloader/request_count": 3,
    "response_received_count": 3,
    "newscrawl/pages": 2,
    "item_scraped_count": 1,
}


def test_a_run_that_lost_nothing_has_no_problem() -> None:
    assert problems(WELL | {"newscrawl/gone/404": 2, "newscrawl/refused": 1, "newscrawl/drop/duplicate/id": 4}) == []


def test_a_run_whose_reader_had_enough_went_well_if_nothing_else_was_lost() -> None:
    assert problems(WELL | {"finish_reason": "reader_left", "newscrawl/left": 3}) == []
    assert problems(WELL | {"finish_reason": "reader_left", "newscrawl/failed/article/503": 1}) == [
        "1 could not be fetched or written"
    ]


@pytest.mark.parametrize(
    "stats",
    [
        {},
        {"newscrawl/seen": 3},
        {"newscrawl/skipped/outside/argument": 1},
        {"downloader/request_count": 2, "response_received_count": 2, "newscrawl/gone/404": 1},
        {"downloader/request_count": 9, "response_received_count": 9, "newscrawl/polls/not_modified": 9},
    ],
    ids=["another run has it all", "all in the output", "outside the time", "gone", "a quiet hour of a watch"],
)
def test_a_run_without_a_page_can_have_gone_well(stats: dict[str, Any]) -> None:
    assert problems({"finish_reason": "finished"} | stats) == []


@pytest.mark.parametrize(
    ("stats", "problem"),
    [
        ({"downloader/request_count": 5}, "the site did not answer"),
        ({"downloader/request_count": 2, "response_received_count": 1}, "no page of the site could be read"),
        ({"response_received_count": 1, "newscrawl/refused": 1}, "no page of the site could be read"),
    ],
    ids=["no answer", "robots.txt only", "all refused"],
)
def test_a_run_that_asked_for_pages_and_got_none_has_a_problem(stats: dict[str, Any], problem: str) -> None:
    assert problems({"finish_reason": "finished"} | stats) == [problem]


@pytest.mark.parametrize(
    "stats",
    [
        {"finish_reason": "shutdown"},
        {"finish_reason": None},
        {"response_received_count": 0},
        {"newscrawl/pages": 0},
        {"newscrawl/failed/article/503": 1},
        {"newscrawl/failed/export": 1},
        {"newscrawl/no_container": 1},
        {"newscrawl/drop/incomplete/body": 1},
        {"spider_exceptions/count": 1},
        {"newscrawl/pipeline_errors": 1},
        {"feedexport/failed_count/LineStorage": 1},
    ],
    ids=lambda stats: next(iter(stats)),
)
def test_each_loss_is_a_problem(stats: dict[str, Any]) -> None:
    assert len(problems(WELL | stats)) == 1


def test_the_summary_counts_as_exported_only_what_was_written() -> None:
    lines = summary(
        {"item_scraped_count": 5, "newscrawl/exported": 3, "newscrawl/failed/export": 2, "newscrawl/found/list": 6}
    )
    assert [line.split()[:2] for line in lines] == [["found", "6"], ["exported", "3"], ["lost", "2"]]


def test_the_summary_says_what_was_marked_and_what_was_said_anew() -> None:
    stats = {
        "newscrawl/duplicate/update": 3,
        "newscrawl/duplicate/template": 1,
        "newscrawl/revised": 5,
        "newscrawl/restated": 2,
    }
    lines = [" ".join(line.split()) for line in summary(stats)]
    assert "marked 4 update 3, template 1" in lines
    assert "revised 5 restated 2" in lines
