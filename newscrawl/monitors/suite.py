"""The monitors as a suite of Spidermon: a test for each row, which says what the pure checks found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Protocol, runtime_checkable

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from spidermon import Monitor, MonitorSuite
from spidermon.core.options import MonitorOptions

from newscrawl.monitors.actions import Tell, TellDiscord, TellEmail, TellSlack, TellTelegram, TellWebhook
from newscrawl.monitors.calendar import KST, korean_holidays
from newscrawl.monitors.checks import ROWS, Row, judge
from newscrawl.monitors.finding import Figures, Finding, Limits
from newscrawl.monitors.notices import Place, Trouble, news
from newscrawl.monitors.readings import seconds

SLOW = frozenset(row.name for row in ROWS if row.slow)
__unittest = True  # unittest leaves our own frames out of what it reports of a failure: the text says all
_FOUND = "newscrawl"  # where in Spidermon's `data.meta` the findings are


@runtime_checkable
class KnowsTheRun(Protocol):
    """What an extension of the crawler must be able to say of the run, when it is closed."""

    @property
    def is_known(self) -> bool:
        """Whether there are figures: there are none of a run that never began."""

    def figures(self) -> Figures:
        """The run's figures; the same object each time."""

    def history(self) -> Sequence[Figures]:
        """The figures of the site's runs of the last five weeks, and at least of the last twelve of this kind, the oldest first."""

    def place(self) -> Place:
        """What a notice says of where it comes from."""

    def judged(self, findings: Mapping[str, Finding]) -> None:
        """Takes what the monitors found, once."""

    def change_troubles(self, how: Callable[[Sequence[Trouble]], Sequence[Trouble]]) -> Sequence[Trouble]:
        """Reads, changes and writes the site's troubles in one transaction; returns them as they are now."""


def run_of(crawler: Crawler) -> KnowsTheRun:
    """The extension that knows the run. Raises RuntimeError when none does."""
    found = crawler.get_extension(KnowsTheRun)  # type: ignore[type-abstract]
    if found is None:
        raise RuntimeError(
            "no extension knows the run's figures: newscrawl's own stands in EXTENSIONS, and must not be taken out"
        )
    return found


def limits_of(settings: BaseSettings, at: datetime) -> Limits:
    """What a run that began then is judged by. Raises ValueError as `given_limits` does."""
    given = given_limits(settings)
    return replace(given, holidays=given.holidays | korean_holidays((at.year - 1, at.year)))


def given_limits(settings: BaseSettings) -> Limits:
    """What the settings say. Raises ValueError, with the setting's name, for a value that is none."""
    items = _items(settings)
    days = {
        _moment("NEWSCRAWL_MONITORS_HOLIDAYS", day).date() for day in settings.getlist("NEWSCRAWL_MONITORS_HOLIDAYS")
    }
    since = settings.get("NEWSCRAWL_MONITORS_SINCE")
    return Limits(
        items=items,
        errors=settings.getfloat("NEWSCRAWL_MONITORS_ERRORS", Limits().errors),
        disk=settings.getint("NEWSCRAWL_MONITORS_DISK", Limits().disk),
        since=_moment("NEWSCRAWL_MONITORS_SINCE", since) if since else None,
        holidays=frozenset(days),
    )


def _items(settings: BaseSettings) -> dict[str, int]:
    try:
        return {kind: int(least) for kind, least in settings.getdict("NEWSCRAWL_MONITORS_ITEMS").items()}
    except (TypeError, ValueError):
        given = settings["NEWSCRAWL_MONITORS_ITEMS"]
        raise ValueError(f'NEWSCRAWL_MONITORS_ITEMS={given!r}: takes JSON, like {{"latest": 1}}') from None


def _moment(name: str, text: object) -> datetime:
    """A date or time of a setting; Korean, where it does not say."""
    try:
        found = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise ValueError(f"{name}: {str(text)!r} is no time; it takes 2026-11-20 or 2026-11-20T09:00") from None
    return found if found.tzinfo else found.replace(tzinfo=KST)


def _findings(data: Any) -> dict[str, Finding]:
    """What the checks found of this run, or of this part of it; they are asked once."""
    run = run_of(data.crawler)
    known, figures = data.meta.get(_FOUND), run.figures()
    if known is None or known[0] is not figures:
        at = datetime.fromtimestamp(seconds(figures["started_at"]), KST)
        known = data.meta[_FOUND] = (figures, judge(figures, run.history(), limits_of(data.crawler.settings, at)))
        run.judged(known[1])
    found: dict[str, Finding] = known[1]
    return found


def _test(row: Row, order: int) -> Callable[[Any], None]:
    def test(self: Any) -> None:
        finding = _findings(self.data)[row.name]
        if not finding.passed:
            self.fail(finding.text)

    test.__doc__ = row.what
    MonitorOptions.add_or_create(test)
    test.options.name, test.options.order = row.name, order  # type: ignore[attr-defined]
    return test


class Run(Monitor):  # type: ignore[misc]  # Spidermon has no types
    """A test for each row of `checks.ROWS`, in their order."""


for _order, _row in enumerate(ROWS, 1):
    setattr(Run, f"test_{_order:02}", _test(_row, _order))


class RunMonitors(MonitorSuite):  # type: ignore[misc]
    """All monitors of a run; for SPIDERMON_ENGINE_STOP_MONITORS."""

    monitors: ClassVar[list[Any]] = [Run]
    monitors_finished_actions: ClassVar[list[Any]] = [TellSlack, TellTelegram, TellDiscord, TellEmail, TellWebhook]

    def init_data(self, data: Any) -> None:
        """Spidermon gives what there is of a run."""
        self._data = data
        super().init_data(data)

    def on_monitors_finished(self, result: Any) -> None:
        """Spidermon has asked all monitors: note which troubles begin and which are over, before anybody is told."""
        run, findings = run_of(self._data.crawler), _findings(self._data)
        figures = run.figures()
        tellers = [action for action in self.monitors_finished_actions if isinstance(action, Tell)]
        told = [teller.receiver for teller in tellers if teller.is_set]
        now = int(seconds(figures["ended_at"] or figures["started_at"]))
        for teller in tellers:
            teller.run_to_tell = run
        run.change_troubles(lambda open_: news(open_, findings, run=figures["id"], now=now, receivers=told, slow=SLOW))
