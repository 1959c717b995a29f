"""What every page has around its matter: head filler, menus, top bar, sidebar boxes, best articles, foot."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from . import words
from .blocks import Closing, Items, Paragraph, Picture
from .dice import CHROME, Dice, dice
from .markup import address, attribute, link, neutral, words_to_html
from .sidebar import Sidebar
from .stories import SECTIONS, SUBSECTIONS, Story

if TYPE_CHECKING:
    from .site import Site

FILLER = {"2026": 52_000, "2022": 50_000, "2018": 48_000, "mobile": 48_000, "list": 30_000}
"""Bytes of style and script by template: they bring a page to the 60 to 120 KB of the real ones."""


def filler(die: Dice, size: int, hidden: Iterable[str]) -> str:
    """Style and script that mean nothing, with a few article addresses in strings that are no links."""
    out = ["<style>"]
    length = 0
    while length < size // 2:
        rule = (
            f".{neutral(die)}{die.between(1, 99)} .{neutral(die)} > {die.pick(['a', 'li', 'p', 'em'])}"
            f"{{margin:{die.between(0, 40)}px {die.between(0, 9)}px;color:#{die.between(100000, 999999)};font-size:{die.between(9, 40)}px}}\n"
        )
        out.append(rule)
        length += len(rule)
    out.append("</style>\n<script>\n")
    recent = ",".join(f"'/news/view/{one}'" for one in list(hidden)[:3])
    out.append(f"var recentViews = [{recent}];\n")
    while length < size:
        line = (
            f"function {neutral(die).replace('-', '_')}{die.between(1, 999)}(a, b) {{ var c = a * {die.between(1, 99)} + "
            f"(b || {die.between(1, 99)}); if (c < {die.between(100, 999)} && a > 0) {{ return c - {die.between(1, 9)}; }} return c; }}\n"
        )
        out.append(line)
        length += len(line)
    out.append("</script>\n")
    return "".join(out)


def menus(site: Site) -> str:
    """The top bar and the section menus, as all pages of a site have them."""
    die = dice(site.seed, CHROME, 1)
    top = "".join(f'<li><a href="{escape(entry.address)}">{entry.label}</a></li>' for entry in site.topbar.entries)
    lists = []
    for code, name in {"1": "전체", **SECTIONS}.items():
        below = "".join(
            f'<li><a href="/news/lists?category_cd={sub}">{label}</a></li>'
            for sub, label in SUBSECTIONS.items()
            if sub.startswith(code)
        )
        lists.append(
            f'<li><a href="/news/lists?category_cd={code}">{name}</a><ul>{below if code != "1" else ""}</ul></li>'
        )
    commented = "".join(
        f'<!-- <li><a href="/news/view/{one}">{die.between(1, 9)}</a></li> -->' for one in site.hidden[:2]
    )
    return (
        f'<div id="{neutral(die)}"><ul class="{neutral(die)}">{top}</ul>'
        '<a href="https://mem.newspim.com/login">로그인</a> <a href="https://monthly.newspim.com/">월간</a>'
        '<form action="/search"><input name="searchword"></form><a href="/search?searchword=%EA%B8%88%EB%A6%AC">인기 검색어</a></div>\n'
        f'<nav class="{neutral(die)}"><h1><a href="/"><img src="/images/logo.png" alt="뉴스핌"></a></h1><ul>{"".join(lists)}</ul>{commented}</nav>\n'
    )


def quick_box(die: Dice, site: Site, numbers: tuple[int, ...]) -> str:
    """The 속보 box with its 더보기."""
    rows = "".join(f"<li>{link(die, site.articles[number])}</li>" for number in numbers)
    return f'<div class="{neutral(die)}"><h3>속보</h3><ul>{rows}</ul><a href="/quicknews">더보기</a></div>\n'


def boxes(die: Dice, site: Site, sidebar: Sidebar) -> str:
    """The boxes of the sidebar."""
    out = [f'<aside class="{neutral(die)}">']
    for label, numbers in sidebar.boxes:
        if label == "속보":
            continue
        tag = die.pick(["h3", "h4", "strong", "p"])
        rows = "".join(f"<li>{_box_row(die, site.articles[number])}</li>" for number in numbers)
        shape = die.pick(["ul", "ol"])
        out.append(
            f"<div {attribute(die, 'class', neutral(die))}><{tag}>{label}</{tag}><{shape}>{rows}</{shape}></div>\n"
        )
    out.append("</aside>\n")
    return "".join(out)


def _box_row(die: Dice, story: Story) -> str:
    if die.chance(0.25):
        thumb = f'<img src="https://img.newspim.com/news/{story.published_at:%Y/%m/%d}/{story.published_at:%y%m%d%H%M}0000_t1.jpg" alt="썸네일">'
        return f'<a href="{address(die, story)}">{thumb}<span>{words_to_html(die, story.title)}</span></a>'
    return link(die, story)


def best(die: Dice, site: Site, numbers: tuple[int, ...]) -> str:
    """The block of best articles: other articles' full text, with caption, e-mail and date."""
    label = words_to_html(die, "[뉴스핌 베스트 기사]")
    tag, outer, name = die.pick(["p", "div", "span"]), die.pick(["div", "section"]), neutral(die)
    rows = []
    for number in numbers:
        story = site.articles[number]
        full = f" <{tag}>{escape(_full_text(site, number), quote=False)}</{tag}> "
        title = f"<strong>{words_to_html(die, story.title)}</strong>"
        body = f'<a href="{address(die, story)}"><em>사진</em> {title}</a>{full}'
        rows.append(f"<li>{body}<span>{story.published_at:%Y-%m-%d %H:%M}</span></li>")
    return f'<{outer} class="{name}"><h3>{label}</h3><ul>{"".join(rows)}</ul></{outer}>\n'


def _full_text(site: Site, number: int) -> str:
    out: list[str] = []
    for block in site.content(number).blocks:
        match block:
            case Paragraph():
                out.append(block.dateline + block.text)
            case Items():
                out.extend(block.lines)
            case Picture(caption=str(caption)):
                out.append(caption)
            case Closing():
                out.append(block.text)
            case _:
                pass
    return " ".join(out)


def foot(die: Dice) -> str:
    """The foot of every page."""
    places = "".join(
        f'<li><a href="/etc/{name}">{name}</a></li>' for name in ("company", "terms", "privacy", "ethics", "sitemap")
    )
    sponsor = f'<a href="https://ad.example.net/{die.between(1, 99)}">{die.pick(words.AD_LINES).format(n=9)}</a>'
    return f'<footer><a href="https://shop.example.net/">안다쇼핑</a> {sponsor}<ul>{places}</ul><a href="#top">Top으로 이동</a></footer>\n'
