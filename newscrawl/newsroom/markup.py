"""HTML as an untidy hand writes it: escapes, spellings of a link, quotes, capitals, stray white space."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from .dice import Dice
from .stories import Story

# Characters that the site's editor writes as entities, now and then.
ENTITIES = {"·": "&middot;", "…": "&hellip;", "‘": "&lsquo;", "’": "&rsquo;", '"': "&quot;"}
# No emoji of the generator is built with a joiner, so these may stand beside any letter and must be gone from the record.
ZERO_WIDTH = ("\u200b", "&#8203;", "\ufeff", "\u200c", "&#x200d;", "\u2060")
CLASS_WORDS = "area inner wrap cont unit part block holder line row cell zone group pane slot item frame grid".split()
SECTION_URLS = re.compile(rb"https?://(?:www\.)?newspim\.com(?=[/\"'])")
OTHER_URLS = re.compile(rb"(?:https?:)?//((?:m|gam|ir|member|search|rss)\.newspim\.com)")


def words_to_html(die: Dice, shown: str) -> str:
    """A text as HTML; quotes, dots and ellipses may become entities."""
    html = escape(shown, quote=False)
    throw = die.random()
    if throw < 0.25:
        for letter, entity in ENTITIES.items():
            html = html.replace(letter, entity)
    return html


def noisy(die: Dice, shown: str) -> str:
    """A paragraph as HTML with the noise that the record must not have: odd white space, zero-width letters, NFD."""
    if die.chance(0.02):
        shown = unicodedata.normalize("NFD", shown)
    html = words_to_html(die, shown)
    throw = die.random()
    if throw < 0.25:
        at = html.find(" ", int(die.random() * len(html)))
        if at >= 0:
            html = html[:at] + die.pick(["\n    ", "&nbsp;", " &nbsp;", "  ", "\t", "\u00a0", "\r\n"]) + html[at + 1 :]
    elif throw < 0.31:
        at = html.find(" ", int(die.random() * len(html)))
        if at >= 0:
            html = html[:at] + die.pick(ZERO_WIDTH) + html[at:]
    elif throw < 0.34:
        at = html.rfind(" ")
        if at >= 0:
            tag = die.pick(["b", "strong", "span", "em", "font"])
            html = f"{html[:at]} <{tag}>{html[at + 1 :]}</{tag}>"
    elif throw < 0.35:
        at = html.find(" ")
        if at >= 0:
            html = html[:at] + die.pick(["<!-- 고침 -->", "\x08", "\x7f"]) + html[at:]
    return html


def lines_to_html(die: Dice, shown: str) -> str:
    """A paragraph whose line breaks stay breaks on the page."""
    breaks = ["<br>", "<br/>", "<BR>", "<br />\n"]
    return die.pick(breaks).join(noisy(die, line) for line in shown.split("\n"))


def neutral(die: Dice) -> str:
    """A class name that says nothing of what it holds."""
    return f"{die.pick(CLASS_WORDS)}{die.pick(['_', '-', ''])}{die.pick(CLASS_WORDS)}{die.between(1, 9) if die.chance(0.4) else ''}"


def attribute(die: Dice, name: str, value: str) -> str:
    """An attribute in one of the ways to write it (bare only where HTML allows it)."""
    throw = die.random()
    if throw < 0.75 or not value:
        return f'{name}="{value}"'
    if throw < 0.92 or not value.replace("-", "").replace("_", "").isalnum():
        return f"{name}='{value}'"
    return f"{name}={value}"


def address(die: Dice, story: Story) -> str:
    """One of the spellings under which other pages link to an article."""
    one = story.id
    if story.premium and die.chance(0.4):
        return die.pick(
            [f"/anda/view/{one}", f"https://gam.newspim.com/news/view/{one}", f"http://www.newspim.com/anda/view/{one}"]
        )
    throw = die.random()
    if throw < 0.55:
        return f"/news/view/{one}"
    if throw < 0.67:
        return f"https://www.newspim.com/news/view/{one}"
    if throw < 0.77:
        return f"http://www.newspim.com/news/view/{one}"
    return die.pick(
        [
            f"https://m.newspim.com/news/view/{one}",
            f"http://m.newspim.com/news/view/{one}",
            f"http://newspim.com/news/view/{one}",
            f"https://newspim.com/news/view/{one}/",
            f"//www.newspim.com/news/view/{one}",
            f"/view.jsp?newsId={one}",
            f"http://www.newspim.com/view.jsp?newsId={one}",
            f"/newsamp/view/{one}",
            f"https://m.newspim.com/newsamp/view/{one}",
            f"/news/view/{one}?utm_source=box&amp;utm_medium=side",
            f"https://www.newspim.com/news/view/{one}?utm_campaign=best&utm_source=app",
            f"/news/view/{one}?ref=main",
            f"/news/view/{one}#comment",
        ]
    )


def link(die: Dice, story: Story, inside: str = "") -> str:
    """An anchor to an article with its headline (or `inside`) as text."""
    text = inside or words_to_html(die, story.title)
    return f"<a {attribute(die, 'href', address(die, story))}>{text}</a>"


def for_people(page: bytes) -> bytes:
    """The page with its absolute links bent to this server, so that a person can click around in a browser.

    Other hosts of the site are reached under `/@host/`.
    """
    return OTHER_URLS.sub(rb"/@\1", SECTION_URLS.sub(b"", page))
