"""The whole way, in an order that a kill cannot spoil: the markers first, then file after file, the texts of the state last.

1. One transaction: markers, and all that could fetch, compare or write the articles goes from the state. Their texts stay in the state for now.
2. Every file is looked through; those that have anything of the articles are written anew, one after the other, the feeds last. What to look for
   is known by the state's texts.
3. The texts go, the state's file is written anew, everything is searched, and the markers say that it is done.

Killed anywhere, the same steps are taken again for the markers that are not done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from newscrawl.forgetting import places, reports
from newscrawl.forgetting.files import below, remove, sweep
from newscrawl.forgetting.places import Touched, Where
from newscrawl.forgetting.searching import Searched, search
from newscrawl.forgetting.sought import MOST_BY_WORDS, Sought
from newscrawl.identity import article_id
from newscrawl.site import Site
from newscrawl.state import Database, StateError, forgotten, outbox, runs
from newscrawl.state.alive import RunLock
from newscrawl.state.reports import change


@dataclass(slots=True)
class Report:
    """What came of it. `numbers`: of the articles; `kin`: other articles of their stories; `lenders`: ids of articles that have some of their words
    too, which stay; `searched`: None where words were not looked for; `more`: of very many that somebody asked for the next call removes the next;
    `elsewhere`: hosts whose files may have them too, where the state is shared."""

    numbers: list[int] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)
    kin: list[str] = field(default_factory=list)
    lenders: list[str] = field(default_factory=list)
    searched: Searched | None = None
    more: bool = False
    elsewhere: list[str] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether something is to be done first: the texts by which the articles are known stay until then, and the next call goes on."""
        return bool(self.elsewhere) or any(one.later for one in self.touched)

    @property
    def troubles(self) -> list[str]:
        """What still has something of the articles, or may have; a line each."""
        found = [line for one in self.touched for line in (*one.troubles, *one.later)]
        found += [f"{host} has files of this state: run scrapy forget there too" for host in self.elsewhere]
        if self.searched is not None:
            found += [f"{path} still has words of it" for path in self.searched.left]
            found += [f"{path} could not be searched" for path in self.searched.unread]
        return found


def plan(folder: Path, database: Database, site: Site, numbers: Sequence[int], day: str) -> Report:
    """What `forget` would touch. Raises OSError, StateError."""
    with database.transaction() as connection:
        row = forgotten.site_row(database, connection, site.name)
        kin = forgotten.kin(connection, row, numbers)
        texts = forgotten.texts_of(connection, row, numbers)
    sought = Sought.of(site, numbers)
    for text in texts:
        sought.learn(text)
    where = Where(folder, database, row, day)
    found = [Touched("state", len(texts), int(bool(texts)), 1), *_survey(where, sought)]
    return Report(sorted(numbers), found, _ids(kin, site), sorted(set(sought.words.shared.values())))


def forget(
    folder: Path,
    database: Database,
    site: Site,
    numbers: Sequence[int],
    now: int,
    day: str,
    *,
    why: str = forgotten.ASKED,
    before: int | None = None,
) -> Report:
    """Remove articles, and those whose removal was begun before: of very many that somebody asked for a part, and marks all (`Report.more`).

    `now`: seconds since 1970; `day`: the same as a day. `before`: archives of runs that had ended by then go whole.

    Raises StateError while a run of the site or another `forget` goes on, and when the state cannot be used; OSError when a file cannot be
    written: the next call goes on.
    """
    with _locked(database):
        report, where, is_asked = _mark(folder, database, site, numbers, now, day, why)
        if before is not None:
            report.touched += _drop_archives(where, before)
        if not report.numbers:
            return report
        sweep({path.resolve().parent for path in below(folder)})
        sweep({path.resolve().parent for path, _ in places.noted(where)})
        sought = _sought(where, site, report.numbers)
        found = _survey(where, sought)
        for touched in reversed(found):  # the feeds last
            for step in touched.steps:
                step()
        report.touched += found
        report.lenders = sorted(set(sought.words.shared.values()))
        if not report.waits:
            report.elsewhere = _elsewhere(where, report.numbers)
        if report.waits:
            return report
        _clear(where, sought, report, whole=is_asked)
        if sought.by_words:
            report.searched = search(places.all_files(where), sought)
        with database.transaction() as connection:
            forgotten.finish(connection, where.row, report.numbers, now)
    return report


