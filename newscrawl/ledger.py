"""What a spider may ask the state: which days were walked, what waits, what the output has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from newscrawl.state import Journal, StateError

TRIES = 5  # of what fails in a watch, an hour apart
RETRIED = ("article/", "list/")  # how reasons begin: why anything else failed, another hour does not change

T = TypeVar("T")


class Ledger(Protocol):
    """What a spider asks."""

    def settled(self, section: str, first: int, last: int) -> set[int]:
        """The days (20261120) of a section, from one to another, whose list need not be walked again."""

    def waiting(self, prefix: str) -> list[tuple[str, int]]:
        """The requests of this run that wait or are under way and whose keys begin so: key, and how far back a list's rows are wanted."""

    def has(self, number: int) -> bool:
        """Whether the output has an article."""

    def forgotten(self, numbers: Iterable[int]) -> dict[int, int]:
        """Of these articles, those that were removed and are not fetched again, and when (seconds since 1970)."""

    def scopes(self) -> list[str]:
        """What all runs that are not worked off were asked for, those that live among them, as JSON."""

    def retry_failed(self) -> None:
        """Ask again for articles and pages of lists that failed in this run, a few times each: who goes on for months cannot leave them to the
        next run."""


class NothingKnown:
    """The ledger of a spider without a state."""

    def settled(self, section: str, first: int, last: int) -> set[int]:
        """None."""
        return set()

    def waiting(self, prefix: str) -> list[tuple[str, int]]:
        """None."""
        return []

    def has(self, number: int) -> bool:
        """It has none."""
        return False

    def forgotten(self, numbers: Iterable[int]) -> dict[int, int]:
        """None."""
        return {}

    def scopes(self) -> list[str]:
        """None."""
        return []

    def retry_failed(self) -> None:
        """There is nothing to ask for."""


class RunLedger:
    """That of a run with a state. `give_up`: told when the state cannot be read; `more`: told how many requests wait again."""

    def __init__(self, journal: Journal, give_up: Callable[[StateError], None], more: Callable[[int], None]) -> None:
        self._journal, self._give_up, self._more = journal, give_up, more

    def settled(self, section: str, first: int, last: int) -> set[int]:
        """As of `Ledger`."""
        return self._told(lambda: self._journal.settled(section, first, last), set())

    def waiting(self, prefix: str) -> list[tuple[str, int]]:
        """As of `Ledger`."""
        return self._told(lambda: self._journal.waiting(prefix), [])

    def has(self, number: int) -> bool:
        """As of `Ledger`."""
        return self._told(lambda: self._journal.has(number), False)

    def forgotten(self, numbers: Iterable[int]) -> dict[int, int]:
        """As of `Ledger`."""
        return self._told(lambda: self._journal.forgotten(numbers), {})

    def scopes(self) -> list[str]:
        """As of `Ledger`."""
        return self._told(self._journal.scopes, [])

    def retry_failed(self) -> None:
        """As of `Ledger`."""
        if again := self._told(lambda: sum(self._journal.retry(kind, TRIES) for kind in RETRIED), 0):
            self._more(again)

    def _told(self, ask: Callable[[], T], otherwise: T) -> T:
        """What the state answers; when it cannot be read, the run ends."""
        try:
            return ask()
        except StateError as error:
            self._give_up(error)
            return otherwise
