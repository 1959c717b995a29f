"""Captions: told from the article's own words by how they end, or by where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from newscrawl.korean.bylines import EMAIL, dateline

# [사진=로이터 뉴스핌] · [사진 = 뉴스핌DB] · (사진=기획재정부) · <사진제공=현대차>, with or without date and e-mail after it.
_PHOTO = re.compile(
    rf"[\[(<〈【]\s?(?:[가-힣]{{1,6}}\s?)?(?:사진|포토|그래픽|일러스트|캡처|캡쳐|이미지)[^\[\]()<>=:：]{{0,12}}[=:：]\s?(?P<credit>[^\[\]<>〈〉【】]{{1,60}}?)\s?[\])>〉】]"
    rf"\s?/?\s?(?:\d{{4}}\.\s?\d{{1,2}}\.\s?\d{{1,2}}\.?)?\s?(?P<email>{EMAIL})?\s?$"
)
# [자료=미래에셋대우 HTS] · <출처=블룸버그>: a source; a paragraph of the article may name one too, so only short lines count.
_SOURCE = re.compile(
    rf"[\[(<〈【]\s?(?:자료|출처|제공|표|도표)[^\[\]()<>=:：]{{0,12}}[=:：]\s?(?P<credit>[^\[\]<>〈〉【】]{{1,60}}?)\s?[\])>〉】]"
    rf"\s?/?\s?(?:\d{{4}}\.\s?\d{{1,2}}\.\s?\d{{1,2}}\.?)?\s?(?P<email>{EMAIL})?\s?$"
)
_SHORT = 100  # characters; captions with a source alone are names of what is seen
# … 2025.06.16 pangbin@newspim.com
_DATE_EMAIL = re.compile(rf"(?:19|20)\d\d\.\s?\d{{1,2}}\.\s?\d{{1,2}}\.?\s?/?\s?[(\s]?(?P<email>{EMAIL})[).\s]{{0,3}}$")
# … 2025.06.16, with a dateline at its beginning
_DATE = re.compile(r"(?:19|20)\d\d\.\s?\d{1,2}\.\s?\d{1,2}\.?$")
# /김학선 기자 yooksa@ (until 2018)
_SLASH = re.compile(
    r"/\s?(?P<credit>[가-힣]{2,4}\s?[가-힣]{0,6}(?:기자|특파원))\s?(?P<email>[A-Za-z0-9._\-]{1,40}@[A-Za-z0-9.\-]{0,60})$"
)
# 사진=로이터 뉴스핌, without brackets, and ⓒ뉴스핌 count beside a picture only
_BARE_CREDIT = re.compile(r"(?:(?:^|\s)사진\s?=|[ⓒ©])\s?(?P<credit>[^=\[\]<>ⓒ©]{1,40})$")
# 〈이형석 기자 leehs@〉
_BRACKETED = re.compile(
    r"[<〈\[(]\s?(?P<credit>[가-힣]{2,4}\s?[가-힣]{0,6}(?:기자|특파원))\s?(?P<email>[A-Za-z0-9._\-]{1,40}@[A-Za-z0-9.\-]{0,60})\s?[>〉\])]$"
)
_EMAIL_END = re.compile(rf"(?P<email>{EMAIL})$")
_ADDRESS = re.compile(r"\s?\S{1,64}@\S{0,64}")  # an address within a credit: 김학선 기자 yooksa@
_ENDING = 200  # characters: the longest ending that one of these patterns can need


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption's words as shown, and whom it credits."""

    text: str
    credit: str | None


# 했다. · 했다.” · 했다.[사진=…
_SENTENCES = re.compile(r"[다요]\.[\"'”’)]?(?=[\s\[(<〈【]|$)")
_PROSE_ENDS = ("다.", '다"', "요.", "다.”", "다”")


def is_surely_caption(text: str, domain: str) -> bool:
    """Whether the ending alone says caption, even of a line that opens like a story: date and e-mail, the desk, a slash byline."""
    end = text[-_ENDING:]
    return bool(
        _DATE_EMAIL.search(end) or _SLASH.search(end) or _BRACKETED.search(end) or end.endswith("photo@" + domain)
    )


def may_be_caption(text: str) -> bool:
    """Whether a line that opens like a dateline ends as a caption may: a credit, a date, or an e-mail."""
    end = text[-_ENDING:]
    return bool(_PHOTO.search(end) or _SOURCE.search(end) or _DATE.search(end) or _EMAIL_END.search(end))


def photo_credit(text: str) -> int | None:
    """Where a credit that closes a paragraph begins: `… [사진=소속사 제공]`."""
    if text.endswith(_PROSE_ENDS):  # nearly every paragraph
        return None
    start = max(0, len(text) - _ENDING)
    match = _PHOTO.search(text, start)
    return match.start() if match and match.start() else None


def is_several_sentences(text: str) -> bool:
    """Whether a line is prose, whatever credit or source closes it: captions are names of what is seen, or one sentence."""
    return next(islice(_SENTENCES.finditer(text), 1, None), None) is not None


def looks_like_caption(text: str, agency: tuple[str, ...], domain: str, *, beside_image: bool = False) -> bool:
    """Whether a line's ending says that it is a caption. `beside_image`: the line follows a picture without a caption."""
    if text.endswith(_PROSE_ENDS):  # nearly every paragraph
        return False
    end = text[-_ENDING:]
    if is_surely_caption(text, domain) or _PHOTO.search(end):
        return True
    if source := _SOURCE.search(end):
        prose = end[: source.start()].rstrip().endswith(("다.", "요.", "다"))
        return beside_image or (len(text) <= _SHORT and not prose)
    if beside_image and _BARE_CREDIT.search(end):
        return True
    return bool(_DATE.search(end) and dateline(text, agency))


def caption(text: str, agency: tuple[str, ...]) -> Caption:
    """A caption taken apart. `credit`: the bracket's, the slash's or the dateline's person; None when it names nobody."""
    opens = dateline(text, agency)
    named = opens.people if opens else ()
    end = text[-_ENDING:]
    found = (pattern.search(end) for pattern in (_PHOTO, _SOURCE, _SLASH, _BRACKETED, _BARE_CREDIT))
    match = next(filter(None, found), None)
    credit = _ADDRESS.sub("", match["credit"]).strip() or None if match else None
    if credit is None and named:
        credit = ", ".join(" ".join(filter(None, (person.name, person.role))) for person in named)
    return Caption(text, credit)
