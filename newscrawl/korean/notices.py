"""Notices of the agency about an article, and copyright lines."""

from __future__ import annotations

import re
from functools import cache

# [편집자] …, [편집자주] …, <편집자 註> …, 편집자주: … (a bare 편집자 in other brackets may be a film)
_EDITOR = re.compile(
    r"[※*\s]{0,3}(?:[\[【]\s?편집자\s?(?:주|註|注)?\s?[\]】](?=$|[\s:：]|[이본] 기사)|"
    r"[<(〈]\s?편집자\s?(?:주|註|注)\s?[>)〉]|편집자\s?(?:주|註|注)\s?[:：=])"
)
# 이 기사는 … / 본 기사는 …: what the rest says tells which notice it is.
_ABOUT = re.compile(r"[\[<(【〈※*▶■\s]{0,4}(?:이|본|해당) (?:기사|콘텐츠|글)(?:는|은|의)\s")
_ROBOT = re.compile(r"자동\s?생성|로봇\s?기자|로보뉴스|알고리즘에 의해")
_TRANSLATION = re.compile(r"(?:인공지능|AI).{0,40}번역|번역.{0,40}(?:인공지능|AI)")
# A membership is needed for this one; a note that it stood in the premium service before is the editor's (see _RELEASE).
_PREMIUM = re.compile(r"회원.{0,12}필요(?:한|합니다).{0,20}|회원만|회원\s?전용|유료\s?(?:회원|기사)(?:만|입니다| 전용)")
_PREMIUM_ALONE = re.compile(r"프리미엄\s?(?:회원만|회원\s?전용).{0,40}(?:있습니다|기사입니다)")
_RELEASE = re.compile(r"프리미엄.{0,80}출고|출고된|먼저 (?:게재|보도)|최초 (?:게재|보도)|송고된")
# … 함정이었다고 재판부는 판단했다.: somebody else speaks of an article
_REPORTED = re.compile(r"고\s.{0,30}(?:했다|말했다|밝혔다|전했다|판단했다|주장했다|설명했다|보도했다)\.?$")
_LONGEST_NOTICE = 600  # characters; the longest seen is under 200, and a longer paragraph is the article's own

_LONGEST_COPYRIGHT = 160


def notice(text: str) -> str | None:
    """The kind of notice that this line is (robot, translation, premium, editor), or None."""
    if len(text) > _LONGEST_NOTICE:
        return None
    if _EDITOR.match(text):
        return "editor"
    if "프리미엄" in text and _PREMIUM_ALONE.search(text) and not _REPORTED.search(text):
        return "premium"
    if not _ABOUT.match(text) or "니다" not in text or _REPORTED.search(text):
        return None  # notices speak politely, the articles of a wire never do
    for kind, pattern in (
        ("editor", _RELEASE),
        ("premium", _PREMIUM),
        ("robot", _ROBOT),
        ("translation", _TRANSLATION),
    ):
        if pattern.search(text):
            return kind
    return None


def is_editor_label(text: str) -> bool:
    """Whether an editor's note has only its label yet: the note is what follows."""
    match = _EDITOR.match(text)
    return match is not None and not text[match.end() :].strip()


def is_copyright(text: str, agency: tuple[str, ...]) -> bool:
    """Whether the line is only a copyright line: 저작권자(c) … 뉴스핌(Newspim), 무단 전재-재배포 금지 · ⓒ 뉴스핌 · Copyright ⓒ 2026 …"""
    if len(text) > _LONGEST_COPYRIGHT or not (text[:1] in "ⓒ©Cc" or "저작권" in text or "전재" in text):
        return False
    return _copyright(agency).search(text) is not None


@cache
def _copyright(agency: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, agency))
    return re.compile(
        rf"^.{{0,3}}저작권자\s?(?:\([cC]\)|ⓒ|©)|무단\s?전재[^다]{{0,20}}금지[\s.>\])〉】]{{0,3}}$|^(?:[Cc]opyright|COPYRIGHT)s?\s?(?:[ⓒ©(]|\d{{4}})|"
        rf"^[ⓒ©]\s?(?:{names}|\d{{4}})"
    )
