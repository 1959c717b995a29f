"""One notice for one trouble, and one when it is over."""

from __future__ import annotations

from dataclasses import replace

from newscrawl.monitors.finding import Finding, bad, good, unjudged
from newscrawl.monitors.notices import CALM, NIGHT, PASSES, Place, Trouble, message, news, subject

PLACE = Place("newspim", 12, "data/newspim/reports/12/run.json")
TEN_MINUTES = 600
WRONG, WELL = bad("0 articles in 6 h, usual at this time are 400"), good("all well")


def after(*findings: Finding, every: int = TEN_MINUTES, told: bool = True) -> tuple[list[Trouble], list[str]]:
    """The troubles after runs that found this, and for each notice its run and whether it is of a begin. `told`: whoever is owed is told."""
    troubles: list[Trouble] = []
    notices = []
    for run, finding in enumerate(findings, 1):
        troubles = news(troubles, {"articles": finding}, run=run, now=run * every, receivers=["slack"])
        if told:
            notices += [f"{'over' if one.over_at else 'begun'} in {run}" for one in troubles if one.owed]
            troubles = [replace_owed(one) for one in troubles if not (one.over_at and told)]
    return troubles, notices


def replace_owed(trouble: Trouble) -> Trouble:
    return replace(trouble, owed=frozenset())


def test_a_trouble_is_told_once_while_it_lasts() -> None:
    assert after(WRONG, WRONG, WRONG)[1] == ["begun in 1"]


def test_its_end_is_told_once() -> None:
    assert after(WRONG, *[WELL] * 6)[1] == ["begun in 1", f"over in {1 + PASSES}"]


def test_a_trouble_that_comes_and_goes_is_one() -> None:
    assert after(WRONG, WELL, WRONG, WELL, WELL, WRONG)[1] == ["begun in 1"]


def test_of_rare_runs_one_that_is_well_ends_it() -> None:
    assert after(WRONG, WELL, every=CALM)[1] == ["begun in 1", "over in 2"]


def test_what_needs_many_articles_is_not_over_because_it_is_night() -> None:
    troubles = news([], {"sections": WRONG}, run=1, now=0, slow=["sections"])
    for run in range(2, 60):
        troubles = news(troubles, {"sections": WELL}, run=run, now=run * TEN_MINUTES, slow=["sections"])
    assert troubles[0].over_at is None
    assert news(troubles, {"sections": WELL}, run=60, now=NIGHT, slow=["sections"])[0].over_at == NIGHT


def test_a_run_that_could_not_judge_ends_nothing() -> None:
    assert after(WRONG, *[unjudged("not judged, see 'errors'")] * 9)[1] == ["begun in 1"]


def test_after_its_end_the_same_is_another() -> None:
    assert after(WRONG, *[WELL] * PASSES, WRONG)[1][-1] == "begun in 5"


def test_what_happens_once_has_no_end_to_tell() -> None:
    changed = Finding(False, "robots.txt changed", lasting=False)
    assert after(changed, *[WELL] * 5)[1] == ["begun in 1"]


def test_what_nobody_could_be_told_is_told_later() -> None:
    troubles, _ = after(WRONG, WRONG, told=False)
    assert troubles[0].owed == {"slack"}


def test_what_is_over_before_anybody_was_told_is_one_notice() -> None:
    (trouble,), _ = after(WRONG, *[WELL] * PASSES, told=False)
    assert trouble.over_at is not None
    assert trouble.owed == {"slack"}


def test_who_is_not_told_any_more_is_not_waited_for() -> None:
    troubles, _ = after(WRONG, *[WELL] * PASSES, told=False)
    assert news(troubles, {"articles": WELL}, run=9, now=9, receivers=[])[0].is_done


def test_a_notice_names_site_run_monitor_and_report() -> None:
    troubles, _ = after(WRONG, told=False)
    assert message(troubles, PLACE).splitlines() == [
        "newspim, run 12",
        "articles: 0 articles in 6 h, usual at this time are 400",
        "Report: data/newspim/reports/12/run.json",
    ]
    assert subject(troubles, PLACE) == "[newspim] articles"


def test_an_end_says_how_long_it_lasted() -> None:
    troubles, _ = after(WRONG, WRONG, *[WELL] * PASSES, told=False)
    text = message(troubles, PLACE)
    assert "articles: over, after 40 min and 2 runs. It began in run 1" in text
    assert subject(troubles, PLACE) == "[newspim] over: articles"
