"""The report of a run, read as a text: every figure is in it, and nothing of it can do harm."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl import verdict
from newscrawl.monitors.checks import ROWS
from newscrawl.report.headline import headline
from newscrawl.report.merging import merged
from newscrawl.report.page import page
from newscrawl.report.words import WORDS
from tests.report import examples

RUNS = {
    "good": examples.good,
    "bad": examples.bad,
    "empty": examples.empty,
    "died": examples.died,
    "backfill": examples.backfill,
    "hostile": examples.hostile,
}
ROOT = Path(__file__).parents[2]
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Nesting(HTMLParser):
    """Whether each element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@cache
def written(name: str, length: int) -> str:
    """The page of a run with so many before it."""
    return page(RUNS[name](), examples.history(length))


def read(figures: examples.FIGURES, history: list[examples.FIGURES] | None = None) -> LexborHTMLParser:
    return LexborHTMLParser(page(figures, history or []))


def text_of(tree: LexborHTMLParser, selector: str, lang: str = "en") -> str:
    """What a reader of one language reads there."""
    node = tree.css_first(selector)
    other = "ko" if lang == "en" else "en"
    for part in node.css(f'span[lang="{other}"], tspan[lang="{other}"]'):
        part.decompose()
    return " ".join(node.text(separator=" ").split())


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("length", [0, 31])
def test_a_page_of_any_run_is_well_formed(name: str, length: int) -> None:
    nesting = Nesting()
    nesting.feed(written(name, length))
    assert (nesting.wrong, nesting.open) == ([], [])


@pytest.mark.parametrize("name", RUNS)
def test_a_page_is_small_whatever_the_run(name: str) -> None:
    """Bytes. A schedule writes one every ten minutes."""
    assert len(written(name, 31).encode()) < 200_000


def test_a_page_costs_little() -> None:
    """Seconds of CPU, of a machine that runs other things too; half a second is what was asked for."""
    history = examples.history(300)
    began = time.process_time()
    page(examples.good(), history)
    assert time.process_time() - began < 1.5


def test_the_same_figures_make_the_same_page() -> None:
    assert page(examples.good(), examples.history(3)) == page(examples.good(), examples.history(3))


def test_figures_read_from_json_make_the_same_page() -> None:
    assert page(json.loads(json.dumps(examples.bad())), []) == page(examples.bad(), [])


@pytest.mark.parametrize(
    ("name", "state", "headline"),
    [
        ("good", "well", "✓ All well — 762 new articles, in 1 min 7 s"),
        ("bad", "look", "! Needs a look — 754 new articles, in 1 min 7 s"),
        ("empty", "well", "✓ All well — no new article, in 1 min 7 s"),
        ("died", "died", "✕ It died before its end"),
    ],
)
def test_the_headline_says_whether_all_is_well_and_what_came_in(name: str, state: str, headline: str) -> None:
    tree = read(RUNS[name]())
    assert tree.css_first(".state").attributes["data-state"] == state
    assert text_of(tree, "h1") == headline


@pytest.mark.parametrize(
    "change",
    [
        {"exit_code": 1},
        {"problems": ["ended early (closespider_timeout)"]},
        {"monitors": [{"name": "x", "passed": False, "text": ""}]},
    ],
)
def test_one_thing_that_went_wrong_is_enough_for_a_look(change: examples.FIGURES) -> None:
    assert read(examples.good() | change).css_first(".state").attributes["data-state"] == "look"


def test_problems_are_told_in_korean_too() -> None:
    assert "300건을 가져오거나 쓰지 못했습니다" in text_of(read(examples.bad()), ".state", "ko")


@pytest.mark.parametrize(
    "stats",
    [
        {"finish_reason": "closespider_timeout", "downloader/request_count": 3},
        {"finish_reason": "finished", "downloader/request_count": 3, "response_received_count": 3},
        {
            "finish_reason": "finished",
            "newscrawl/failed/timeout": 1200,
            "newscrawl/no_container": 1,
            "newscrawl/drop/incomplete/title": 1,
            "spider_exceptions/count": 1,
            "newscrawl/pipeline_errors": 1,
            "feedexport/failed_count/FileFeedStorage": 1,
        },
    ],
)
def test_every_problem_that_the_verdict_knows_has_korean_words(stats: dict[str, Any]) -> None:
    found = headline({"problems": verdict.problems(stats)}).problems
    assert found
    assert all(one.ko != one.en for one in found)


def test_a_problem_without_korean_words_is_shown_as_it_is() -> None:
    assert headline({"problems": ["2 fell off the lorry"]}).problems == [("2 fell off the lorry",) * 2]