@contextmanager
def _locked(database: Database) -> Iterator[None]:
    """No run of any site may begin in this state, and no other `forget`. Raises StateError."""
    path = runs.rewriting_lock(database)
    if path is None:
        raise StateError(f"{database.name} keeps no marker: set NEWSCRAWL_STATE to a file, or to nothing")
    try:
        lock = RunLock(path)
    except BlockingIOError:
        raise StateError(f"{database.name}: another scrapy forget goes on: wait for its end") from None
    try:
        yield
    finally:
        lock.release()


def _mark(
    folder: Path, database: Database, site: Site, numbers: Sequence[int], now: int, day: str, why: str
) -> tuple[Report, Where, bool]:
    """The first step; also whether somebody asked for any of them."""
    with database.transaction() as connection:
        row = forgotten.site_row(database, connection, site.name)
        database.alone(connection, row)
        if living := runs.living(database, connection):
            run, name = living[0]
            raise StateError(
                f"run {run} of {name} goes on, and its files grow: end it first (scrapy status --end {run}), or wait for its end"
            )
        runs.bury(database, connection, row, now)
        outbox.complete(connection, row, database.folder, database.node)
        kin = forgotten.kin(connection, row, numbers)
        count = forgotten.mark(database, connection, row, numbers, now, why)
        every = forgotten.unfinished(connection, row)
    asked = [one.number for one in every if one.why == forgotten.ASKED]
    # Words are looked for of what somebody asked for, however many there are.
    numbers = asked[:MOST_BY_WORDS] if len(every) > MOST_BY_WORDS and asked else [one.number for one in every]
    report = Report(numbers, [Touched("state", count, int(bool(count)), 1)], _ids(kin, site))
    report.more = len(numbers) < len(every)
    return report, Where(folder, database, row, day), bool(asked)


def _sought(where: Where, site: Site, numbers: Sequence[int]) -> Sought:
    """The articles, and their words by the texts of the state."""
    sought = Sought.of(site, numbers)
    if sought.by_words:
        with where.database.reading() as connection:
            for text in forgotten.texts_of(connection, where.row, numbers):
                sought.learn(text)
    return sought


def _survey(where: Where, sought: Sought) -> list[Touched]:
    """What each place has of them. The feeds first: by them it is known which words others have too."""
    every = (places.feeds, places.outputs, places.archive, places.kept_pages, places.run_reports)
    return [place(where, sought) for place in every]


def _elsewhere(where: Where, numbers: Sequence[int]) -> list[str]:
    """The files of this machine are done with: the hosts of the others whose are not."""
    with where.database.transaction() as connection:
        forgotten.clear(where.database, connection, where.row, numbers)
        return forgotten.left_to(where.database, connection, where.row, numbers)


def _drop_archives(where: Where, before: int) -> list[Touched]:
    """Archives of runs that had ended by a time (seconds since 1970)."""
    touched = Touched("archive")
    with where.database.reading() as connection:
        old = forgotten.old_archives(where.database, connection, where.row, before)
    for row, path in old:
        file = where.database.folder / path
        if file.exists():
            remove(file)
            touched.files += 1
        with where.database.transaction() as connection:
            forgotten.drop_archive(connection, row)
    touched.of = len(old)
    touched.notes = [f"{touched.files:,} old archives were removed whole"] if touched.files else []
    return [touched] if old else []


def _clear(where: Where, sought: Sought, report: Report, *, whole: bool) -> None:
    """The state's texts and figures. `whole`: its file is written anew, for its free pages may have what passed through it; else what is deleted
    is overwritten."""
    with where.database.transaction() as connection:
        report.touched[0].records += forgotten.drop_texts(where.database, connection, where.row, report.numbers)
        report.touched[0].files = 1
        change(connection, where.row, partial(reports.without, sought=sought))
    where.database.close()
    (where.database.compact if whole else where.database.empty_log)()


def _ids(numbers: Sequence[int], site: Site) -> list[str]:
    return [article_id(str(number), site) for number in numbers]
