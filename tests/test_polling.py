"""Which source is asked next, and when: a wire's day simulated, politeness, lost requests, clocks that jump."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, inf, log
from random import Random
from statistics import mean, median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.polling import Polls
from newscrawl.newsroom.rhythm import DAY

FASTEST, SLOWEST = 20.0, 600.0
HOUR, A_DAY = 3600.0, 86_400.0
ARTICLES = 1200  # a weekday
DELAY = 1.2
SECTIONS = 13

Shown = dict[str, list[tuple[float, float]]]
"""For each source when it shows an article, and when that was published, in order."""


@dataclass
class Watch:
    """What came of asking: `asked` when and whom, `late` for each article, `share` of the interval that was."""

    asked: list[tuple[float, str]] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    by: Counter[str] = field(default_factory=Counter)

    @property
    def polls(self) -> float:
        """For each article."""
        return len(self.asked) / len(self.late)

    @property
    def p95(self) -> float:
        return quantiles(self.late, n=20)[-1]


def watched(polls: Polls, shown: Shown, until: float, *, takes: float = 1.0) -> Watch:
    """Ask one after the other, an answer takes a second: as a crawl does with one request at a time."""
    watch, places, known = Watch(), dict.fromkeys(shown, 0), set[float]()
    now = 0.0
    for key in shown:
        polls.add(key, now)
    while now < until:
        for key in polls.due(now):
            watch.asked.append((now, key))
            interval = polls.interval(key)
            now += takes
            before = len(known)
            while places[key] < len(shown[key]) and shown[key][places[key]][0] <= now:
                published = shown[key][places[key]][1]
                places[key] += 1
                if published not in known:
                    known.add(published)
                    watch.by[key] += 1
                    watch.late.append(now - published)
                    watch.share.append((now - published) / interval)
            polls.done(key, now, len(known) - before)
        assert polls.next_at is not None
        now = max(now, polls.next_at)
    return watch


def poisson(die: Random, gap: float, until: float) -> list[float]:
    """Moments that come by chance, `gap` seconds apart on average."""
    moments = [die.expovariate(1 / gap)]
    while moments[-1] < until:
        moments.append(moments[-1] + die.expovariate(1 / gap))
    return moments


def at_once(moments: list[float]) -> list[tuple[float, float]]:
    return [(moment, moment) for moment in moments]


def published(die: Random, days: int) -> list[float]:
    """A wire's articles: by chance, by the half-hour of the day."""
    gap = sum(DAY) / max(DAY) * 1800 / ARTICLES  # in the busiest half-hour
    return [at for at in poisson(die, gap, days * A_DAY) if die.random() < DAY[int(at % A_DAY // 1800)] / max(DAY)]


def newswire(die: Random, days: int) -> Shown:
    """Flashes and the list of all name every article at once, section lists their own; feeds, sitemaps and pages of links later, and a part."""
    shown: Shown = {"flash": [], "list/all": [], "feed/all": [], "front": [], "sitemap/1": [], "sitemap/2": []}
    shown |= {f"{way}/{section}": [] for way in ("list", "feed") for section in range(SECTIONS)}
    shown |= {f"topbar/{page}": [] for page in range(10)}
    for at in published(die, days):
        section = min(int(die.expovariate(0.35)), SECTIONS - 1)
        fed, page = at + die.uniform(60, 600), die.randrange(100)
        for key in ("flash", "list/all", f"list/{section}"):
            shown[key].append((at, at))
        for key in ("feed/all", f"feed/{section}") if die.random() < 0.9 else ():
            shown[key].append((fed, at))
        shown["sitemap/1"].append((at + die.uniform(60, 1800), at))
        for key in ("front", *([f"topbar/{page}"] if page < 10 else [])) if die.random() < 0.3 else ():
            shown[key].append((at + die.uniform(0, 600), at))
    return {key: sorted(rows) for key, rows in shown.items()}


DAYS = 2
WIRE = newswire(Random(20261120), DAYS)
FLASH: Shown = {"flash": WIRE["flash"]}


def asked(polls: Polls, key: str = "flash") -> float:
    """The time of the next request of a source that is the only one, or whose turn it is."""
    now = polls.next_at
    assert now is not None
    assert polls.due(now) == [key]
    return now


def answered(polls: Polls, *news: int | None, key: str = "flash") -> float:
    """The interval of a source after answers with so much news, the first of which is not its first."""
    polls.add(key, 0)
    for count in (0, *news):
        polls.done(key, asked(polls, key), count)
    return polls.interval(key)


# The pace of one source


def test_a_source_is_due_at_once_and_then_an_interval_after_its_answer_came_to_an_end() -> None:
    """A walk of several pages may take long."""
    polls = Polls(FASTEST, SLOWEST)
    polls.add("flash", 1000)
    assert polls.next_at == 1000
    assert polls.due(1000) == ["flash"]
    polls.done("flash", 1400, 0)
    due_at = 1400 + polls.interval("flash")
    assert polls.due(due_at - 0.01) == []
    assert asked(polls) == due_at


def test_a_source_that_is_under_way_is_not_asked_again() -> None:
    polls = Polls(FASTEST, SLOWEST)
    polls.add("flash", 0)
    assert polls.due(0) == ["flash"]
    assert polls.due(1000) == []


def test_news_make_the_interval_shorter_and_none_or_a_failure_longer() -> None:
    start = answered(Polls(FASTEST, SLOWEST))
    assert start == pytest.approx(109.5, abs=0.1)  # as many steps from the fastest as from the slowest
    assert answered(Polls(FASTEST, SLOWEST), 0) == pytest.approx(start * 1.25)
    assert answered(Polls(FASTEST, SLOWEST), None) == pytest.approx(start * 2)
    assert answered(Polls(FASTEST, SLOWEST), 1) == pytest.approx(start / 1.6)
    assert answered(Polls(FASTEST, SLOWEST), 2) == pytest.approx(start / 2.4)


def test_the_interval_stays_between_the_fastest_and_the_slowest() -> None:
    assert answered(Polls(FASTEST, SLOWEST), *[1000] * 20) == FASTEST
    assert answered(Polls(FASTEST, SLOWEST), *[0] * 20) == SLOWEST
    assert answered(Polls(FASTEST, SLOWEST), *[None] * 20) == SLOWEST
    fixed = Polls(30, 30)
    assert answered(fixed, 1000, 0, None) == 30
    fixed.add("list", 0)
    fixed.done("list", 0, 0)
    assert fixed.interval("list") == 30


def test_the_first_answer_says_nothing_about_the_pace() -> None:
    """It names what was published in days."""
    polls = Polls(FASTEST, SLOWEST)
    polls.add("flash", 0)
    before = polls.interval("flash")
    polls.done("flash", asked(polls), 50)
    assert polls.interval("flash") == before


@pytest.mark.parametrize("gap", [100, 400, 1600])
def test_the_interval_settles_near_a_quarter_of_the_time_between_two_articles(gap: float) -> None:
    polls, shown = Polls(1, 100_000), {"flash": at_once(poisson(Random(3), gap, gap * 3000))}
    times = [at for at, _ in watched(polls, shown, gap * 3000, takes=0.0).asked]
    assert 0.25 < exp(mean(log(later - earlier) for earlier, later in pairwise(times[50:]))) / gap < 0.35


@pytest.mark.parametrize("after", range(0, 601, 60))
def test_ten_minutes_after_a_quiet_night_ended_the_pace_is_that_of_the_day(after: float) -> None:
    """The first answer with news, at the latest as late as that, tells by their number how far the pace is off."""
    dawn = 6 * HOUR + after
    shown = {"flash": at_once([dawn + 30 * number for number in range(1, 200)])}
    times = [at for at, _ in watched(Polls(FASTEST, SLOWEST), shown, dawn + HOUR).asked]
    waits = {earlier - dawn: later - earlier for earlier, later in pairwise(times)}
    assert max(wait for at, wait in waits.items() if -2 * SLOWEST < at < -SLOWEST) > 0.95 * SLOWEST
    assert max(wait for at, wait in waits.items() if at > SLOWEST) < 40


def test_a_burst_is_forgotten_within_a_quarter_of_an_hour() -> None:
    gaps = list(range(300, 20_000, 300))
    shown = {"flash": at_once(sorted([*gaps, *(10_000 + second for second in range(40))]))}
    times = [at for at, _ in watched(Polls(FASTEST, SLOWEST), shown, 20_000).asked]
    waits = {earlier: later - earlier for earlier, later in pairwise(times)}
    before = mean(wait for at, wait in waits.items() if 5_000 < at < 9_800)
    assert min(wait for at, wait in waits.items() if 10_000 < at < 10_200) < before / 2
    assert mean(wait for at, wait in waits.items() if 10_900 < at < 13_000) > 0.9 * before


# A wire's day


def test_half_the_articles_of_a_wire_come_sooner_than_the_interval_of_that_time() -> None:
    """One source that names all, two weekdays, beside the naive ways:

    =============  ================  ===============  =====
    interval       polls an article  median lateness  p95
    =============  ================  ===============  =====
    20 s to 600 s  1.6               14 s             59 s
    20 s           3.6               11 s             20 s
    60 s           1.2               29 s             58 s
    600 s          0.12              309 s            570 s
    =============  ================  ===============  =====
    """
    own = watched(Polls(FASTEST, SLOWEST), FLASH, DAYS * A_DAY)
    often, seldom = (watched(Polls(fixed, fixed), FLASH, DAYS * A_DAY) for fixed in (FASTEST, SLOWEST))
    assert median(own.share) < 0.6
    assert own.polls < often.polls / 2
    assert median(own.late) < 1.6 * median(often.late)
    assert own.p95 < 75
    assert median(own.late) < median(seldom.late) / 15


def test_many_sources_that_name_the_same_take_hardly_more_polls_than_one() -> None:
    """What one names is no news of another's. 42 sources, one request each 1.2 s at most, two weekdays, beside the naive ways:

    =============  ================  ===============  =====
    interval       polls an article  median lateness  p95
    =============  ================  ===============  =====
    20 s to 600 s  7.1               13 s             68 s
    20 s           31                32 s             81 s
    600 s          5.2               295 s            554 s
    =============  ================  ===============  =====

    Of the 7.1 five are those of 40 sources at the slowest pace. Each 20 s all of them cannot be asked: it is 100 s by the politeness.
    """
    watch = watched(Polls(FASTEST, SLOWEST, DELAY), WIRE, DAYS * A_DAY)
    counts = Counter(key for _, key in watch.asked)
    assert median(watch.share) < 0.6
    assert median(watch.late) < 17
    assert watch.polls < 7.5
    assert watch.p95 < 75
    assert counts["flash"] + counts["list/all"] < 2 * len(watch.late)
    assert watch.by["flash"] + watch.by["list/all"] > 0.9 * len(watch.late)


def test_a_source_that_others_always_beat_drifts_to_the_slowest_pace_and_takes_over_when_they_fail() -> None:
    polls = Polls(FASTEST, SLOWEST)
    early = at_once([float(second) for second in range(30, 80_000, 30)])
    watch = watched(polls, {"flash": early[:1300], "feed": [(at + 60, at) for _, at in early]}, 60_000)
    feed = [at for at, key in watch.asked if key == "feed"]
    assert all(later - earlier > 0.9 * SLOWEST for earlier, later in pairwise(feed) if 3 * HOUR < earlier < 38_000)
    assert sum(45_000 < at < 60_000 for at in feed) > 15_000 / 40


@pytest.mark.parametrize("delay", [0.0, DELAY])
@pytest.mark.parametrize("gone", [HOUR, 8 * HOUR])
def test_quiet_sources_spread_over_the_minutes_after_the_start_and_after_a_night_s_sleep(
    delay: float, gone: float
) -> None:
    """All began at once. Evenly spread they would be four a minute."""
    polls = Polls(FASTEST, SLOWEST, delay)
    for number in range(40):
        polls.add(f"feed/{number}", 0)
    asked_for(polls, 0, HOUR)
    minutes = Counter(at // 60 for at, _ in asked_for(polls, gone, 4 * HOUR) if at > gone + 2 * HOUR)
    assert max(minutes.values()) <= 12


# Politeness


def shortest(asked_at: list[float], turns: int) -> float:
    """The shortest time in which so many requests, and one more, were made."""
    spans = (later - earlier for earlier, later in zip(asked_at, asked_at[turns:], strict=False))
    return min(spans, default=inf)


@pytest.mark.parametrize("delay", [DELAY, 10.0, 30.0])
def test_sources_take_at_most_half_of_the_turns_at_any_time(delay: float) -> None:
    """From the first second on, when all are due; a turn that was not taken may be taken late."""
    watch = watched(Polls(FASTEST, SLOWEST, delay), WIRE, 12 * HOUR)
    times = [at for at, _ in watch.asked]
    assert all(shortest(times, turns) > (turns - 2) * 2 * delay for turns in (2, 5, 40, 500))


def test_when_politeness_has_no_room_all_intervals_are_stretched_by_one_factor_past_the_slowest_too() -> None:
    polls, keys = Polls(FASTEST, SLOWEST, 30), ["slow/0", "slow/1", "fast"]
    shown = {key: at_once([]) for key in keys[:2]} | {"fast": at_once([float(second) for second in range(1, 40_000)])}
    watch = watched(polls, shown, 40_000)
    alone = [SLOWEST, 0.938 * SLOWEST, FASTEST]
    factor = 2 * 30 * sum(1 / interval for interval in alone)
    assert [polls.interval(key) for key in keys] == pytest.approx([factor * interval for interval in alone], rel=0.001)
    counts = Counter(key for at, key in watch.asked if at > 20_000)
    assert counts["fast"] / counts["slow/0"] == pytest.approx(SLOWEST / FASTEST, rel=0.15)


def test_nothing_is_stretched_as_long_as_there_is_room_for_all() -> None:
    def interval(sources: int) -> float:
        polls = Polls(FASTEST, SLOWEST, DELAY)
        for number in range(sources):
            polls.add(f"feed/{number}", 0)
        return polls.interval("feed/0")

    assert interval(45) == interval(1)
    assert interval(46) == pytest.approx(46 * 2 * DELAY)


def test_what_a_stretched_interval_brings_is_measured_by_its_length() -> None:
    """Else every source would seem fast, the more so the less room there is."""
    start, polls = answered(Polls(FASTEST, SLOWEST)), Polls(FASTEST, SLOWEST, 500)
    assert answered(polls, 1) == 1000
    polls.delay = 0
    assert polls.interval("flash") > start


def test_a_delay_that_is_set_anew_counts_at_once() -> None:
    polls = Polls(FASTEST, SLOWEST)
    for key in ("flash", "list", "front", "feed"):
        polls.add(key, 0)
    polls.delay = 50
    assert polls.due(0) == ["flash", "list"]
    assert polls.next_at == 100
    assert polls.due(99) == []
    assert polls.due(100) == ["front"]
    polls.delay = 5
    assert polls.due(101) == []
    assert polls.due(110) == []
    assert polls.due(111) == ["feed"]


def test_what_was_stretched_by_a_slow_host_is_not_when_it_is_fast_again() -> None:
    polls = Polls(FASTEST, SLOWEST, 3000)
    answered(polls, 0)
    due_at = polls.next_at
    polls.delay = DELAY
    assert due_at is not None
    assert polls.due(due_at - 5500) == ["flash"]


def test_a_turn_is_taken_by_who_is_asked_and_by_nobody_else() -> None:
    polls = Polls(FASTEST, SLOWEST, 50)
    assert polls.due(0) == []
    polls.add("flash", 0)
    assert polls.due(0) == ["flash"]
    polls.add("list", 0)
    assert polls.due(0) == ["list"]


def test_a_ticker_that_comes_late_loses_no_turn() -> None:
    """It is called each half a second, there are five turns in that time."""
    polls = Polls(FASTEST, SLOWEST, 0.05)
    for number in range(45):
        polls.add(f"feed/{number}", 0)
    counts = [len(polls.due(100 + number / 2)) for number in range(10)]
    assert counts[0] == 11  # a second, and no more, after any time in which nobody called
    assert counts[1:7] == [5] * 6
    assert sum(counts) == 45


def test_the_most_overdue_by_its_own_interval_is_asked_first() -> None:
    """Half a minute after its time is much for the flashes, and little for a page of the top bar."""
    polls = Polls(FASTEST, SLOWEST)
    for key, news in (("topbar", 0), ("front", None), ("flash", 9)):
        polls.add(key, 0)
        for count in (0, *[news] * 20):
            polls.done(key, 0, count)
    polls.done("front", 50, None)
    polls.done("flash", 650, 9)
    assert polls.due(700) == ["flash", "topbar", "front"]


def test_what_was_never_asked_comes_first_in_the_order_in_which_it_was_added() -> None:
    polls = Polls(FASTEST, SLOWEST)
    polls.add("old", 0)
    polls.done("old", 0, 0)
    for key in ("flash", "list", "feed"):
        polls.add(key, 1000)
    assert polls.due(1000) == ["flash", "list", "feed", "old"]


# What goes wrong


def test_a_source_whose_answer_never_came_is_due_again_half_an_hour_after_it_was_asked() -> None:
    polls = Polls(FASTEST, SLOWEST)
    answered(polls, 0)
    lost = asked(polls)
    assert asked(polls) == lost + 1800
    polls.done("flash", lost + 1810, 0)
    assert asked(polls) < lost + 1810 + SLOWEST


def night(delay: float) -> tuple[Polls, float]:
    """Forty sources in the middle of their round, and the time; the answer of one is still to come."""
    polls = Polls(FASTEST, SLOWEST, delay)
    for number in range(40):
        polls.add(f"feed/{number}", 0)
    asked_for(polls, 0, HOUR)
    polls.add("flash", HOUR)
    return polls, asked(polls)


def asked_for(polls: Polls, now: float, seconds: float) -> list[tuple[float, str]]:
    """Who is asked in so many seconds, by a clock that goes evenly; the answers have no news."""
    found, until = [], now + seconds
    while now < until:
        for key in polls.due(now):
            found.append((now, key))
            polls.done(key, now, 0)
        now = max(now, polls.next_at or 0)
    return found


@pytest.mark.parametrize("jump", [8 * HOUR, -HOUR, -300, -A_DAY])
@pytest.mark.parametrize("delay", [0.0, DELAY])
def test_a_clock_that_jumps_makes_neither_a_storm_nor_a_standstill(jump: float, delay: float) -> None:
    """A laptop that slept, a clock that was set: each is asked within its interval, none much more often than before."""
    polls, now = night(delay)
    counts = Counter(key for _, key in asked_for(polls, now + jump, 4 * SLOWEST + 100))
    assert counts.pop("flash") >= 1  # what was under way may be lost
    assert len(counts) == 40
    assert all(4 <= count <= 5 for count in counts.values())


def test_after_a_jump_ahead_sources_are_asked_in_turn() -> None:
    polls, now = night(DELAY)
    times = [at for at, _ in asked_for(polls, now + 8 * HOUR, SLOWEST)]
    assert shortest(times, 30) > 28 * 2 * DELAY


def test_an_answer_to_what_an_earlier_run_asked_is_passed_over() -> None:
    polls = Polls(FASTEST, SLOWEST)
    polls.done("topbar", 10, 3)
    assert polls.next_at is None
    assert polls.due(10) == []


def test_a_source_that_is_added_again_keeps_its_pace() -> None:
    polls = Polls(FASTEST, SLOWEST)
    before, due_at = answered(polls, 9, 9), polls.next_at
    polls.add("flash", 10_000)
    assert (polls.interval("flash"), polls.next_at) == (before, due_at)


@pytest.mark.parametrize(
    "wrong", [(0, 600), (-20, 600), (600, 20), (20, inf), (20, 600, -1), (20, 600, inf), (float("nan"), 600)]
)
def test_bounds_that_are_none_are_refused(wrong: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="takes 0 < fastest <= slowest"):
        Polls(*wrong)


HISTORY = st.lists(
    st.tuples(
        st.one_of(st.floats(0, 100), st.floats(-100_000, 100_000)),  # how far the clock goes, or is set
        st.one_of(st.none(), st.integers(0, 100), st.just("lost")),
    ),
    max_size=80,
)


@given(HISTORY, st.sampled_from([0.0, 1.0, 40.0]))
def test_whatever_happens_each_source_is_asked_again_and_none_twice_at_once(
    history: list[tuple[float, int | str | None]], delay: float
) -> None:
    polls, now, gone, keys = Polls(FASTEST, SLOWEST, delay), 1e6, 0.0, ["a", "b", "c", "d", "e"]
    under_way: dict[str, float] = {}
    for key in keys:
        polls.add(key, now)
    for step, outcome in history:
        now += step
        gone += max(step, 0.0)
        for key in polls.due(now):
            assert gone - under_way.get(key, -inf) > 1799
            under_way[key] = gone
            if not isinstance(outcome, str):
                polls.done(key, now, outcome)
                del under_way[key]
        assert all(FASTEST <= polls.interval(key) <= max(SLOWEST, 2 * delay * 5 * SLOWEST / FASTEST) for key in keys)
    longest = 1800 + max(polls.interval(key) for key in keys) + 2 * delay * len(keys)
    assert {key for _, key in asked_for(polls, now, longest)} == set(keys)