def test_of_a_watch_that_goes_on_no_end_is_told() -> None:
    page_of_it = text_of(read(examples.watch(2)[0]), ".state")
    assert "the watch goes on" in page_of_it
    assert "exit code" not in page_of_it


def test_monitors_that_failed_come_first() -> None:
    names = [node.text() for node in read(examples.bad()).css(".monitors b [lang=en]")]
    assert names[:2] == ["nothing lost", "fields"]


def test_every_monitor_has_a_korean_name() -> None:
    for row in ROWS:
        assert WORDS[f"monitor.{row.name}"].en == row.name


def test_monitors_that_failed_are_the_problem_of_a_run_that_lost_nothing() -> None:
    (told,) = headline({"problems": ["monitors failed: disk, sections"]}).problems
    assert told == ("걸린 점검: 디스크, 섹션", "monitors failed: disk, sections")


def test_each_mark_of_a_plot_says_its_figure_on_hover() -> None:
    figures = examples.good()
    figures["timeline"] = {
        "unit": "hour",
        "rows": [
            {"at": "2026-11-20T08:00:00+09:00", "section": "경제", "articles": 1234},
            {"at": "2026-11-20T09:00:00+09:00", "section": None, "articles": 5},
        ],
    }
    titles = [node.text() for node in read(figures).css("#plot-timeline title")]
    assert titles == ["2026-11-20 08:00 · 경제: 1,234", "2026-11-20 09:00 · 섹션 없음: 5"]


def test_bars_are_as_long_as_their_figures() -> None:
    figures = examples.good()
    figures["ways"] = {
        "list": {"found": 1, "named": 100, "alone": 0, "missed": 0, "articles": 1},
        "feed": {"found": 1, "named": 50, "alone": 0, "missed": 0, "articles": 1},
    }
    widths = {
        node.css_first("title").text(): float(node.attributes["width"])
        for node in read(figures).css("#plot-ways .drawing rect")
    }
    assert widths["목록 · 다른 길도 알려 줌: 100"] == pytest.approx(
        2 * widths["피드 · 다른 길도 알려 줌: 50"], rel=0.01
    )


def test_a_table_says_the_same_as_its_plot() -> None:
    rows = [[cell.text() for cell in row.css("td")] for row in read(examples.good()).css("#plot-ways tbody tr")]
    assert [row[1:] for row in rows] == [["198", "12", "3"], ["146", "4", "41"], ["96", "0", "90"], ["58", "6", "0"]]


def test_a_run_without_a_forerunner_of_its_kind_has_no_plot_over_time() -> None:
    keys = {node.id for node in read(examples.backfill(), examples.history(9)).css("figure")}
    assert keys == {"plot-timeline", "plot-ways", "plot-fields", "plot-lateness"}


def test_a_run_that_died_is_a_gap_in_the_plots_of_later_ones() -> None:
    tree = read(examples.good(), [*examples.history(3), examples.died(), *examples.history(2)])
    assert len(tree.css("#plot-speed .drawing circle")) == 6


def test_only_the_last_runs_are_drawn() -> None:
    assert len(read(examples.good(), examples.history(300)).css("#plot-speed .drawing circle")) == 30


def test_every_named_failure_can_be_clicked() -> None:
    addresses = [node.attributes["href"] for node in read(examples.bad()).css("#lost a")]
    assert addresses == [one["url"] for one in examples.bad()["failures"]["named"]]


def test_what_is_named_is_counted_though_it_is_no_failure() -> None:
    """A page without a body is named among the failures, and counted elsewhere."""
    figures = examples.bad(3)
    figures["failures"] |= {"total": 0, "reasons": {}}
    assert "3 in all" in text_of(read(figures), "#lost")


def test_what_is_not_named_of_many_failures_is_said() -> None:
    assert "Of 300, only 100 are named." in text_of(read(examples.bad()), "#lost")


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ("#lost", "Nothing was lost."),
        ("#unreadable", "Every page had a body."),
        ("#stories", "No story grew."),
        ("#settings", "Every setting has its default."),
        ("#plot-timeline", "No article came in."),
    ],
)
def test_what_is_empty_is_said_plainly(selector: str, said: str) -> None:
    assert said in text_of(read(examples.empty()), selector)


@pytest.mark.parametrize("selector", ["#lost", "#unreadable", "#stories", "#settings", "#plot-timeline"])
def test_what_a_dead_run_did_not_tell_is_not_called_nothing(selector: str) -> None:
    assert re.search("not known", text_of(read(examples.died()), selector), re.IGNORECASE)


