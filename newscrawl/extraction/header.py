"""What stands around the body: dates by their label, the deck by its position, the section by its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from selectolax.lexbor import LexborNode

from newscrawl import korean
from newscrawl.extraction.lines import is_best_label
from newscrawl.extraction.page import Page
from newscrawl.extraction.pieces import Line, Reader, Rules
from newscrawl.site import Site
from newscrawl.text import fold, letters

PUBLISHED_LABELS = ("기사입력", "기사등록", "입력시간", "등록시간", "입력", "등록")
MODIFIED_LABELS = ("최종수정", "기사수정", "수정시간", "수정")

# The row of tools over a body: its words, one by one. A line made of nothing else is no deck.
_TOOL = re.compile(
    r"(?:※.*|가[+\-]?|글자|글씨|크기|크기조정|조정|본문|더|작게|보통|크게|기본|확대|축소|공유|공유하기|프린트|인쇄|스크랩|북마크|기사|듣기|"
    r"음성|재생|번역|번역할|언어|선택|URL|복사|URL복사|링크복사|페이스북|트위터|카카오톡|카카오스토리|네이버|밴드|이메일|메일|목록|닫기|이전|다음|"
    r"[가-힣]{1,6}어(?:\([가-힣]{2}\))?|English|中文|日本語|Tiếng|Việt|Facebook|Twitter|X|Kakao|T|facebook|twitter|kakao|email|print|share|beta|"
    r"댓글|댓글쓰기|좋아요|구독|구독하기|\d{1,4}|[|·/,()\[\]:]+)"
)
_LONGEST_DECK_LINE = 120  # characters; the evidence has one to four lines of about 25
_MOST_DECK_LINES = 6
# AI 핵심 요약 beta, before the items or a line of its own
_SUMMARY_HEADING = re.compile(r"^AI\s?(?:핵심\s?)?요약(?:\s?beta\b)?\s?|^beta$", re.IGNORECASE)
# AI가 자동 생성한 요약으로 정확하지 않을 수 있어요.
_SUMMARY_DISCLAIMER = re.compile(r"\s?AI가 자동 ?생성한 (?:요약|내용|콘텐츠).{0,40}$")
_SUMMARY_PENDING = re.compile(r"분석\s?중")
_BULLET = re.compile(r"^(?:[•·▪●○◦\u2022]\s?|[\-–—]\s)")
_DATE_ROW = re.compile(rf"(?:{'|'.join(PUBLISHED_LABELS + MODIFIED_LABELS)}|최종 수정)\s?[:：|]?\s?(?:\d{{4}}|$)")
_FRAME_CLIMB = 40  # elements between the container and the frame
_MOST_LOOKED_AT = 120  # elements of a header, or before it, whose text is read for a breadcrumb
_HOME = frozenset(("홈", "HOME", "Home", "home", "뉴스", "NEWS", "News", "뉴스홈"))
_WORDS = re.compile(r"(?<!·)\s(?!·)")  # 정치 국회 · 정당: two steps
_STEPS = re.compile(r"\s?[>›»〉≫＞]\s?")


@dataclass(frozen=True, slots=True)
class Around:
    """What a page shows around its body, within the article's frame: the lines above, and those below up to other articles."""

    above: list[Line]
    below: list[Line]

    def date(self, labels: tuple[str, ...]) -> datetime | None:
        """The date behind the first of the labels that has one; never from the body, nor from boxes beside it."""
        for lines in (self.above, self.below):
            if found := korean.label_date(" ".join(line.text for line in lines), labels):
                return found
        return None


def read_around(page: Page, frame: LexborNode, container: LexborNode, rules: Rules, site: Site) -> Around:
    """The lines of the frame over and under the container, without what stands in menus and boxes at the side."""
    beside = {node.mem_id for node in frame.css("aside, nav")}
    outer = Rules(rules.skip | beside, set(), page.absolute, rules.domain, lambda *_: None)
    reader = Reader(outer, stop=lambda text: is_best_label(text, site))
    pieces = reader.read(frame, leave_out=container.mem_id)
    parts = pieces[: reader.before], pieces[len(pieces) if reader.before is None else reader.before :]
    return Around(*([piece for piece in part if isinstance(piece, Line)] for part in parts))


def frame_of(page: Page, container: LexborNode, site: Site) -> LexborNode:
    """The element that holds header and body: the site's frame, else the nearest ancestor with the title or the date."""
    frames = {node.mem_id for node in page.tree.css(site.frame)}
    header = ", ".join(("h1", "time", *site.title, *(selector.partition("@")[0] for selector in site.published)))
    fallback: LexborNode | None = None
    node = container.parent
    for _ in range(_FRAME_CLIMB):
        if node is None or node.tag in ("body", "html"):
            break
        if node.mem_id in frames:
            return node
        if fallback is None and node.css_first(header) is not None:
            fallback = node
        node = node.parent
    return fallback or container.parent or container


def is_tools_row(text: str) -> bool:
    """Whether every word of the line is one of a row of tools (font size, language, share)."""
    return text.startswith("※") or all(_TOOL.fullmatch(word) for word in text.split())


