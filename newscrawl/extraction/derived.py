"""What follows from the fields already read: kind, language, tickers, hash."""

from __future__ import annotations

import re
from hashlib import sha256

from newscrawl import korean
from newscrawl.extraction.body import Body
from newscrawl.items import Article

# 삼성전자(005930) · (005930.KS) · (051910 KS) · (000660·코스피) · (코스피 005380) · (068270, 2.3%) · (005930, 000660): codes in brackets
# behind a name
_MARKET = r"(?:코스피|코스닥|유가증권|KOSPI|KOSDAQ|KRX|KS|KQ|종목코드)"
_CODE = rf"(?:{_MARKET}[\s:·,.]{{0,2}})?[0-9]{{6}}(?![^\s.·,/:)\]）])(?:[\s.·,/:]{{1,2}}{_MARKET}(?![\s:]?[0-9]))?"
# The codes are an atomic group: what was read as one is not given back letter by letter to what may follow it.
_TICKER = re.compile(
    rf"(?<=[^\s(\[（])\s?[(\[（]\s?(?>({_CODE}(?:[\s.·,/:]{{1,2}}{_CODE}){{0,9}}))(?:[\s.·,/:]{{1,2}}[^()\[\]（）]{{1,12}})?\s?[)\]）]"
)
_DIGITS = re.compile(r"[0-9]{6}")
# (202503) is March of 2025: codes of shares end in 0, 5, 7, 8 or 9
_MONTH = re.compile(r"(?:19[89]|20[0-3])\d(?:0[1-9]|1[0-2])")
# 사업자번호(123456), 전화(119119), 계약일(240611): the word before says what the digits are. Names of firms end in 일 too (제일), so
# the days are listed.
_NUMBER_WORDS = re.compile(
    r"(?:번호|국번|사업자|전화|팩스|연락처|날짜|일자|일시|생년월일|"
    r"(?:계약|체결|기준|발행|상장|공시|납입|만기|결산|시행|작성|등록|신고|지급|배당|거래|매매|접수|취득|처분|시작|종료|결정|발생)일)\s?$"
)
_FLASH_LENGTH = 150  # characters: a flash is a headline and at most a sentence or two


def tickers(text: str | None) -> list[str]:
    """Six-digit stock codes of a text, in order, once each; months such as (202503) and other numbers in brackets are none."""
    found: dict[str, None] = {}
    for match in _TICKER.finditer(text or ""):
        if not _NUMBER_WORDS.search(match.string, max(0, match.start() - 8), match.start()):
            found |= dict.fromkeys(code for code in _DIGITS.findall(match[1]) if not _is_month(code))
    return list(found)


def _is_month(code: str) -> bool:
    return _MONTH.fullmatch(code) is not None and code[-1] not in "05789"


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
    """SHA-256 of title and body (both are in normal form) and of the tables' cells; without a body of captions and pictures too.

    Photo stories of one event share their title, and tables of one series theirs: by the title alone they would pass for copies of
    each other.
    """
    parts = [article.title or "", article.body or ""]
    if article.body is None:
        parts += [part for image in article.images for part in (image.caption or "", image.url or "")]
    parts += [cell or "" for table in article.tables for row in table for cell in row]
    return sha256(" ".join(" ".join(part.split()) + "\n" for part in parts).encode("utf-8", "replace")).hexdigest()
