"""Notices of the agency about an article, and copyright lines."""

from __future__ import annotations

import re

# [편집자] …, [편집자주] …, <편집자 註> …, 편집자주: …
_EDITOR = re.compile(r"[\[<(【〈※*\s]*편집자\s?(?:주|註)?\s?[\]>)】〉:：]")
# 이 기사는 … / 본 기사는 …: what the rest says tells which notice it is.
_ABOUT = re.compile(r"[\[<(【〈※*▶■\s]*(?:이|본|해당) (?:기사|콘텐츠|글)(?:는|은|의)\s")
_ROBOT = re.compile(r"자동\s?생성|로봇\s?기자|로보뉴스|알고리즘에 의해")
_TRANSLATION = re.compile(r"(?:인공지능|AI).{0,40}번역|번역.{0,40}(?:인공지능|AI)")
_PREMIUM = re.compile(r"회원.{0,20}프리미엄|프리미엄 기사입니다|유료\s?(?:회원|기사)")
_RELEASE = re.compile(r"프리미엄|출고|먼저 (?:게재|보도)|최초 (?:게재|보도)|송고된")
_LONGEST_NOTICE = 600  # characters; the longest seen is under 200, and a longer paragraph is the article's own

# 저작권자(c) 글로벌리더의 지름길 종합뉴스통신사 뉴스핌(Newspim), 무단 전재-재배포 금지 · ⓒ 뉴스핌 · Copyright ⓒ
_COPYRIGHT = re.compile(r"저작권자\s?[(ⓒ©]|무단\s?전재.{0,20}금지|^(?:[Cc]opyright|COPYRIGHT)\b|^[ⓒ©]")
_LONGEST_COPYRIGHT = 160


def notice(text: str) -> str | None:
    """The kind of notice that this line is (robot, translation, premium, editor), or None."""
    if len(text) > _LONGEST_NOTICE:
        return None
    if _EDITOR.match(text):
        return "editor"
    if not _ABOUT.match(text):
        return None
    for kind, pattern in (("premium", _PREMIUM), ("robot", _ROBOT), ("translation", _TRANSLATION), ("editor", _RELEASE)):
        if pattern.search(text):
            return kind
    return None


def is_copyright(text: str) -> bool:
    """Whether the line is only a copyright line."""
    return len(text) <= _LONGEST_COPYRIGHT and _COPYRIGHT.search(text) is not None
