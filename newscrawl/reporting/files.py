"""The folder of a run's report: `run.json` and `report.html`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import orjson

from newscrawl.korean import KST
from newscrawl.report.figures import Figures

_NAME = re.compile(r"\d{6,}-(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})", re.ASCII)  # 000012-2026-11-20T09-00-03
_FORM = "%Y-%m-%dT%H-%M-%S"
_FILES = ("run.json", "report.html")


def report_name(figures: Figures) -> str:
    """The folder's name: the run's number and its start."""
    return f"{figures['id']:06}-{datetime.fromisoformat(figures['started_at']).strftime(_FORM)}"


def write_report(everything: Path, figures: Figures, history: Sequence[Figures] = ()) -> Path:
    """Write both files into the run's folder among `everything`; the page. `history`: figures of earlier runs, the oldest first. Raises
    OSError; a reader never sees half a file."""
    from newscrawl.report.page import page  # with pygal and jinja2 a tenth of a second, at the end of a run

    folder = everything / report_name(figures)
    folder.mkdir(parents=True, exist_ok=True)
    contents = (orjson.dumps(figures, option=orjson.OPT_INDENT_2), page(figures, history).encode())
    for name, content in zip(_FILES, contents, strict=True):
        half = folder / f"{name}.part"
        half.write_bytes(content)
        half.replace(folder / name)
    return folder / _FILES[1]


def forget(everything: Path, before: float) -> None:
    """Remove the reports of runs that began before a time (seconds since 1970); what else lies there stays. Raises OSError."""
    for folder in everything.iterdir():
        match = _NAME.fullmatch(folder.name)
        if match and datetime.strptime(match[1], _FORM).replace(tzinfo=KST).timestamp() < before:
            for name in _FILES:
                (folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # somebody put something there
                folder.rmdir()
