"""The articles that new ones are compared with: where each stands among the others, and by what it is found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, func, insert, select, update

from newscrawl.duplicates import (
    BANDS,
    DAY,
    Handles,
    Mark,
    Placed,
    Placement,
    Shingles,
    Text,
    as_sketch,
    handles,
    may_share,
    packed,
    place,
    text,
)
from newscrawl.state.database import Database, StateError
from newscrawl.state.revisions import unpacked
from newscrawl.state.schema import articles, bands, facts, revisions, stories
from newscrawl.state.seen import parts
from newscrawl.state.shorts import Shorts
from newscrawl.state.uncommitted import Considered, Uncommitted

_WEEK = 7 * 86_400  # seconds
_TEXTS = 256  # that are kept at hand: of a series the same ones are compared again and again
_AT_ONCE = 8  # articles that are read with one question: most new ones have fewer to be compared with


_OURS = stories.c.site == bindparam("site")
_BY_BANDS = select(bands.c.number).where(bands.c.site == bindparam("site"), bands.c.week == bindparam("week"))
_BY_HASH = select(articles.c.number).where(articles.c.site == bindparam("site"), articles.c.hash == bindparam("hash"))
_PLACED = select(
    *(stories.c[name] for name in ("number", "at", "story", "of", "of_at", "kind", "similarity", "containment"))
)
_ONE = _PLACED.where(_OURS, stories.c.number == bindparam("number"))
_SOME = _PLACED.add_columns(stories.c.sketch).where(_OURS)
_OF_STORY = _PLACED.where(_OURS, stories.c.story == bindparam("story"))
_RECORD = select(revisions.c.record).where(
    revisions.c.site == bindparam("site"), revisions.c.number == bindparam("number"), revisions.c.revision == 1
)


class Stories:
    """The articles so far, those of this run that are not committed yet among them."""

    def __init__(self, database: Database, window: int) -> None:
        """`window`: articles that were published more than so many seconds apart are not compared."""
        self._database = database
        self._window = window
        self._site = 0
        self._turn = self._next_turn = 0  # of the last commit that is known here; of this one
        self._new = Uncommitted()
        self._moved: dict[int, Placed] = {}  # where articles stand now, if that is not where they stood
        ask = database.prepared
        self._by_bands, self._by_hash = database.prepared_of(_BY_BANDS, bands.c.band, BANDS), ask(_BY_HASH)
        self._shorts = Shorts(database)
        self._some = database.prepared_of(_SOME, stories.c.number, _AT_ONCE)
        self._one, self._of_story, self._record = ask(_ONE), ask(_OF_STORY), ask(_RECORD)
        self._fill_bands = database.filler(bands)
        self._text = lru_cache(maxsize=_TEXTS)(self._read)

    def begin(self, connection: Connection, site: int) -> None:
        """For which site."""
        self._site, self._turn = site, _turn(connection, site)
        self._shorts.begin(site)

    def consider(self, new: Text, hash_: bytes) -> Considered:
        """Where an article stands that is not here yet; it is not added. Raises StateError."""
        found = handles(new)
        placement = self._place(new, found, hash_)
        return Considered(new, found, hash_, placement, placement.own)

    def _place(self, new: Text, by: Handles, hash_: bytes) -> Placement:
        return place(new, self._near(new, by, hash_), self)

    def add(self, new: Considered) -> None:
        """One more article; it becomes durable with the next commit."""
        self._new.add(new)
        for one in (new.placement.own, *new.placement.moved):
            self._moved[one.number] = one

    def placed(self, number: int) -> Placed | None:
        """Where an article stands; None for one that was never compared. Raises StateError."""
        if number in self._moved:
            return self._moved[number]
        rows = self._one({"site": self._site, "number": number})
        return _as_placed(rows[0]) if rows else None

    def members(self, story: int) -> list[Placed]:
        """The articles of a story. Raises StateError."""
        stored = map(_as_placed, self._of_story({"site": self._site, "story": story}))
        found = {one.number: one for one in stored} | self._moved
        return [one for one in found.values() if one.story == story]

    # By what others are found

    def _near(self, new: Text, by: Handles, hash_: bytes) -> Iterator[Text]:
        """The articles that may have to do with a new one; of some it turns out that they have not."""
        for other in self._new.near(new, by, hash_):
            if other.hash == hash_ or self._is_worth(new, by, other.text.at, other.handles.sketch):
                yield other.text
        same = {number for (number,) in self._by_hash({"site": self._site, "hash": hash_})}
        for row in self._rows((same | self._within(new, by) | self._similar(new, by)) - self._new.articles.keys()):
            if row[0] in same or self._is_worth(new, by, row[1], as_sketch(row[-1])):
                yield self._text(row[0], row[1])

    def _rows(self, numbers: Iterable[int]) -> Iterator[Sequence[Any]]:
        """What is stored of some articles."""
        ordered = sorted(numbers)
        for begin in range(0, len(ordered), _AT_ONCE):
            yield from self._some({"site": self._site}, ordered[begin : begin + _AT_ONCE])

    def _similar(self, new: Text, by: Handles) -> set[int]:
        if not by.bands:
            return set()
        first, last = (new.at - self._window) // _WEEK, (new.at + self._window) // _WEEK
        return {
            number
            for week in range(first, last + 1)
            for (number,) in self._by_bands({"site": self._site, "week": week}, by.bands)
        }

    def _within(self, new: Text, by: Handles) -> set[int]:
        """Short ones before it that it may hold; if it is short itself, those after it that may hold it."""
        day = min(DAY, self._window)
        found = self._shorts.held_by(by.sketch, new.at - day, new.place)
        return found | self._shorts.holding(by.sketch, new.place, new.at + day) if by.short else found

    def _is_worth(self, new: Text, by: Handles, at: int, sketch: Shingles) -> bool:
        """Whether the text of another article is to be compared."""
        return abs(at - new.at) <= self._window and may_share(by.sketch, sketch)

    def _read(self, number: int, at: int) -> Text:
        """The text of a stored article's first revision."""
        ((record,),) = self._record({"site": self._site, "number": number})
        return text(orjson.loads(unpacked(record)), number, at)

    # Commits

    def write(self, connection: Connection, fresh: Collection[int], said: Iterable[Placed]) -> None:
        """Make durable what came since the last commit. `fresh`: the new articles that are written; `said`: where others stand, as lines of this
        commit say. Raises StateError, and then all is kept for the next try."""
        turn = _turn(connection, self._site)
        if turn != self._turn or not self._new.articles.keys() <= set(fresh):
            self._place_again(fresh)
        _say(connection, self._site, said)
        rows = [self._row(one) for one in self._new.articles.values()]
        if rows:
            connection.execute(insert(stories), rows)
            if of_bands := [row for one in self._new.articles.values() for row in self._rows_of_bands(one)]:
                self._fill_bands(connection, of_bands)
            _take_turn(self._database, connection, self._site, turn + 1)
        self._next_turn = turn + bool(rows)
        _move(connection, self._site, [one for number, one in self._moved.items() if number not in self._new.articles])

    def written(self) -> None:
        """The commit is done."""
        self._turn = self._next_turn
        for one in self._new.articles.values():
            self._shorts.add(one.text.number, one.text.at, packed(one.handles.sketch), short=one.handles.short)
        self._new = Uncommitted()
        self._moved.clear()

    def _place_again(self, fresh: Collection[int]) -> None:
        """Another run has written articles since the last commit, or was faster with some of ours."""
        self._shorts.forget()
        kept = self._new, self._moved
        self._new, self._moved = Uncommitted(), {}
        try:
            for one in sorted(kept[0].articles.values(), key=lambda one: one.text.place):
                if one.text.number in fresh:
                    self.add(replace(one, placement=self._place(one.text, one.handles, one.hash)))
        except StateError:
            self._new, self._moved = kept
            raise

    def _row(self, new: Considered) -> dict[str, Any]:
        one, sketch = self._moved[new.text.number], packed(new.handles.sketch)
        said = int(one == new.said)
        return {"site": self._site, "short": int(new.handles.short), "sketch": sketch, "said": said, **_values(one)}

    def _rows_of_bands(self, new: Considered) -> Iterator[tuple[int, int, int, int]]:
        week = new.text.at // _WEEK
        for band in new.handles.bands:
            yield self._site, week, band, new.text.number


