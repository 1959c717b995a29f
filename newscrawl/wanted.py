"""Who asked for what: what this run is asked for, and what earlier runs were and left undone. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from newscrawl.arguments import Arguments, merged
from newscrawl.discovery.pages import Row, could_be_within
from newscrawl.items import Article
from newscrawl.site import Site

_ROWS_SHOW = timedelta(minutes=1)  # an article's own time may be up to a minute later than its row's


class Wanted:
    """Everything that is asked for by this run or one before it. `askers` are their arguments."""

    def __init__(self, own: Arguments, site: Site) -> None:
        self.own = own
        self.site = site
        self.askers = [own]

    def go_on_with(self, scopes: Iterable[str]) -> None:
        """`scopes`: what all runs that are not worked off were asked for, as JSON."""
        self.askers = merged([self.own, *(Arguments.from_json(scope) for scope in scopes)])

    @property
    def everything(self) -> bool:
        """Whether someone asks for all of a time, whatever its section."""
        return any(one.is_open for one in self.askers)

    @property
    def reach(self) -> int:
        """How far back those go who ask for everything, in seconds since 1970; 0 is without bound."""
        return min(reach_of(one) for one in self.askers if one.is_open)

    @property
    def until(self) -> datetime | None:
        """The latest time that anyone asks for; None is without bound."""
        ends = [one.until for one in self.askers if not one.numbers]
        return None if None in ends else max((end for end in ends if end), default=None)

    def could_have(self, number: str) -> bool:
        """Whether an article of this number can lie in a time that is asked for."""
        return any(could_be_within(number, one.since, one.until) for one in self.askers)

    def could_have_row(self, row: Row) -> bool:
        """Whether the article of a row can, by the times that the row shows; one without a time can."""
        shown, changed = row.published_at, row.modified_at
        if shown is None:  # it was published before it was changed
            return changed is None or any(one.since is None or changed >= one.since for one in self.askers)
        return any(one.within(shown, shown + _ROWS_SHOW) for one in self.askers)

    def of_time(self, article: Article, number: str) -> list[Arguments]:
        """Who asked for an article by its number or its time; one without a date is not refused for it."""
        published = article.published_at
        return [one for one in self.askers if number in one.numbers or not published or one.within(published)]

    def of_section(self, askers: Iterable[Arguments], article: Article, listed_in: str | None) -> list[Arguments]:
        """Who of these did by its section: it stands in a list that is asked for, or its breadcrumb names one. Of a sub-section only its
        list tells. `listed_in`: the code of the section in whose list it stands."""
        code = self.site.section_names.get(article.section or "")
        return [one for one in askers if not one.sections or listed_in in one.sections or code in one.sections]


def reach_of(asked: Arguments) -> int:
    """How far back one goes, in seconds since 1970; 0 is without bound."""
    return int(asked.since.timestamp()) if asked.since else 0
