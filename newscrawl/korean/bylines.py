"""Who and where: datelines, bylines and the closing line of a wire story."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

EMAIL = r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
_EMAIL = re.compile(EMAIL)
_EQUALS = "[=＝]"

# A token that is, or ends with, a role: 기자, 특파원, 문화전문기자, 정치부장, 증권부장, 논설위원, 선임기자 …
_ROLE = re.compile(
    r"[^\s\d]{0,12}(?:기자|특파원|통신원|부장|차장|국장|팀장|실장|센터장|본부장|위원|주필|에디터|리포터|앵커|아나운서|칼럼니스트|작가|감독|PD)|"
    r"[Rr]eporter|[Cc]orrespondent|[Ee]ditor|记者|記者|特派员"
)
# Words that belong to the role behind them: 인턴 기자, 정치부 선임기자, Staff Reporter.
_ROLE_PREFIX = re.compile(
    r"인턴|수습|객원|선임|전문|대표|총괄|편집|IT|ICT|AI|[가-힣]{1,8}(?:부|팀|국|실|센터|본부)|국제|경제|문화|부동산|스포츠|중국|[Ss]taff|[Ss]enior"
)
# What somebody did, before the name: 글·사진 홍길동 기자, 정리 홍길동 기자.
_WORKS = frozenset(("글", "정리", "촬영", "번역", "취재", "사진", "영상", "그래픽", "편집"))
_PICTURED = ("사진 ", "영상 ", "그래픽 ", "편집 ")  # alone before a name they credit a picture: 사진 홍길동 기자
# 홍길동기자: a name and its role in one
_GLUED = re.compile(r"(?P<name>[가-힣]{2,4}?)(?P<role>(?:인턴|수습|선임)?기자|특파원)")
_NAME = re.compile(r"(?!(?:제보|문의|사진|영상|편집|취재|독자|그래픽|기사|자료)$)(?:[가-힣]{2,4}|[\u4e00-\u9fff]{2,4})")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'\-]*(?: [A-Z][A-Za-z.'\-]*){0,3}")
_DESK = re.compile(r"로보뉴스|로봇뉴스|[가-힣]{2,8}(?:뉴스팀|취재팀|편집팀|편집부|뉴스부|취재반)")
# Where correspondents sit, so that `황숙혜 뉴욕 특파원` is one person.
_POST = re.compile(
    r"뉴욕|워싱턴|베이징|북경|상하이|도쿄|동경|홍콩|런던|파리|베를린|모스크바|하노이|자카르타|싱가포르|방콕|뉴델리|LA|로스앤젤레스|실리콘밸리"
)
_SEPARATOR = re.compile(r"\s?[·ㆍ・‧•,，、/&]\s?| and ")
# [사진=뉴스핌] is a credit, not a dateline
_CREDITS = "사진|자료|그래픽|출처|영상|표|도표|제공|이미지|캡처|캡쳐|일러스트|포토"
_LONGEST_CLOSING = 120  # characters; the longest form in the evidence has 30, two authors with e-mails about 80


@dataclass(frozen=True, slots=True)
class Person:
    """A name with its role; a desk has no role."""

    name: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """One e-mail of the closing line with the one whom that line names beside it; `named`: all, where it names several."""

    email: str
    person: Person | None = None
    named: tuple[Person, ...] = field(default=(), compare=False)
    desk: bool = False  # the line says that the address is the house's, for tips or questions


@dataclass(frozen=True, slots=True)
class Dateline:
    """What opens a story: the place, the people named in it, and where in the text the story's own words begin.

    `closings`: addresses that stand in the byline instead of at the end.
    """

    place: str | None
    people: tuple[Person, ...]
    end: int
    closings: tuple[Closing, ...] = ()


def people(text: str, *, bare_names: bool = False) -> tuple[Person, ...]:
    """The people of a byline such as `김가나·이다라 기자`; () when the text is anything else.

    A role said once at the end holds for all before it. `bare_names`: names without any role are people too.
    """
    found: list[Person] = []
    text = text.strip()
    if text.startswith(_PICTURED):
        return ()
    parts = _SEPARATOR.split(text)
    while len(parts) > 1 and parts[0] in _WORKS:
        del parts[0]
    for part in parts:
        persons = _part(part)
        if persons is None:
            return ()
        found += persons
    role: str | None = None
    shared: list[Person] = []
    for person in reversed(found):
        role = person.role or role
        shared.append(person if person.role or _DESK.fullmatch(person.name) else replace(person, role=role))
    if not bare_names and not all(person.role or _DESK.fullmatch(person.name) for person in shared):
        return ()
    return tuple(reversed(shared))


def _part(part: str) -> list[Person] | None:
    """`홍길동 기자`, `홍길동 이다라 기자`, `홍길동 뉴욕 특파원`, `글 홍길동 기자`, `홍길동`, `Hong Gil-dong reporter`, `로보뉴스`."""
    if _DESK.fullmatch(part):
        return [Person(part)]
    tokens = part.removeprefix("By ").split()
    while len(tokens) > 1 and tokens[0] in _WORKS and (_GLUED.fullmatch(tokens[1]) or not _ROLE.fullmatch(tokens[1])):
        del tokens[0]
    if len(tokens) == 1 and (glued := _GLUED.fullmatch(tokens[0])):
        return [Person(glued["name"], glued["role"])]
    if len(tokens) > 1 and _FOREIGN_ROLE.fullmatch(tokens[0]):  # Reporter Hong Gil-dong, 记者 洪吉童
        tokens = [*tokens[1:], tokens[0]]
    found: list[Person] = []
    for group in _groups(tokens):
        names, role = _names_and_role(group)
        if len(names) > 1 and _POST.fullmatch(names[0]):  # 뉴욕 홍길동 특파원
            names = names[1:]
        if names and all(_NAME.fullmatch(name) for name in names):
            found += [Person(name, role) for name in names]
        elif names and _LATIN_NAME.fullmatch(" ".join(names)):
            found.append(Person(" ".join(names), role))
        else:
            return None
    return found or None


def _groups(tokens: list[str]) -> list[list[str]]:
    """`홍길동 기자 이다라 기자`: a new group begins behind a role, with what is none."""
    groups: list[list[str]] = [[]]
    for before, token in pairwise(["", *tokens]):
        if groups[-1] and _ROLE.fullmatch(before) and not _ROLE.fullmatch(token):
            groups.append([])
        groups[-1].append(token)
    return groups


_FOREIGN_ROLE = re.compile(r"[Rr]eporter|[Cc]orrespondent|记者|記者|特派员")


def _names_and_role(tokens: list[str]) -> tuple[list[str], str | None]:
    """The last tokens that say a role, with what belongs to it, and the names before them."""
    cut = len(tokens)
    while cut > 0 and (
        _ROLE.fullmatch(tokens[cut - 1]) or (cut < len(tokens) and _ROLE_PREFIX.fullmatch(tokens[cut - 1]))
    ):
        cut -= 1
    if 1 < cut < len(tokens) and tokens[cut].startswith("전문"):  # 홍길동 의학 전문기자
        cut -= 1
    if 1 < cut < len(tokens) and _POST.fullmatch(tokens[cut - 1]):
        cut -= 1
    if (
        cut == 0 and len(tokens) > 1 and _NAME.fullmatch(tokens[0])
    ):  # a name that could be a word of a role: 국제 기자 is none
        cut = 1
    return tokens[:cut], " ".join(tokens[cut:]) or None


@cache
def _forms(agency: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    names = "|".join(map(re.escape, sorted(agency, key=len, reverse=True)))
    return (
        # [서울=뉴스핌] · [서울 = 뉴스핌] · [뉴욕 = 뉴스핌 황숙혜 특파원] · [워싱턴(미국)=뉴스핌]
        re.compile(
            rf"[\[(〔【]\s?(?P<place>(?!(?:{_CREDITS})\s?{_EQUALS})[^\[\]=＝]{{1,30}}?)\s?{_EQUALS}\s?(?:{names})(?P<people>[^\[\]=＝]{{0,60}}?)[\])〕】]\s?"
        ),
        # [뉴스핌=김근희 기자] · [뉴스핌 Newspim]
        re.compile(rf"[\[(〔【]\s?(?:{names})\s?(?:{_EQUALS}|\s)\s?(?P<people>[^\[\]=＝]{{1,60}}?)[\])〕】]\s?"),
        # 纽斯频通讯社首尔8月31日电
        re.compile(rf"(?:{names})\s?(?P<place>[\u4e00-\u9fff]{{1,8}}?)\s?(?:\d{{1,2}}月)?\d{{1,2}}日电\s?(?P<people>)"),
    )


# `홍길동 기자 = ` after the bracket; a hundred characters hold four names with roles, or two with addresses.
_BYLINE = re.compile(rf"(?P<people>[^=＝]{{1,100}}?)\s?{_EQUALS}\s?")
_LEADING_EQUALS = re.compile(rf"\s?{_EQUALS}\s?")


@cache
def _openers(agency: tuple[str, ...]) -> frozenset[str]:
    return frozenset("[(〔【") | {name[0] for name in agency}


def dateline(text: str, agency: tuple[str, ...]) -> Dateline | None:
    """The dateline and byline that open the text, or None. `[서울=뉴스핌] 뉴스핌 홍길동 기자가 …` has a place and no byline."""
    if text[:1] not in _openers(agency):  # nearly every line ends here
        return None
    for form in _forms(agency):
        if match := form.match(text):
            break
    else:
        return None
    place = match.groupdict().get("place")
    written = match["people"].strip()
    inside, closings = _with_addresses(written)
    if written and not inside and place is None and written not in agency:
        return None  # [뉴스핌 특집]: a mark, not a dateline
    end = match.end()
    if not inside:
        inside, closings, end = _behind(text, end)
    elif equals := _LEADING_EQUALS.match(text, end):
        end = equals.end()
    return Dateline(place.strip() if place else None, inside, end, closings)


def _behind(text: str, start: int) -> tuple[tuple[Person, ...], tuple[Closing, ...], int]:
    """The byline behind a dateline's bracket: up to its equals sign, or all that the line has."""
    if match := _BYLINE.match(text, start):
        found, closings = _with_addresses(match["people"])
        if found:
            return found, closings, match.end()
    rest = text[start:]
    if 0 < len(rest) <= _LONGEST_BYLINE:
        found, closings = _with_addresses(rest)
        if found:
            return found, closings, len(text)
    return (), (), start