def unsaid(database: Database, site: int, limit: int) -> list[int]:
    """Articles of which the output says something else than is known now. Raises StateError."""
    query = select(stories.c.number).where(stories.c.site == site, stories.c.said == 0).order_by(stories.c.number)
    with database.reading() as connection:
        return list(connection.execute(query.limit(limit)).scalars())


def chains(database: Database, site: int, since: int, until: int) -> list[Placed]:
    """All articles of the stories that have several, and any of them published in a time (seconds since 1970): by story, then by time. Raises
    StateError."""
    other = stories.alias()
    several = (
        select(stories.c.story)
        .where(stories.c.site == site, stories.c.at >= since, stories.c.at < until)
        .where(
            select(other.c.number)
            .where(other.c.site == site, other.c.story == stories.c.story, other.c.number != stories.c.number)
            .exists()
        )
    )
    query = _PLACED.where(stories.c.site == site, stories.c.story.in_(several))
    with database.reading() as connection:
        return [
            _as_placed(row)
            for row in connection.execute(query.order_by(stories.c.story, stories.c.at, stories.c.number))
        ]


def sizes(database: Database, site: int, asked: Iterable[int]) -> dict[int, int]:
    """How many articles stories have. Raises StateError."""
    query = select(stories.c.story, func.count()).where(stories.c.site == site).group_by(stories.c.story)
    with database.reading() as connection:
        found = (connection.execute(query.where(stories.c.story.in_(part))) for part in parts(list(asked)))
        return {story: count for rows in found for story, count in rows}


