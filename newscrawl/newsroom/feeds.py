"""The RSS feeds of the sections: what each has, and in which form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from . import dates
from .answer import Answer
from .dice import FORM, dice

if TYPE_CHECKING:
    from .standing import Standing

LINKS = (
    "http://www.newspim.com/news/view/{id}",
    "https://www.newspim.com/news/view/{id}",
    "http://www.newspim.com/news/view/{id}?utm_source=rss",
    "https://www.newspim.com/news/view/{id}?utm_source=rss&utm_medium=feed",
    "https://m.newspim.com/news/view/{id}",
    "http://newspim.com/view.jsp?newsId={id}",
)
TYPES = ("application/rss+xml; charset=utf-8", "text/xml;charset=UTF-8", "application/xml", "text/xml")
ORDERS = ("published", "arrived", "oldest")


@dataclass(frozen=True, slots=True)
class FeedForm:
    """How one feed writes its items."""

    link: str = LINKS[0]
    date: dates.Form | None = dates.mail
    date_tag: str = "pubDate"
    guid: str = ""
    order: str = "published"
    cdata: bool = False
    spaced: bool = False
    mark: bool = False
    type: str = TYPES[0]


def feed(standing: Standing, code: str) -> Answer:
    """A section's feed; an unknown section's has no items."""
    form = _form(standing, code)
    items = [_item(standing, number, form) for number in _ordered(standing, fed(standing, code), form.order)]
    space = ' xmlns:dc="http://purl.org/dc/elements/1.1/"' if form.date_tag.startswith("dc:") else ""
    mark = "\ufeff" if form.mark else ""
    text = (
        f'{mark}<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"{space}><channel><title>뉴스핌</title>\n'
        f"{''.join(items)}</channel></rss>\n"
    )
    return Answer(200, text.encode(), form.type)


def fed(standing: Standing, code: str) -> list[int]:
    """The articles in a section's feed, newest first."""
    most, now, moments = standing.ways.feed_items, standing.second, standing.moments.fed
    numbers: list[int] = []
    for number in standing.every(code) if most else ():
        if moments[number] <= now:
            numbers.append(number)
            if len(numbers) == most:
                break
    return numbers


def _ordered(standing: Standing, numbers: list[int], order: str) -> list[int]:
    if order == "arrived":
        return sorted(numbers, key=lambda number: -standing.moments.fed[number])
    return numbers[::-1] if order == "oldest" else numbers


def _form(standing: Standing, code: str) -> FeedForm:
    """The feed's form; each section's its own where forms vary."""
    if standing.ways.forms == "plain":
        return FeedForm()
    die = dice(standing.site.seed, FORM, int(code))
    date = die.pick(dates.FEED_FORMS)
    return FeedForm(
        link=die.pick(LINKS),
        date=date,
        date_tag="dc:date" if date is dates.iso else "pubDate",
        guid=die.pick(("", "link", "id")),
        order=die.pick(ORDERS),
        cdata=die.chance(0.5),
        spaced=die.chance(0.3),
        mark=die.chance(0.2),
        type=die.pick(TYPES),
    )


def _item(standing: Standing, number: int, form: FeedForm) -> str:
    site = standing.site
    story, opening = site.articles[number], site.opening(number)
    link, id = form.link.format(id=story.id), story.id
    guid = {"": "", "link": _element("guid", link, form), "id": f'<guid isPermaLink="false">{id}</guid>'}[form.guid]
    date = "" if form.date is None else f"<{form.date_tag}>{form.date(story.published_at)}</{form.date_tag}>"
    pad = "\n      " if form.spaced else ""
    return (
        f"<item>{_element('title', story.title, form)}<link>{pad}{_text(link, form.cdata)}{pad}</link>{guid}"
        f"<author>{escape(opening.byline)}</author>{date}"
        f"{_element('description', opening.dateline + opening.lead, form)}</item>\n"
    )


def _element(tag: str, text: str, form: FeedForm) -> str:
    return f"<{tag}>{_text(text, form.cdata)}</{tag}>"


def _text(text: str, cdata: bool) -> str:
    return f"<![CDATA[{text}]]>" if cdata else escape(text)