_LONGEST_BYLINE = 60  # characters, of one without its equals sign


def byline(text: str) -> tuple[tuple[Person, ...], int] | None:
    """A byline that opens a line of its own, and where the story's words begin; None when there is none."""
    found, _, end = _behind(text, 0)
    return (found, end) if found else None


_BRACKETED_EMAIL = re.compile(rf"\s?[(（]\s?(?P<email>{EMAIL})\s?[)）]")


def _with_addresses(text: str) -> tuple[tuple[Person, ...], tuple[Closing, ...]]:
    """People, some with an address in brackets: `홍길동 기자(hong@newspim.com)`."""
    found = people(_BRACKETED_EMAIL.sub("", text))
    if not found:
        return (), ()
    closings = []
    for match in _BRACKETED_EMAIL.finditer(text):
        before = people(_BRACKETED_EMAIL.sub("", text[: match.start()]), bare_names=True)
        closings.append(Closing(match["email"], next((p for p in found if before and p.name == before[-1].name), None)))
    return found, tuple(closings)


def dateline_inside(text: str, agency: tuple[str, ...]) -> int | None:
    """Where a dateline begins inside the text, after other words: with a byline, or behind the end of a sentence."""
    for form in _forms(agency)[:2]:
        for match in form.finditer(text, 1):
            found = dateline(text[match.start() :], agency)
            if found and (found.people or text[: match.start()].rstrip().endswith((".", "]", ")"))):
                return match.start()
    return None