def titles(database: Database, site: int, numbers: Iterable[int]) -> dict[int, str | None]:
    """The headlines of articles, as they are in their latest revisions. Raises StateError."""
    query = (
        select(revisions.c.number, revisions.c.record)
        .where(revisions.c.site == site, revisions.c.number.in_(list(numbers)))
        .order_by(revisions.c.number, revisions.c.revision)
    )
    with database.reading() as connection:
        return {number: orjson.loads(unpacked(record))["title"] for number, record in connection.execute(query)}


def _as_placed(row: Sequence[Any]) -> Placed:
    number, at, story, of, of_at, kind, similarity, containment = row[:8]
    return Placed(number, at, story, Mark(of, of_at, kind, similarity, containment) if of is not None else None)


def _values(one: Placed) -> dict[str, Any]:
    mark = one.mark
    names = ("of", "of_at", "kind", "similarity", "containment")
    values = (mark.of, mark.at, mark.kind, mark.similarity, mark.containment) if mark else (None,) * 5
    return {"number": one.number, "at": one.at, "story": one.story, **dict(zip(names, values, strict=True))}


def _say(connection: Connection, site: int, said: Iterable[Placed]) -> None:
    """Lines say where these stand; another run may have moved them since, and then it is still to be said."""
    names = ("story", "of", "kind", "similarity", "containment")
    same = [stories.c[name].is_not_distinct_from(bindparam(f"said_{name}")) for name in names]
    for one in said:
        given = {f"said_{name}": _values(one)[name] for name in names}
        ours = (stories.c.site == site, stories.c.number == one.number)
        connection.execute(update(stories).where(*ours, *same).values(said=1), given)


def _move(connection: Connection, site: int, moved: Iterable[Placed]) -> None:
    for one in moved:
        ours = (stories.c.site == site, stories.c.number == one.number)
        connection.execute(update(stories).where(*ours).values(**_values(one), said=0))


def _turn(connection: Connection, site: int) -> int:
    """A number that changes with each commit that brings articles, whichever run makes it."""
    found = connection.execute(select(facts.c.value).where(facts.c.name == f"turn {site}")).scalar()
    return int(found or 0)


def _take_turn(database: Database, connection: Connection, site: int, turn: int) -> None:
    insertion = database.insert(facts).values(name=f"turn {site}", value=str(turn))
    connection.execute(insertion.on_conflict_do_update(index_elements=["name"], set_={"value": str(turn)}))
