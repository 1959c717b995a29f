"""Reports of runs: titles of stories and addresses that are of the sought articles. Pure but for the two files of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from newscrawl.forgetting.files import replaced
from newscrawl.forgetting.redacting import redacted
from newscrawl.forgetting.sought import Sought

Figures = dict[str, Any]


def without(figures: Figures, sought: Sought) -> Figures:
    """The figures of a run without their titles and addresses; the same object when there are none."""
    stories = [_untitled(one, sought) for one in figures.get("stories") or []]
    changed: Figures = {}
    if stories != (figures.get("stories") or []):
        changed["stories"] = stories
    for name in ("failures", "unreadable"):
        part = figures.get(name) or {}
        named = [one for one in part.get("named") or [] if not sought.is_address(str(one.get("url")))]
        if len(named) != len(part.get("named") or []):
            changed[name] = {**part, "named": named}
    return {**figures, **changed} if changed else figures


def _untitled(story: Figures, sought: Sought) -> Figures:
    is_theirs = story.get("id") in sought.ids or story.get("title") in sought.words.titles
    return {**story, "title": None} if is_theirs and story.get("title") is not None else story


def survey(folder: Path, sought: Sought) -> dict[Path, bytes]:
    """What files of the reports become; those that stay as they are, are not named. Raises OSError."""
    found: dict[Path, bytes] = {}
    for path in sorted(folder.glob("*/*")):
        if path.name == "run.json":
            new = _json(path, sought)
        elif path.name == "report.html":
            data = path.read_bytes()
            new = redacted(data.decode("utf-8", "surrogateescape"), "", sought).encode("utf-8", "surrogateescape")
        else:
            continue
        if new != path.read_bytes():
            found[path] = new
    return found


def _json(path: Path, sought: Sought) -> bytes:
    data = path.read_bytes()
    try:
        figures = orjson.loads(data)
    except orjson.JSONDecodeError:
        return data
    new = without(figures, sought) if isinstance(figures, dict) else figures
    return data if new is figures else orjson.dumps(new, option=orjson.OPT_INDENT_2)


def rewrite(found: dict[Path, bytes]) -> None:
    """Write them. Raises OSError."""
    for path, data in found.items():
        with replaced(path) as beside:
            beside.write_bytes(data)