def closing(text: str, agency: tuple[str, ...], domain: str) -> tuple[Closing, ...]:
    """The e-mails of a closing line, each with the person named before it; () when the line is anything else.

    `chk@newspim.com` · `베이징= 최헌규 특파원 chk@newspim.com` · `김가나 기자 a@newspim.com 이다라 기자 b@newspim.com`.
    """
    if "@" not in text or len(text) > _LONGEST_CLOSING:
        return ()
    found: list[Closing] = []
    position = 0
    for match in _EMAIL.finditer(text):
        before = _bare(text[position : match.start()], agency)
        own = match[0].lower().endswith("@" + domain)
        if own and _TIPS.fullmatch(before):
            found.append(Closing(match[0], desk=True))
            position = match.end()
            continue
        persons = people(before, bare_names=own) if before else ()
        if before and not persons:
            return ()
        found.append(Closing(match[0], persons[0] if len(persons) == 1 else None, persons))
        position = match.end()
    return tuple(found) if not _bare(text[position:], agency).strip(".") else ()


# What stands around a name or an address: brackets, signs. Separators of names are kept.
_WRAPPING = re.compile(r"[\[\](){}<>〈〉（）=＝|:：;ⓒ©▶☞\s]+")
_PLACE_EQUALS = re.compile(rf"^[\[(\s]{{0,2}}[가-힣A-Za-z·\s]{{1,12}}{_EQUALS}\s?")


