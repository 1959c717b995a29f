"""The sitemaps of articles: what each has, and in which form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from . import dates
from .dice import FORM, dice
from .stories import SECTIONS

if TYPE_CHECKING:
    from .standing import Standing
    from .stories import Story

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_SPACE = "http://www.google.com/schemas/sitemap-news/0.9"
LOCATIONS = (
    "https://www.newspim.com/news/view/{id}",
    "http://www.newspim.com/news/view/{id}",
    "https://newspim.com/news/view/{id}/",
    "https://www.newspim.com/news/view/{id}?ref=map&utm_source=sitemap",
    "https://m.newspim.com/news/view/{id}",
)
NEWS_DAYS = timedelta(days=2)
NEWS_MOST = 1000
"""What Google allows: the articles of two days, a thousand of them."""


@dataclass(frozen=True, slots=True)
class MapForm:
    """How one sitemap writes its addresses."""

    location: str = LOCATIONS[0]
    date: dates.Form | None = dates.iso
    changed: bool = False
    """Whether lastmod is the last change, not the publication."""
    oldest: bool = False
    prefix: str = ""
    spaced: bool = False


def mapped(standing: Standing, numbers: Iterable[int]) -> list[int]:
    """Those of the articles that the sitemaps name by now."""
    now, moments = standing.second, standing.moments.mapped
    return [number for number in numbers if moments[number] <= now]


def recent_numbers(standing: Standing, part: int) -> list[int]:
    """The articles in one of the two recent sitemaps, newest first: the newest listed ones, and those before."""
    most = standing.ways.recent_items
    return mapped(standing, standing.every("1"))[(part - 1) * most : part * most]


def recent(standing: Standing, part: int) -> bytes:
    """One of the two recent sitemaps."""
    return urlset(standing, recent_numbers(standing, part), form_of(standing, f"recent {part}"))


def news_numbers(standing: Standing) -> list[int]:
    """The articles of the last two days."""
    since = (standing.now - NEWS_DAYS).timestamp() // 60
    low, high = 0, standing.count("1")
    while low < high:
        middle = (low + high) // 2
        number = standing.rows("1", middle, middle + 1)[0]
        low, high = (middle + 1, high) if standing.moments.minutes[number] >= since else (low, middle)
    return mapped(standing, standing.rows("1", 0, low))[:NEWS_MOST]


def news(standing: Standing) -> bytes:
    """The Google News sitemap."""
    form = form_of(standing, "news")
    date = form.date or dates.iso

    def inside(story: Story) -> str:
        return (
            "<news:news><news:publication><news:name>뉴스핌</news:name><news:language>ko</news:language></news:publication>"
            f"<news:publication_date>{date(story.published_at)}</news:publication_date>"
            f"<news:title>{escape(story.title)}</news:title></news:news>"
        )

    return urlset(standing, news_numbers(standing), form, inside)


def urlset(
    standing: Standing, numbers: Iterable[int], form: MapForm, inside: Callable[[Story], str] | None = None
) -> bytes:
    """A sitemap of articles; `inside` gives what stands beside address and lastmod."""
    p = f"{form.prefix}:" if form.prefix else ""
    pad = "\n  " if form.spaced else ""
    site = standing.site
    urls = []
    for number in numbers:
        story = site.articles[number]
        location = escape(form.location.format(id=story.id))
        moment = standing.made_at(story.id) if form.changed else story.published_at
        date = "" if form.date is None else f"<{p}lastmod>{form.date(moment)}</{p}lastmod>"
        more = "" if inside is None else inside(story)
        urls.append(f"<{p}url><{p}loc>{pad}{location}{pad}</{p}loc>{date}{more}</{p}url>\n")
    if form.oldest:
        urls.reverse()
    spaces = f'xmlns{":" + form.prefix if form.prefix else ""}="{SPACE}"'
    if inside is not None:
        spaces += f' xmlns:news="{NEWS_SPACE}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}urlset {spaces}>\n{"".join(urls)}</{p}urlset>\n'.encode()


def sections() -> bytes:
    """A sitemap that names no article: the section lists."""
    urls = "".join(
        f"<url><loc>https://www.newspim.com/news/lists?category_cd={code}</loc></url>\n" for code in SECTIONS
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SPACE}">\n{urls}</urlset>\n'.encode()


def form_of(standing: Standing, name: str) -> MapForm:
    """A sitemap's form; each its own where forms vary."""
    if standing.ways.forms == "plain":
        return MapForm()
    die = dice(standing.site.seed, FORM, 1_000_000 + int.from_bytes(name.encode()) % 999_983)
    return MapForm(
        location=die.pick(LOCATIONS),
        date=die.pick(dates.SITEMAP_FORMS),
        changed=die.chance(0.5),
        oldest=die.chance(0.5),
        prefix=die.pick(("", "", "sm")),
        spaced=die.chance(0.3),
    )
