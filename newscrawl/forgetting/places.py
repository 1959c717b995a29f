"""The kinds of places: what each has of the sought articles, and the steps that remove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from newscrawl.export.feeds import find_feeds
from newscrawl.forgetting import archives, exports, lines, pages, reports
from newscrawl.forgetting.files import NotNow, below, remove
from newscrawl.forgetting.sought import Sought
from newscrawl.state import Database, forgotten
from newscrawl.state.alive import is_held

_NAMED = 3  # outputs that are not found are named, so many
Step = Callable[[], object]
_WRITTEN = "{}: an export is being written there: wait for its end"


@dataclass(frozen=True, slots=True)
class Where:
    """A site's folder and state, its row in the state; the day (2026-11-23) that archives are marked with."""

    folder: Path
    database: Database
    row: int
    day: str


@dataclass(slots=True)
class Touched:
    """What of a place is, or would be, removed: `records`, in so many of its `of` files. `notes` are to be known; `troubles` are left as they
    are, `later` until somebody has mended what the line says."""

    place: str
    records: int = 0
    files: int = 0
    of: int = 0
    notes: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list, repr=False)

    def add(self, records: int, step: Step) -> None:
        """One file more that is to be written anew."""
        self.records += records
        self.files += 1
        self.steps.append(step)


def feeds(where: Where, sought: Sought) -> Touched:
    """The feeds of the site. Their words, and which of them others have, are learnt on the way. Raises OSError, StateError."""
    touched, known = Touched("feeds"), find_feeds(where.folder, where.database, sought.site.name)
    touched.notes += known.troubles
    for one in known.found:
        touched.of += 1
        found = lines.survey(one.path, sought)
        if found.damaged:
            touched.troubles.append(f"{one.path} is damaged ({found.damaged}): what is behind that place is not known")
        if found.lines:
            step = _removed if found.lines == found.of else _rewritten
            touched.add(found.lines, partial(step, where, one.path, sought))
    return touched


def _names(where: Where, path: Path) -> list[str]:
    """How the state may call a file: from its folder, or whole."""
    real, folder = path.resolve(), where.database.folder.resolve()
    return [str(real), *([str(real.relative_to(folder))] if real.is_relative_to(folder) else [])]


def _rewritten(where: Where, path: Path, sought: Sought) -> None:
    def resize(size: int) -> None:
        """Before the file is: a feed that is longer than its row says is no sign of a loss."""
        with where.database.transaction() as connection:
            forgotten.resize_feed(where.database, connection, _names(where, path), size)

    lines.rewrite(path, sought, resize)


def _removed(where: Where, path: Path, sought: Sought) -> None:
    """A feed of which nothing would be left."""
    with where.database.transaction() as connection:
        forgotten.drop_feed(where.database, connection, _names(where, path))
    remove(path)


def outputs(where: Where, sought: Sought) -> Touched:
    """Exports, and outputs of `-o` and `-O`, wherever they are. Raises OSError, StateError."""
    touched, missing = Touched("exports"), list[str]()
    for path, form in noted(where):
        touched.of += 1
        if is_held(exports.lock_of(path)):
            touched.later.append(_WRITTEN.format(path))
        elif not path.exists():
            missing.append(str(path))
        else:
            _look_at(path, form, sought, touched)
    if missing:
        more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        named = ", ".join(missing[-_NAMED:])
        touched.notes.append(f"not found any more: {named}{more}; where one was moved to, remove the articles yourself")
    return touched


def _look_at(path: Path, form: str, sought: Sought, touched: Touched) -> None:
    with _told(path, touched):
        if records := exports.survey(path, form, sought):
            touched.add(records, partial(_export, path, form, sought, touched))


def _export(path: Path, form: str, sought: Sought, touched: Touched) -> None:
    with _told(path, touched):
        exports.rewrite(path, form, sought)


@contextmanager
def _told(path: Path, touched: Touched) -> Iterator[None]:
    """What an output cannot be read or written for, as a line; the others are gone on with."""
    try:
        yield
    except BlockingIOError:
        touched.later.append(_WRITTEN.format(path))
    except (OSError, NotNow) as error:
        touched.later.append(f"{path}: {error}")
    except ValueError as error:
        touched.troubles.append(f"{path}: {error}")


def noted(where: Where) -> list[tuple[Path, str]]:
    """The outputs that the state knows, but for those that are among its feeds."""
    with where.database.reading() as connection:
        found = [(Path(path), form) for path, form in forgotten.noted_exports(where.database, connection)]
    folder = where.folder.resolve()
    return [(path, form) for path, form in found if not (form in exports.LINES and path.resolve().parent == folder)]


def archive(where: Where, sought: Sought) -> Touched:
    """The archives of the site. Raises OSError, StateError."""
    touched = Touched("archive")
    with where.database.reading() as connection:
        sizes = forgotten.archive_sizes(where.database, connection, where.row)
    for path in archives.find(where.folder):
        touched.of += 1
        named = path.with_name(path.name.removesuffix(".open")).resolve()
        found = archives.survey(path, sought, sizes.get(path.resolve(), sizes.get(named)))
        if found.damaged:
            touched.troubles.append(f"{path} is damaged ({found.damaged}): what is behind that place is not known")
        if found.is_touched or found.cut:
            if found.redacted:
                touched.notes.append(f"{path}: {len(found.redacted):,} pages of other articles lose its words")
            if found.copies:
                touched.notes.append(
                    f"{path}: {found.copies:,} pages of other articles go whole: their own text is a copy"
                )
            touched.add(len(found.gone), partial(_archive, path, found, sought, where.day, touched))
    return touched


def _archive(path: Path, found: archives.Found, sought: Sought, day: str, touched: Touched) -> None:
    for address in archives.rewrite(path, found, sought, day):
        touched.notes.append(
            f"{path}: the page {address} went whole, for without its words it would not fit into its place"
        )


def kept_pages(where: Where, sought: Sought) -> Touched:
    """Pages that were kept because they could not be read. Raises OSError."""
    folder = where.folder / "unreadable"
    found = pages.survey(folder, sought)
    touched = Touched("pages", of=len(list(folder.glob("*.html"))))
    if found.gone or found.redacted:
        touched.add(len(found.gone), partial(pages.rewrite, found))
        touched.files = len(found.gone) + len(found.redacted)
    return touched


def run_reports(where: Where, sought: Sought) -> Touched:
    """Reports on the disk, and the figures that the state keeps. Raises OSError, StateError."""
    folder = where.folder / "reports"
    found = reports.survey(folder, sought)
    touched = Touched("reports", of=len(list(folder.glob("*/*"))))
    if found:
        touched.add(len(found), partial(reports.rewrite, found))
        touched.files = len(found)
    return touched


def all_files(where: Where) -> Iterator[Path]:
    """Every file that may have something of an article: the data folder, the state, the outputs that are known."""
    state = where.database.path
    own = {path.resolve() for path in below(where.folder) if path.is_file()}
    if state is not None:
        own |= {one.resolve() for one in state.parent.glob(f"{state.name}*") if one.is_file()}
    for path, _ in noted(where):
        if path.exists():
            own |= {one.resolve() for one in exports.files(path)}
    yield from sorted(own)
