"""The folder of a report, of a run or of several: `run.json` and `report.html`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import orjson

from newscrawl.korean import KST
from newscrawl.report.course import Course
from newscrawl.report.figures import Figures

_NAME = re.compile(r"\d{6,}-(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})", re.ASCII)  # 000012-2026-11-20T09-00-03
# Made by hand, of much: since-2026-11-13T00-00-00, 000012-all-2026-11-20T09-00-03
_NAME_OF_SEVERAL = re.compile(r"(?:since|\d{6,}-all)-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}", re.ASCII)
_FORM = "%Y-%m-%dT%H-%M-%S"
_FILES = ("run.json", "report.html")


def report_name(figures: Figures) -> str:
    """The folder's name: the run's number and its start."""
    return f"{figures['id']:06}-{_at(figures)}"


def name_of_all(figures: Figures) -> str:
    """The name of the folder for a watch and all its parts, each of which has its own besides."""
    return f"{figures['id']:06}-all-{_at(figures)}"


def _at(figures: Figures) -> str:
    return datetime.fromisoformat(figures["started_at"]).strftime(_FORM)


def name_since(since: datetime) -> str:
    """The name of the folder for all runs that began since a time."""
    return f"since-{since.astimezone(KST).strftime(_FORM)}"


def write_report(
    everything: Path,
    figures: Figures,
    history: Sequence[Figures] = (),
    course: Course | None = None,
    name: str | None = None,
) -> Path:
    """Write both files into their folder among `everything`: that of the run, or another `name`; the page. `history`: figures of earlier runs,
    the oldest first; `course`: of several runs, what they were merged from. Raises OSError; a reader never sees half a file."""
    from newscrawl.report.page import page  # with pygal and jinja2 a tenth of a second, at the end of a run

    folder = everything / (name or report_name(figures))
    folder.mkdir(parents=True, exist_ok=True)
    contents = (orjson.dumps(figures, option=orjson.OPT_INDENT_2), page(figures, history, course).encode())
    for file, content in zip(_FILES, contents, strict=True):
        half = folder / f"{file}.part"
        half.write_bytes(content)
        half.replace(folder / file)
    return folder / _FILES[1]


def forget(everything: Path, before: float) -> None:
    """Remove the reports of runs that began before a time (seconds since 1970), and those of several that were made before it; what else lies
    there stays. Raises OSError."""
    for folder in everything.iterdir():
        at = _time_of(folder)
        if at is not None and at < before:
            for name in _FILES:
                (folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # somebody put something there
                folder.rmdir()


def _time_of(folder: Path) -> float | None:
    """When the run of a report began; when one of several was made, for it may reach back farther than reports are kept. None for no report."""
    if match := _NAME.fullmatch(folder.name):
        return datetime.strptime(match[1], _FORM).replace(tzinfo=KST).timestamp()
    return folder.stat().st_mtime if _NAME_OF_SEVERAL.fullmatch(folder.name) else None
