"""The whole of what is shown of a site's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from newscrawl.ledger_view.days import Coverage, Tally
from newscrawl.ledger_view.look import Look
from newscrawl.ledger_view.missing import missing, steps
from newscrawl.ledger_view.strips import strips
from newscrawl.ledger_view.weeks import weeks
from newscrawl.ledger_view.wrapping import wrapped
from newscrawl.site import Site
from newscrawl.state import LedgerDay


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown: from a first day to a last, and the codes of sections. What is None or empty is as the ledger has it."""

    first: date | None = None
    last: date | None = None
    sections: tuple[str, ...] = ()


def sheet(site: Site, ledger: Sequence[LedgerDay], asked: Asked, today: date, look: Look) -> list[str]:
    """The lines; none when the ledger has nothing of what is asked for. `ledger`: of all sections, from the first day to the last.

    The calendar of the list of everything, or of each section asked for; what is not complete there and in the other sections; sums; what to
    do. Months go down, so that the newest stands where the eye is when the command has ended.
    """
    shown = [one for code in _codes(site, ledger, asked) if (one := _main(code, ledger, asked, today))]
    if not shown:
        return []
    beside = [] if asked.sections else _beside(ledger, shown, today)
    names = {one.section: _name(site, one.section) for one in (*shown, *beside)}
    lines = [line for one in shown for line in _calendar(site, names[one.section], one, look)]
    for code in asked.sections:
        lines += [] if code in names else [f"{site.name}  {_name(site, code)}  nothing known", ""]
    lines.append(look.legend())
    for title, gaps in missing(shown, beside, names, look).items():
        lines += ["", title, *gaps]
    lines.append("")
    for one in shown:
        lines += _sums(names[one.section] if len(shown) > 1 else "total", one.tally(), look)
    commands = steps(site.name, [*shown, *beside], site.list_all)
    return [*lines, "", *(["next", *(f"  {command}" for command in commands)] if commands else ["nothing is missing"])]


def _calendar(site: Site, name: str, one: Coverage, look: Look) -> list[str]:
    return [f"{site.name}  {name}  {one.first} to {one.last}", "", *(weeks(one, look) or strips(one, look)), ""]


def _codes(site: Site, ledger: Sequence[LedgerDay], asked: Asked) -> tuple[str, ...]:
    """The sections that get a calendar: where the list of everything was never walked, each that was."""
    known = sorted({one.section for one in ledger})
    return asked.sections or ((site.list_all,) if site.list_all in known else tuple(known))


def _main(code: str, ledger: Sequence[LedgerDay], asked: Asked, today: date) -> Coverage | None:
    return Coverage.of(code, ledger, today, asked.first, asked.last)


def _beside(ledger: Sequence[LedgerDay], shown: Sequence[Coverage], today: date) -> list[Coverage]:
    """The other sections that were walked, each from its first day to its last: nobody said that it should have more."""
    walked = {one.section for one in ledger if one.walked_at is not None} - {one.section for one in shown}
    return [one for code in sorted(walked) if (one := Coverage.of(code, ledger, today))]


def _name(site: Site, code: str) -> str:
    """정치 (101); a sub-section has the name of its section."""
    name = site.sections.get(code) or site.sections.get(code[:3])
    return f"{name} ({code})" if name else code


def _sums(head: str, tally: Tally, look: Look) -> list[str]:
    share = f" ({1000 * tally.exported // tally.listed / 10} %)" if tally.listed else ""
    phrases = [
        f"{tally.complete:,} of {tally.over:,} days complete" if tally.over else "no day is over yet",
        f"{tally.listed:,} articles listed",
        f"{tally.exported:,} exported{share}",
    ]
    others = ((tally.failed, "failed"), (tally.waiting, "wait"), (tally.left_out, "gone, duplicate or not wanted"))
    phrases += [f"{count:,} {what}" for count, what in others if count]
    return wrapped(f"{head}  ", [*(f"{phrase}," for phrase in phrases[:-1]), phrases[-1]], look.columns)