def is_date_row(text: str) -> bool:
    """Whether the line is a label with a date: `기사입력 : 2022년05월30일 15:47`."""
    return korean.is_only_date(text) or (len(text) <= 80 and _DATE_ROW.match(text) is not None)


def read_deck(lines: list[Line], title: str | None, sections: tuple[str | None, ...], site: Site) -> list[str]:
    """The lines between the tools row (else the title and the dates) and the body that are none of the page's own furniture."""
    start = None
    for index, line in enumerate(lines):
        if is_tools_row(line.text) or is_date_row(line.text) or _same(line.text, title):
            start = index + 1
    if start is None:  # nothing says where the header ends
        return []
    deck = [line.text for line in lines[start:] if line.text not in sections and not _furniture(line, site)]
    if len(deck) > _MOST_DECK_LINES or any(len(line) > _LONGEST_DECK_LINE for line in deck):
        return []
    return deck


def _same(text: str, title: str | None) -> bool:
    return title is not None and letters(text) == letters(title)


def _furniture(line: Line, site: Site) -> bool:
    text = line.text
    return bool(
        line.link
        or korean.notice(text)
        or korean.is_copyright(text, site.agency)
        or korean.looks_like_caption(text, site.agency, site.domain)
        or korean.closing(text, site.agency, site.domain)
        or korean.people(text)
        or breadcrumb(text, site)
    )


def breadcrumb(text: str, site: Site) -> tuple[str, str | None] | None:
    """Section and subsection of a breadcrumb's text: `정치 국회·정당`, `홈 > 경제 > 금융정책`; None when it is anything else."""
    if len(text) > 40:
        return None
    parts = (_STEPS if _STEPS.search(text) else _WORDS).split(text)
    steps = [step for step in parts if step and step not in "|/-"]
    while steps and steps[0] in _HOME:
        steps = steps[1:]
    if not 1 <= len(steps) <= 3 or steps[0] not in site.section_names:
        return None
    if sum(step in site.section_names for step in steps) > 2:
        return None  # 정치 사회 경제: a menu
    return steps[0], steps[1] if len(steps) > 1 and steps[1] != steps[0] else None


def find_breadcrumb(page: Page, frame: LexborNode, site: Site) -> tuple[str, str | None] | None:
    """The breadcrumb by its words: in the article's header, or an element before the frame that is nothing else."""
    node = (frame.css_first(site.header) or frame).child
    while node is not None and node.css_first(site.container) is None:
        if node.is_element_node and (found := _search(node, site)):
            return found
        node = node.next
    for node in islice(_before(frame), _MOST_LOOKED_AT):
        if found := breadcrumb(_text(node), site):
            return found
    return None


def _before(frame: LexborNode) -> Iterator[LexborNode]:
    """The elements before the frame, and before each that it stands in, the nearest first."""
    around: LexborNode | None = frame
    while around is not None and around.tag not in ("body", "html"):
        node = around.prev
        while node is not None:
            if node.is_element_node and node.tag not in ("script", "style"):
                yield node
            node = node.prev
        around = around.parent


def _search(node: LexborNode, site: Site) -> tuple[str, str | None] | None:
    """The outermost element whose whole text is a breadcrumb; a menu of sections is not gone into."""
    pending = [node]
    looked_at = 0
    while pending and looked_at < _MOST_LOOKED_AT:
        current = pending.pop()
        looked_at += 1
        if current.tag in ("script", "style", "h1", "select"):
            continue
        text = _text(current)
        if not text:
            continue
        if found := breadcrumb(text, site):
            return found
        if sum(word in site.section_names for word in text.split()) >= 3:
            continue
        children = []
        child = current.child
        while child is not None:
            if child.is_element_node:
                children.append(child)
            child = child.next
        pending += reversed(children)
    return None


def _text(node: LexborNode) -> str:
    return fold(node.text(deep=True, separator=" "))


def ai_summary(page: Page, site: Site) -> list[str]:
    """The items of the site's AI summary, without heading and disclaimer; [] while the page says that it is being made."""
    node = page.first(site.ai_summary)
    if node is None:
        return []
    reader = Reader(Rules(set(), set(), page.absolute, site.domain, lambda *_: None))
    lines = [piece.text for piece in reader.read(node) if isinstance(piece, Line)]
    words = (_SUMMARY_DISCLAIMER.sub("", _SUMMARY_HEADING.sub("", line)) for line in lines)
    items = [item for word in words if (item := _BULLET.sub("", word).strip())]
    items = [item for item in items if item != "beta"]
    return [] if any(_SUMMARY_PENDING.match(item) for item in items) else items


def finder(frame: LexborNode, container: LexborNode, site: Site) -> Callable[[str], LexborNode | None]:
    """Finds an element of the frame that stands before the container."""

    def find(selector: str) -> LexborNode | None:
        for node in frame.css(f"{selector}, {site.container}"):  # in the order of the page
            if node.mem_id == container.mem_id:
                return None
            if node.css_first(selector) is not None:
                return node
        return None

    return find