# 기사제보, 독자 제보, 제보는, 기사제보 및 보도자료, 광고 문의: the label of an address that is nobody's own
_TIPS = re.compile(
    r"(?:(?:기사|독자|시민|뉴스|사건|취재|광고|구독|제휴|콘텐츠|및|[·/&])\s?){0,3}(?:제보|문의|보도자료|투고)"
    r"(?:\s?(?:및|[·/&])?\s?(?:(?:기사|독자|광고|구독|제휴)\s?)?(?:제보|문의|보도자료|투고)){0,2}(?:는|은|처)?"
)
_ADDRESS_LABEL = re.compile(r"(?:이메일|메일|[Ee]-?[Mm]ail)\s?$")


def _bare(text: str, agency: tuple[str, ...]) -> str:
    """The text without place, agency names and signs: what is left names people, or is something else."""
    for name in agency:
        text = text.replace(name, " ")
    return _ADDRESS_LABEL.sub("", _WRAPPING.sub(" ", _PLACE_EQUALS.sub("", text)).strip(" ·,/")).strip()


# …고 밝혔다. chk@newspim.com / …고 밝혔다. 홍길동 기자 chk@newspim.com: a sentence ends, then a person or nobody, then the address.
_INLINE = re.compile(
    rf"(?<=[.!?다\"'”’)\]〉…])\s?(?P<people>(?:[가-힣]{{2,4}}\s?[^\s.,]{{0,10}}(?:기자|특파원)\s)?)\(?(?P<email>{EMAIL})\)?$"
)


def inline_closing(text: str, domain: str) -> tuple[str, Closing] | None:
    """A closing that stands at the end of the last paragraph instead of on a line of its own: the text before it, and it."""
    if "@" not in text[-90:]:
        return None
    match = _INLINE.search(text, max(0, len(text) - 120))
    if not match or not match["email"].lower().endswith("@" + domain):
        return None
    persons = people(match["people"]) if match["people"] else ()
    return text[: match.start()].rstrip(), Closing(match["email"], persons[0] if persons else None)
