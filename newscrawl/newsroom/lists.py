"""The pages that list articles: section lists, front, top bar, flashes."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from . import chrome
from .dice import CHROME, Dice, dice
from .markup import address, attribute, link, neutral, words_to_html
from .scripted import more_of_it
from .stories import SECTIONS, SUBSECTIONS, Story
from .topbar import FIRST

if TYPE_CHECKING:
    from .site import Site
    from .standing import Standing

WWW = "https://www.newspim.com"
ROWS = 20
"""Rows of a list page."""
FRONT_NEWEST = 10
"""Articles in the front page's box of flashes; its headlines are the first of them."""
FRONT_SECTION = 6
"""Articles in each of the front page's other boxes."""


def list_page(standing: Standing, code: str, offset: int) -> bytes:
    """A page of a section list. Every third section has the row markup of the time until 2022."""
    site, known, depth = standing.site, code.isdigit(), standing.depth(code)
    if standing.ways.list_end == "repeat" and offset >= depth:
        offset = max(0, depth - 1) // ROWS * ROWS
    die = dice(site.seed, CHROME, 10_000_000 + int(code) * 100_000 + offset) if known else dice(site.seed, CHROME, 9)
    numbers = standing.rows(code, offset, min(offset + ROWS, depth))
    old = known and int(code) % 3 == 0
    rows = "\n".join(_row(die, site, site.articles[number], old) for number in numbers)
    name = {"1": "전체", **SECTIONS, **SUBSECTIONS}.get(code, "")
    # Where a list ends before its articles do, every second section's pager goes on.
    count = standing.count(code) if known and int(code) % 2 else depth
    pager = _pager(f"/news/lists?category_cd={code}&amp;page=", count, offset, ROWS)
    return _page(die, site, name, f"<h2>{name}</h2>\n{rows}\n{_hidden(die, site)}{pager}")


def _row(die: Dice, site: Site, story: Story, old: bool) -> str:
    opening = site.opening(story.number)
    to, title = address(die, story), words_to_html(die, story.title)
    summary = words_to_html(die, f"{opening.dateline}{opening.lead}"[:120])
    day = f"{story.published_at:%Y-%m-%d %H:%M}"
    if old:
        return (
            f'<article class="thumbgroup"><h2><a href="{to}"><strong class="subject_h">{title}</strong></a></h2>'
            f'<p class="summary"><a href="{to}">{summary}</a></p><p class="byline">{opening.byline} <span>{day}</span></p></article>'
        )
    return (
        f'<article class="thumb_h"><div class="txt"><strong class="subject"><a href="{to}">{title}</a></strong>'
        f'<p class="summary">{summary}</p><span class="date">{day}</span></div></article>'
    )