def test_what_a_site_chose_stays_text() -> None:
    tree = read(examples.hostile(), examples.history(2))
    assert len(tree.css("script")) == 1
    assert len(tree.css("style")) == 1
    assert tree.css("img, [onerror]") == []
    assert "javascript:alert(1)" in tree.css_first("#lost").text()
    assert {node.attributes["href"].split(":")[0] for node in tree.css("#lost a")} == {"https"}
    assert examples.HOSTILE in tree.css_first("#stories").text()


def test_what_a_site_chose_cannot_turn_the_page_around() -> None:
    found = page(examples.hostile(), [])
    assert not set(found) & {"\u202e", "\u200b", "\x07"}


def test_half_a_sign_does_not_make_a_page_that_cannot_be_written() -> None:
    figures = examples.good()
    figures["stories"].append({"id": "newspim:3", "title": "half \ud800 a sign", "articles": 2})
    figures["arguments"] = {"urls": "half \ud800 a sign"}
    figures["timeline"]["rows"].append({"at": None, "section": "half \ud800 a sign", "articles": 900})
    page(figures, []).encode()


@pytest.mark.parametrize("name", RUNS)
def test_a_page_asks_for_nothing(name: str) -> None:
    tree = LexborHTMLParser(written(name, 31))
    policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert tree.css("[src], [style], link:not([href='data:,'])") == []
    assert not re.search(r"url\(|@import", tree.css_first("style").text())


def test_drawing_leaves_the_import_of_other_modules_alone() -> None:
    """Warnings are errors here: a finder in an old form would warn."""
    with pytest.raises(ModuleNotFoundError):
        import_module("no_such_module_anywhere")


def test_a_page_can_be_made_from_a_zipped_package(tmp_path: Path) -> None:
    """As Scrapyd runs it: from an egg that is not unpacked."""
    with ZipFile(tmp_path / "newscrawl.egg", "w") as egg:
        for path in (ROOT / "newscrawl").rglob("*.*"):
            egg.write(path, path.relative_to(ROOT))
    code = "from newscrawl.report.page import page; print(page.__code__.co_filename, page({}, [])[:15])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path / "newscrawl.egg")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split(maxsplit=1) == [f"{tmp_path}/newscrawl.egg/newscrawl/report/page.py", "<!doctype html>\n"]


def test_figures_without_most_names_still_make_a_page() -> None:
    """Those of an older version: what it did not count is not known."""
    assert page({"id": 1, "site": "newspim", "kind": "latest", "started_at": "2026-11-20T07:00:03+09:00"}, [{}, {}])


@pytest.mark.parametrize("missing", sorted(examples.good()))
def test_any_figure_may_be_null(missing: str) -> None:
    assert page(examples.good() | {missing: None}, [])


def test_any_figure_of_earlier_runs_may_be_null() -> None:
    earlier = [examples.good() | {name: None} for name in examples.good() if name != "kind"]
    assert page(examples.good(), earlier[:29])
    assert page(examples.good(), earlier[29:])


def test_each_phrase_has_the_same_values_in_both_languages() -> None:
    for key, both in WORDS.items():
        assert re.findall(r"\{\w+\}", both.ko).sort() == re.findall(r"\{\w+\}", both.en).sort(), key
        assert set(re.findall(r"\{(\w+)\}", both.ko)) == set(re.findall(r"\{(\w+)\}", both.en)), key


def test_every_name_of_the_figures_is_documented() -> None:
    """`a.b` for what stands below `a`; where the names below are the run's own, `a.*`."""
    documents = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    one, of_several = documents.split("## run.json of several runs")
    besides = of_several.split("And these besides:")[1]
    of_one, more = (set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)) for text in (one, besides))
    assert names(examples.bad()) == of_one
    assert names(merged([examples.bad(), examples.bad() | {"id": 14}])) == of_one | more


OWN_NAMES = {
    *("arguments", "kinds", "fields", "fields.*.from", "ways", "lateness", "pages.gone", "pages.statuses", "rechecked"),
    *("dropped", "skipped", "checks", "cleaned", "duplicates", "failures.reasons", "settings", "log", "exits"),
}


def names(found: Any, path: str = "") -> set[str]:
    """Every name in the figures, with its path."""
    if isinstance(found, list):
        return set().union(*(names(one, path + "[]") for one in found if isinstance(one, dict)))
    if not isinstance(found, dict):
        return set()
    every = set()
    for key, one in found.items():
        below = f"{path}.{'*' if path in OWN_NAMES else key}".lstrip(".")
        every |= {below} | names(one, below)
    return every
