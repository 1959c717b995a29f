"""The values that a scale names: few, round, and the last above all that is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable

_STEPS = 4  # that a scale has at most, so that its names stand apart on a phone
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_DURATIONS = (
    *(1, 2, 5, 10, 15, 30),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)),
)


def numbers(values: Iterable[float | None], whole: bool = True) -> list[float]:
    """From 0 up, in steps of 1, 2 or 5 times a power of ten; `whole`: no step below 1."""
    largest = _largest(values, 1 if whole else 0.01)
    power = 10 ** math.floor(math.log10(largest / _STEPS))
    step = next(one for one in (power, 2 * power, 5 * power, 10 * power) if largest <= one * _STEPS)
    return _up(max(step, 1) if whole else step, largest)


def durations(values: Iterable[float | None]) -> list[float]:
    """From 0 up, in seconds, minutes, hours or days that a clock knows."""
    largest = _largest(values, 1)
    return _up(next((step for step in _DURATIONS if largest <= step * _STEPS), _DURATIONS[-1]), largest)


def percents(values: Iterable[float | None]) -> list[float]:
    """To 100: from the lowest value, so that a loss of one in a hundred can be seen."""
    lowest = min((value for value in values if value is not None), default=0)
    step = next(step for step in (1, 2, 5, 10, 25) if lowest >= 100 - step * _STEPS)
    return [float(100 - step * place) for place in range(_STEPS, -1, -1)]


def written_out(length: int, most: int = 7) -> frozenset[int]:
    """The places of the labels that have room, the last one among them."""
    step = max(1, math.ceil(length / most))
    return frozenset(range(length - 1, -1, -step))


def _largest(values: Iterable[float | None], least: float) -> float:
    return max(least, *(value or 0 for value in values), 0)


def _up(step: float, largest: float) -> list[float]:
    return [step * place for place in range(math.ceil(round(largest / step, 6)) + 1)]