def _pager(address: str, count: int, offset: int, step: int) -> str:
    """Links to the ten pages around; the number in the address is a row offset."""
    first = max(0, offset // step - 4)
    links = [
        f'<a href="{address}{number * step}">{number + 1}</a>'
        for number in range(first, min(first + 10, -(-count // step)))
    ]
    return f"<div>{' '.join(links)}</div>\n"


def _hidden(die: Dice, site: Site) -> str:
    return "".join(
        f'<!-- <article class="thumb_h"><a href="/news/view/{one}">{die.between(1, 9)}</a></article> -->\n'
        for one in site.hidden[:2]
    )


def _page(die: Dice, site: Site, title: str, inside: str) -> bytes:
    filler = site.filler("list")
    return (
        f'<!DOCTYPE html>\n<html lang="ko">\n<head>\n<meta charset="utf-8">\n<title>{title} - 뉴스핌</title>\n{filler}</head>\n<body>\n'
        f'{site.menus()}<div class="{neutral(die)}">{inside}</div>\n{chrome.foot(die)}</body>\n</html>\n'
    ).encode()


def front(standing: Standing) -> bytes:
    """The front page: a headline with its related ones, a box for each section, the flashes."""
    site = standing.site
    die = dice(site.seed, CHROME, 3)
    newest = standing.rows("1", 0, FRONT_NEWEST)
    parts = [chrome.quick_box(die, site, tuple(newest))]
    if newest:
        first, *others = (site.articles[number] for number in newest[:5])
        top = "".join(f"<li>{link(die, story)}</li>" for story in others)
        parts.append(
            f'<article class="headline"><h1>{link(die, first)}</h1><ul class="newslist">{top}</ul></article>\n'
        )
    for code, name in SECTIONS.items():
        numbers = standing.rows(code, 0, FRONT_SECTION)
        rows = "".join(f"<li>{link(die, site.articles[number])}</li>" for number in numbers)
        parts.append(f"<div {attribute(die, 'class', neutral(die))}><h3>{name}</h3><ul>{rows}</ul></div>\n")
    return _page(die, site, "뉴스핌", "".join(parts))


def quicknews(standing: Standing) -> bytes:
    """The list of all flashes: the newest articles, or the first of them with what shows more."""
    site, how = standing.site, standing.ways.quick_more
    die = dice(site.seed, CHROME, 4)
    many = standing.ways.quick_items if how == "none" else ROWS
    rows = _quick_rows(standing, 0, many)
    if how == "none":
        return _page(die, site, "전체속보", f"<ul>{rows}</ul>")
    name = neutral(die)
    return _page(die, site, "전체속보", f'<ul id="{name}">{rows}</ul>{more_of_it(die, how, name)}')


def quicknews_rows(standing: Standing, first: int) -> str:
    """So much more of it as comes at a time."""
    return _quick_rows(standing, first, min(first + ROWS, standing.ways.quick_items))


def _quick_rows(standing: Standing, first: int, end: int) -> str:
    site = standing.site
    numbers = standing.rows("1", first, end)
    die = dice(site.seed, CHROME, 4 if first == 0 else 600_000_000 + first)
    return "".join(f"<li>{link(die, site.articles[number])}</li>" for number in numbers)


def topbar_page(standing: Standing, address_: str, offset: int) -> bytes | None:
    """A page of a top bar entry; what only the top bar names stands on the first one."""
    site = standing.site
    entry = standing.topbar.at(address_) if site.topbar.at(address_) else None
    if entry is None:
        return None
    die = dice(site.seed, CHROME, 5_000_000 + hash_of(address_) * 1000 + offset // FIRST)
    stories = [site.articles[number] for number in entry.numbers[offset : offset + FIRST]]
    shape = hash_of(address_) % 3
    if shape == 0:
        rows = "\n".join(_row(die, site, story, old=False) for story in stories)
    elif shape == 1:
        rows = (
            "<ul>"
            + "".join(f"<li>{link(die, story)} <em>{story.published_at:%m-%d %H:%M}</em></li>" for story in stories)
            + "</ul>"
        )
    else:
        name = neutral(die)
        rows = "\n".join(
            f'<div class="{name}"><p>{link(die, story)}</p><span>{story.published_at:%Y.%m.%d}</span></div>'
            for story in stories
        )
    joint = "&amp;" if "?" in address_ else "?"
    pager = _pager(f"{escape(address_)}{joint}page=", len(entry.numbers), offset, FIRST)
    return _page(die, site, entry.label, f"<h2>{entry.label}</h2>\n{rows}\n{pager}")


def hash_of(text: str) -> int:
    """A small number of a text that is the same in every process."""
    value = 0
    for letter in text:
        value = (value * 31 + ord(letter)) % 997
    return value


def plain(site: Site, title: str) -> bytes:
    """A page that lists nothing, such as the terms of use."""
    return _page(dice(site.seed, CHROME, 6), site, escape(title), f"<h2>{escape(title)}</h2>")


def list_addresses(site: Site, story: Story) -> Iterable[str]:
    """The list pages (at multiples of 20 rows) that name a story."""
    for code in story.sections:
        place = site.place(code, story.number)
        yield f"{WWW}/news/lists?category_cd={code}&page={place - place % ROWS}"


def topbar_addresses(site: Site, story: Story) -> Iterable[str]:
    """The pages of the top bar that name a story."""
    for entry in site.topbar.entries:
        if story.number in entry.numbers:
            place = entry.numbers.index(story.number)
            offset = place - place % FIRST
            joint = "&" if "?" in entry.address else "?"
            yield f"{WWW}{entry.address}{f'{joint}page={offset}' if offset else ''}"
