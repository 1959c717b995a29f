"""Which source of news is asked next, and when: each at its own pace, all together no faster than politeness allows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

_AIM = 0.25  # news in an answer: with 0.5 a wire takes 0.3 polls an article less, and the latest twentieth comes half a minute later
_WEIGHT = 0.2  # of the last answer in what is believed of a source's pace: one without news makes the interval a quarter longer
_FAILED = 2.0  # so many times as long is the interval after a failure: the site may be in trouble
_TURNS = 2  # of so many turns of the host, one is for sources; the others are for articles
_KEPT = 1.0  # seconds, or one turn, for which a turn that was not taken is kept: `due` may be called by a ticker, which comes late
_SPREAD = 0.1  # of the slowest interval, by which sources differ in it: forty that are quiet would be asked in the same two minutes for ever
_GOLDEN = (sqrt(5) - 1) / 2  # its multiples, less their whole parts, lie evenly between 0 and 1, however many there are
_LOST_AFTER = 1800.0  # seconds without an answer: all tries of a request, with the longest pauses, end sooner


@dataclass(slots=True)
class _Source:
    """A source's own interval, between the fastest and its slowest. What politeness makes of it is a factor, `stretch`, the same for all."""

    interval: float
    slowest: float
    since: float  # when it was added, asked or answered, whichever was last
    under_way: bool = False
    answered: bool = False

    def pause(self, stretch: float) -> float:
        """Seconds after `since` at which it is due."""
        if self.under_way:
            return _LOST_AFTER
        return self.interval * stretch if self.answered else 0.0

    def due_at(self, stretch: float) -> float:
        return self.since + self.pause(stretch)

    def overdue(self, now: float, stretch: float) -> float:
        """How many times its pause has gone by: a minute is much for who is asked every minute, and little after ten."""
        pause = self.pause(stretch)
        return (now - self.since) / pause if pause else inf

    def interval_after(self, news: int | None, stretch: float) -> float:
        """The interval by its last answer, before bounds. It settles where an answer has about `_AIM` news, and more when it is stretched."""
        if news is None:
            return self.interval * _FAILED
        if not self.answered:  # what the first answer names may be of days
            return self.interval
        return self.interval / (1 - _WEIGHT + _WEIGHT * news / (_AIM * stretch))


class Polls:
    """Sources by key, asked again and again: sooner after news, later after none or a failure.

    Seconds of one clock throughout. `fastest` and `slowest` bound the interval from an answer to the next request. `delay`: from one request
    of the host to the next; it may be set anew at any time. Sources get half of these turns at most: when their intervals would take more,
    all are stretched by one factor, past `slowest` too. Raises ValueError for bounds that are none.

    The clock may jump: what is due after a jump ahead is asked in turn, and after one back a source waits its interval once more.
    """

    def __init__(self, fastest: float, slowest: float, delay: float = 0.0) -> None:
        if not 0 < fastest <= slowest < inf or not 0 <= delay < inf:
            raise ValueError(f"polls between {fastest} and {slowest} s, {delay} s apart: takes 0 < fastest <= slowest")
        self.delay = delay
        self._fastest, self._slowest = fastest, slowest
        self._sources: dict[str, _Source] = {}
        self._turn_at = -inf  # when sources have their next turn

    def add(self, key: str, now: float) -> None:
        """A source that is due at once; those added first are asked first. One that is there already stays as it is."""
        share = len(self._sources) * _GOLDEN % 1
        slowest = max(self._slowest * (1 - _SPREAD * share), self._fastest)
        self._sources.setdefault(key, _Source(sqrt(self._fastest * self._slowest), slowest, now))

    def due(self, now: float) -> list[str]:
        """The sources to ask now, the most overdue (by its own interval) first. They are under way until `done`; what is not done in half an
        hour is taken for lost, and due again."""
        for source in self._sources.values():
            source.since = min(source.since, now)  # the clock was set back
        stretch = self._stretch()
        waiting = [key for key, source in self._sources.items() if source.due_at(stretch) <= now]
        waiting.sort(key=lambda key: self._sources[key].overdue(now, stretch), reverse=True)
        asked = waiting[: self._turns(now, len(waiting))]
        for key in asked:
            self._sources[key].since, self._sources[key].under_way = now, True
        return asked

    def done(self, key: str, now: float, news: int | None) -> None:
        """The end of an answer, with all its pages: the interval runs from now on. `news`: how many articles it named that nothing had named
        before; None: it failed. A key that was never added is an answer to an earlier run, and passed over."""
        if source := self._sources.get(key):
            interval = source.interval_after(news, self._stretch())
            source.interval = min(max(interval, self._fastest), source.slowest)
            source.since, source.under_way, source.answered = now, False, True

    @property
    def next_at(self) -> float | None:
        """When to call `due` next; None without a source. To be read after `due`, which sees that the clock was set back."""
        if not self._sources:
            return None
        stretch = self._stretch()
        return max(min(source.due_at(stretch) for source in self._sources.values()), self._turn_at)

    def interval(self, key: str) -> float:
        """Seconds from an answer of a source to the next request, as things stand. Raises KeyError."""
        return self._sources[key].interval * self._stretch()

    def _stretch(self) -> float:
        """How many times as long as its own each interval must be, lest all together take more turns than there are for them."""
        rate = sum(1 / source.interval for source in self._sources.values())
        return max(1.0, rate * _TURNS * self.delay)

    def _turns(self, now: float, wanted: int) -> int:
        """Take up to so many turns; how many there were."""
        apart = _TURNS * self.delay
        earliest, latest = now - max(apart, _KEPT), now + apart  # later only if the clock was set back
        self._turn_at = min(max(self._turn_at, earliest), latest)
        taken = 0
        while taken < wanted and self._turn_at <= now:
            self._turn_at += apart
            taken += 1
        return taken
