"""Figures -> what a person reads: a log line, or rows that fit a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from newscrawl.progress.figures import Counts, Doing, Figures


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a row; of those that do not fit, the one with the highest `rank` goes first."""

    text: str
    rank: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Parts that belong together."""

    separator: str
    parts: tuple[_Part, ...]


def log_line(figures: Figures) -> str:
    """All figures in one line; rates a minute, as the lines come, and a second."""
    speed = []
    for name, rate in (("pages", figures.pages), ("articles", figures.articles)):
        if rate is not None:
            speed.append(f"{number(rate * 60)} {name}/min ({number(rate)}/s)")
    return "; ".join(filter(None, (", ".join(speed), _text([_counts(figures.counts), *_work(figures)]))))


def rows(figures: Figures, columns: int) -> list[str]:
    """All figures in one row; where that is too narrow in two, without the least important ones if need be.

    `columns`: cells of the terminal that may be used; a Korean syllable takes two.
    """
    speed, counts, work = _speed(figures), _counts(figures.counts), _work(figures)
    whole = _text([speed, counts, *work])
    if cell_len(whole) <= columns:
        return [whole]
    return [row for row in (_fitted([speed, *work], columns), _fitted([counts], columns)) if row]


def number(value: float) -> str:
    """As many digits as stand still while one reads them: 0.05, 0.8, 48, 12,000."""
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.095 else f"{value:.1g}"


def duration(seconds: float) -> str:
    """As exact as a forecast can be: 3 d 4 h, 2 h 10 m, 12 m, under 1 m."""
    if seconds < 60:
        return "under 1 m"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} m"
    hours, minutes = divmod(5 * round(minutes / 5), 60)
    if hours < 24:
        return f"{hours} h {minutes} m" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days:,} d {hours} h" if hours else f"{days:,} d"


def _speed(figures: Figures) -> _Group:
    rates = (("pages", figures.pages, 4), ("articles", figures.articles, 8))
    return _Group(", ", tuple(_Part(_rate(rate, name), rank) for name, rate, rank in rates if rate is not None))


def _rate(rate: float, name: str) -> str:
    """A second; what comes less often than every ten seconds, a minute."""
    return f"{number(rate * 60)} {name}/min" if 0 < rate < 0.1 else f"{number(rate)} {name}/s"


def _counts(counts: Counts) -> _Group:
    shown = (
        ("found", counts.found, 6),
        ("exported", counts.exported, 1),
        ("revised", counts.revised or None, 8),
        ("skipped", counts.skipped, 7),
        ("failed", counts.failed, 2),
        ("left", counts.left, 9),
    )
    return _Group(", ", tuple(_Part(f"{name} {count:,}", rank) for name, count, rank in shown if count is not None))


def _work(figures: Figures) -> list[_Group]:
    to_go = () if figures.to_go is None else (_Part(f"{duration(figures.to_go)} to go", 1),)
    return [_Group(" ", _now(figures.doing) if figures.doing else ()), _Group("", to_go)]


def _now(doing: Doing) -> tuple[_Part, ...]:
    shown = (("now:", 9), (doing.what, 7), (doing.section, 6), (doing.day and doing.day.isoformat(), 5))
    return tuple(_Part(text, rank) for text, rank in shown if text)


def _text(groups: list[_Group], highest: int = 9) -> str:
    """The parts up to a rank."""
    texts = (group.separator.join(part.text for part in group.parts if part.rank <= highest) for group in groups)
    return "; ".join(filter(None, texts))


def _fitted(groups: list[_Group], columns: int) -> str:
    """The least important parts left out until the rest fits; the last one is cut if need be."""
    ranks = sorted((part.rank for group in groups for part in group.parts), reverse=True)
    text = _text(groups)
    for rank in ranks[1:]:
        if cell_len(text) <= columns:
            break
        text = _text(groups, rank)
    return text if cell_len(text) <= columns else set_cell_size(text, columns)
