"""The report of a run, or of several: figures, and those of earlier runs of the site, -> one HTML page that needs nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from newscrawl.report.amounts import count, moment, until
from newscrawl.report.course import Course
from newscrawl.report.drawing import draw
from newscrawl.report.foreign import clean, clipped
from newscrawl.report.headline import headline, is_of_several, monitors, tiles
from newscrawl.report.plots import RUNS, of_its_kind, plots, plots_of_several
from newscrawl.report.reading import number
from newscrawl.report.tables import cards
from newscrawl.report.words import Both, name_of, say


def page(figures: Mapping[str, Any], history: Sequence[Mapping[str, Any]], course: Course | None = None) -> str:
    """The page. `history`: figures of earlier runs of the site, the oldest first; of these the last ones of the same kind are shown.
    `course`: of figures that were merged, what they were merged from; it is shown in place of a history."""
    before = [] if course else of_its_kind(figures, history)[-RUNS:]
    drawn = plots_of_several(figures, course) if course else plots(figures, history)
    return (
        _environment()
        .get_template("page.html")
        .render(
            head={name: figures.get(name) for name in ("site", "kind", "started_at", "ended_at")},
            which=_which(figures),
            headline=headline(figures),
            monitors=monitors(figures),
            tiles=tiles(figures),
            plots=drawn,
            is_first=not before and not course,
            is_of_several=is_of_several(figures),
            cards=cards(figures, before),
        )
    )


def _which(figures: Mapping[str, Any]) -> Both:
    """The run, by its number, or how many they are."""
    if is_of_several(figures):
        return say("head.runs", n=count(figures["runs"]))
    return say("head.run", n=count(number(figures, "id")))


@cache
def _environment() -> Environment:
    """Everything that goes into the page is escaped; a name that the template misspells raises UndefinedError."""
    made = Environment(
        autoescape=True,
        finalize=_harmless,
        undefined=StrictUndefined,
        loader=FunctionLoader(_data),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(count=count, moment=moment, both=both, clipped=clipped)
    made.globals.update(
        say=say, until=until, name_of=name_of, draw=lambda chart: Markup(draw(chart)), part=_part, hash_of=_hash
    )
    made.tests["link"] = _is_link
    return made


def both(words: Both) -> Markup:
    """Words in both languages, of which the page's style shows one; what is the same in both stands once."""
    ko, en = map(clean, words)
    return (
        Markup.escape(ko) if ko == en else Markup('<span lang="ko">{}</span><span lang="en">{}</span>').format(ko, en)
    )


def _harmless(found: object) -> object:
    """Whatever the template writes; Markup was made here."""
    return clean(found) if isinstance(found, str) and not isinstance(found, Markup) else found


def _data(name: str) -> str:
    """A file of this package, which may be inside a zipped egg."""
    return files("newscrawl.report").joinpath(name).read_text(encoding="utf-8")


def _part(name: str) -> Markup:
    """The style or the script, as it stands in the page."""
    return Markup(_data(name))


def _hash(name: str) -> str:
    """By which the page's policy knows its own style and script: no other may run."""
    return f"'sha256-{b64encode(sha256(_data(name).encode()).digest()).decode()}'"


def _is_link(address: str) -> bool:
    """Whether an address may be a link: one that a hostile page gave could be a script."""
    return address.startswith(("http://", "https://"))
