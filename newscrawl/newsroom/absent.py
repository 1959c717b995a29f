"""The page of an article that is no more, in the evidence's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import chrome
from .dice import CHROME, dice

if TYPE_CHECKING:
    from .site import Site


def empty(site: Site) -> bytes:
    """A frame with nothing in it, and a time that is none."""
    die = dice(site.seed, CHROME, 2)
    head = (
        '<!DOCTYPE html>\n<html lang="ko">\n<head>\n<meta charset="utf-8">\n<title>뉴스핌 - 뉴스통신</title>\n'
        '<meta property="article:section" content="">\n<meta property="dable:item_id" content="">\n'
        '<meta property="article:published_time" content="T:00+09:00">\n<meta property="og:type" content="article" />\n'
        '<meta property="og:url" content="http://www.newspim.com/news/view/" />\n<meta property="og:title" content="" />\n'
    )
    middle = '<div class="bodynews"><div class="header"><h1></h1><span id="send-time"></span></div><div class="contents"><div id="news_contents" itemprop="articleBody"></div></div></div>\n'
    filler = chrome.filler(die, chrome.FILLER["2018"], ())
    return f"{head}{filler}</head>\n<body>\n{site.menus()}{middle}{chrome.foot(die)}</body>\n</html>\n".encode()
