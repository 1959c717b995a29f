"""Edits of what stands around an article: advertisements, the AI summary, the count of views, the order of the boxes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import chrome, text, words
from .blocks import Advertisement
from .dice import EDIT, dice
from .editions import Draft, is_plain
from .markup import neutral
from .sidebar import Sidebar

if TYPE_CHECKING:
    from .site import Site

MOST_VIEWS = 9999


def reframe(draft: Draft) -> None:
    """Change all of it, and no word of the article."""
    die, content = draft.die, draft.content
    draft.frame = draft.version
    content.views += die.between(1, MOST_VIEWS)
    if content.ai_summary or content.ai_pending:
        content.ai_pending = False
        content.ai_summary = [text.fill(die, die.pick(text.SUMMARY), draft.opening.voice) for _ in range(3)]
    shown = [place for place, block in enumerate(draft.blocks) if isinstance(block, Advertisement)]
    between = [place for place in draft.plain() if place and is_plain(draft.blocks[place - 1])]
    if shown and die.chance(0.5):
        del draft.blocks[die.pick(shown)]
    elif between:
        draft.blocks.insert(die.pick(between), Advertisement())


def reframed(site: Site, number: int, turn: int, before: bytes, sidebar: Sidebar) -> tuple[bytes, bytes]:
    """What stands before the article and what after it, as of one version of its surroundings."""
    die = dice(site.seed, EDIT, (2 << 32) + (number << 16) + turn)
    script = f'<script nonce="{die.getrandbits(64):016x}">var shownAt = {die.between(1, 10**9)};</script>\n'
    line = die.pick(words.AD_LINES).format(n=die.between(2, 900))
    advertisement = f'<div class="ad-{neutral(die)}"><a href="https://ad.example.net/click?c={die.between(100, 99999)}">{line}</a></div>\n'
    boxes = list(sidebar.boxes)
    die.shuffle(boxes)
    turned = [(label, numbers[turn % 5 :] + numbers[: turn % 5]) for label, numbers in boxes]
    after = f"{chrome.boxes(die, site, replace(sidebar, boxes=tuple(turned)))}{chrome.foot(die)}</body>\n</html>\n"
    return b"".join([script.encode(), before, advertisement.encode()]), after.encode()
