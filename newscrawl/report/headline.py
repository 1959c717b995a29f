"""Whether a run went well, in one line, and the few numbers that are looked at first."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.report.amounts import NONE, count, duration, moment, share, until
from newscrawl.report.reading import Figures, counts, number, rows, value
from newscrawl.report.troubles import needs_look, troubled
from newscrawl.report.words import WORDS, Both, same, say

_MONITORS = "monitors failed: "
_MANY_IN_BROWSER = 0.05  # of the article pages; newscrawl.verdict has the same
_SIGNS = {"well": "✓", "look": "!", "died": "✕"}


@dataclass(frozen=True, slots=True)
class Headline:
    """`state`: well, look or died. `sign` says it without colour. `problems`: what the run lost."""

    state: str
    sign: str
    text: Both
    more: list[Both]
    problems: list[Both]


@dataclass(frozen=True, slots=True)
class Monitor:
    """What one monitor said, in English; `often`: of several runs, how many times and when."""

    name: str
    passed: bool
    text: str
    often: Both | None = None


def headline(figures: Figures) -> Headline:
    """The first line of a report, and what belongs right below it."""
    if is_of_several(figures):
        return _of_several(figures)
    state = _state(figures)
    new, seconds = number(figures, "articles", "exported"), number(figures, "seconds")
    text = _with_articles(say(f"state.{state}"), new)
    if seconds is not None:
        text = _joined(text, ", " if new is not None else " — ", say("head.in", time=duration(seconds)))
    more = [say("head.died")] if state == "died" else [_reason(figures)]
    return Headline(state, _SIGNS[state], text, [*more, *_moved(figures)], _problems(figures))


def is_of_several(figures: Figures) -> bool:
    """Whether these are the figures of more than one run."""
    return (number(figures, "runs") or 1) > 1


def _of_several(figures: Figures) -> Headline:
    runs, looks, seconds = number(figures, "runs"), troubled(figures), number(figures, "seconds")
    state = "look" if looks else "well"
    text = say(f"several.{state}", n=count(runs), **({"m": count(looks)} if looks else {}))
    more = [say("several.took", time=duration(seconds))] if seconds else []
    unknown = number(figures, "unknown")
    more += [say("several.unknown", n=count(unknown))] if unknown else []
    text = _with_articles(text, number(figures, "articles", "exported"))
    return Headline(state, _SIGNS[state], text, [*more, *_moved(figures)], _problems(figures))


def _moved(figures: Figures) -> list[Both]:
    """A word on pages that needed the browser, when they are so many that the site may have moved its texts to scripts."""
    part = number(figures, "browser", "share")
    return [say("head.browser", share=share(part, 1))] if part is not None and part > _MANY_IN_BROWSER else []


def _with_articles(text: Both, new: float | None) -> Both:
    if new is None:
        return text
    found = {0: "head.none", 1: "head.one"}.get(int(new), "head.new")
    return _joined(text, " — ", say(found, n=count(new)))


def monitors(figures: Figures) -> list[Monitor]:
    """Those that failed first, else in their order."""
    found = [
        Monitor(str(one.get("name", NONE)), bool(one.get("passed")), str(one.get("text") or ""), _often(one))
        for one in rows(figures, "monitors")
        if isinstance(one, dict)
    ]
    return sorted(found, key=lambda one: one.passed)


def _often(monitor: Figures) -> Both | None:
    """In how many of several runs a monitor failed, and when."""
    times = number(monitor, "runs")
    if times is None:
        return None
    first, last = moment(monitor.get("first")), moment(monitor.get("last"))
    span = first if times == 1 else f"{first} – {until(monitor.get('first'), monitor.get('last'))}"
    return say("several.once", span=last) if times == 1 else say("several.often", n=count(times), span=span)


def tiles(figures: Figures) -> list[tuple[Both, Both, bool]]:
    """Name and amount of what is looked at first, and whether it is bad. What is nothing is left away, but for new articles and failures."""
    dropped = sum(counts(figures, "dropped").values()) if value(figures, "dropped") is not None else None
    amounts = {
        "exported": number(figures, "articles", "exported"),
        "failed": number(figures, "failures", "total"),
        "revised": number(figures, "articles", "revised"),
        "withdrawn": number(figures, "articles", "withdrawn"),
        "known": number(figures, "articles", "known"),
        "dropped": dropped,
        "left": number(figures, "articles", "left"),
    }
    shown = [
        (say(f"tile.{name}"), same(count(n)), name == "failed" and bool(n))
        for name, n in amounts.items()
        if n or name in ("exported", "failed")
    ]
    late = number(figures, "lateness", "all", "median")
    return shown if late is None else [*shown, (say("tile.median"), duration(late), False)]


def _state(figures: Figures) -> str:
    if figures.get("reason") == "died":
        return "died"
    return "look" if needs_look(figures) else "well"


def _reason(figures: Figures) -> Both:
    if figures.get("reason") == "goes_on":
        return say("head.goes_on")
    code = figures.get("exit_code")
    return say("head.reason", reason=str(figures.get("reason") or NONE), code=NONE if code is None else str(code))


def _problems(figures: Figures) -> list[Both]:
    return [problem(str(one)) for one in rows(figures, "problems")]


def problem(phrase: str) -> Both:
    """A phrase of the verdict, `3 could not be fetched or written`, with its Korean where there is one."""
    if of_runs := _of_runs(phrase):
        return of_runs
    number, _, rest = phrase.partition(" ")
    if number.isdecimal() and f"problem.{rest}" in WORDS:
        return say(f"problem.{rest}", n=count(int(number)))
    if phrase.startswith("ended early ("):
        return say("problem.ended early", reason=phrase.removeprefix("ended early (").removesuffix(")"))
    if phrase.startswith(_MONITORS):
        names = phrase.removeprefix(_MONITORS).split(", ")
        told = [WORDS.get(f"monitor.{name}", same(name)) for name in names]
        found = WORDS["problem.monitors failed"]
        korean, english = ", ".join(one.ko for one in told), ", ".join(one.en for one in told)
        return Both(found.ko.format(names=korean), found.en.format(names=english))
    return WORDS.get(f"problem.{phrase}", same(phrase))


def _of_runs(phrase: str) -> Both | None:
    """`2 of 1008 runs ended with exit code 1`; None for what says nothing of several runs."""
    words = phrase.split(" ")
    if words[1:2] != ["of"] or words[3:4] != ["runs"] or not (words[0] + words[2]).isdecimal():
        return None
    found, amounts = f"problem.{' '.join(words[3:8])}", {"n": count(int(words[0])), "m": count(int(words[2]))}
    return say(found, **amounts, code=words[-1]) if found in WORDS else None


def _joined(first: Both, sign: str, second: Both) -> Both:
    return Both(first.ko + sign + second.ko, first.en + sign + second.en)
