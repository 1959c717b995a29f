"""What follows from the fields already read: kind, language, tickers, hash."""

from __future__ import annotations

import re
from hashlib import sha256

from newscrawl import korean
from newscrawl.extraction.body import Body
from newscrawl.items import Article

# 삼성전자(005930) · 삼성전자(005930.KS): a code in brackets behind a name
_TICKER = re.compile(r"(?<=[\w.&)])\s?[(\[]([0-9]{6})(?:\.K[SQ]|,\s?코스[피닥])?[)\]]")
_FLASH_LENGTH = 150  # characters: a flash is a headline and at most a sentence or two


def tickers(text: str | None) -> list[str]:
    """Six-digit stock codes of a text, in order, once each."""
    return list(dict.fromkeys(_TICKER.findall(text or "")))


def kind(article: Article, body: Body) -> tuple[str, str]:
    """What kind of piece it is, and what said so."""
    kinds = body.notices.values()
    if "robot" in kinds:
        return "robot", "notice"
    if any(person.name in ("로보뉴스", "로봇뉴스") for person in body.byline):
        return "robot", "byline"
    if "translation" in kinds:
        return "translated", "notice"
    text = article.body or ""
    if korean.is_flash(article.marks) and "\n\n" not in text and len(text) <= _FLASH_LENGTH and not article.tables:
        return "flash", "marks"
    if article.body is None and article.images and not article.tables:
        return "photo", "images only"
    return "article", "body"


def language(article: Article) -> str | None:
    """By the body; without one by the captions, else by the title."""
    captions = " ".join(image.caption for image in article.images if image.caption)
    return korean.language(article.body or captions or article.title or "")


def content_hash(article: Article) -> str:
    """SHA-256 of title and body (both are in normal form); without a body of title, captions and pictures.

    Photo stories of one event share their title: without their pictures they would pass for copies of each other.
    """
    parts = [article.title or "", article.body or ""]
    if article.body is None:
        parts += [part for image in article.images for part in (image.caption or "", image.url or "")]
    return sha256(" ".join(" ".join(part.split()) + "\n" for part in parts).encode("utf-8", "replace")).hexdigest()
