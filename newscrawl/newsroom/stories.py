"""One story of the site: what is decided about it before a word of its body is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .site import Site
    from .truth import Record

KST = timezone(timedelta(hours=9), "KST")

SECTIONS = {
    "101": "정치", "102": "사회", "103": "경제", "104": "부동산", "105": "증권·금융", "106": "산업", "107": "글로벌", "108": "전국",
    "110": "문화·연예", "111": "스포츠", "112": "라이프·여행", "120": "중국", "115": "오피니언",
}  # fmt: skip
SUBSECTIONS = {
    "101010": "국회·정당", "101020": "청와대", "101030": "외교·국방", "102010": "사건·사고", "102020": "법원·검찰", "102030": "교육",
    "103010": "경제정책", "103020": "고용·복지", "104010": "분양", "104020": "정책", "105010": "주식", "105020": "은행", "105030": "보험·카드",
    "106010": "전기·전자", "106020": "자동차", "106030": "중공업", "107010": "미국·북미", "107020": "아시아", "108010": "경기·인천",
    "108020": "영남", "110010": "가요", "110020": "영화", "111010": "야구", "111020": "축구", "112010": "여행", "112020": "건강",
    "120010": "정책", "120020": "기업", "115010": "칼럼", "115020": "기고",
}  # fmt: skip
"""Codes of six digits. Only 106020 is from the evidence; the others are invented in its image."""

GENERATIONS = ("2026", "2022", "2018")


@dataclass(slots=True)
class Story:
    """One article of the site. `form` says how it is written (more kinds than the record has)."""

    number: int
    id: str
    published_at: datetime
    modified_at: datetime | None
    section: str
    subsection: str | None
    generation: str
    form: str
    way: str
    """How it can be found at all: list, topbar, sidebar, related, or hidden (only commented-out links name it)."""
    title: str = ""
    marks: tuple[str, ...] = ()
    shows_section: bool = True
    origin: int = 0
    """The number of the story whose words these are: its own, but for the second of two exact duplicates."""
    related: tuple[int, ...] = ()
    in_body: int = 0
    """How many of the related ones are linked in the body; the rest stand in the box under it."""

    site: Site | None = field(default=None, repr=False, compare=False)

    def truth(self, host: str = "www.newspim.com") -> Record:
        """The true record of the story, as its page on that host shows it."""
        if self.site is None:
            raise ValueError("a story has a truth only as part of a site")
        return self.site.truth(self.id, host)

    @property
    def listed(self) -> bool:
        """Whether the section lists have it."""
        return self.way == "list"

    @property
    def sections(self) -> tuple[str, ...]:
        """The codes of the lists that have it."""
        if not self.listed:
            return ()
        return ("1", self.section) if self.subsection is None else ("1", self.section, self.subsection)

    @property
    def section_name(self) -> str:
        """The section's name in the breadcrumb."""
        return SECTIONS[self.section]

    @property
    def subsection_name(self) -> str | None:
        """The subsection's name in the breadcrumb."""
        return None if self.subsection is None else SUBSECTIONS[self.subsection]

    @property
    def premium(self) -> bool:
        """Whether the page asks for a membership."""
        return self.form == "premium"

    @property
    def kind(self) -> str:
        """The record's kind."""
        return self.form if self.form in ("robot", "translated", "flash", "photo") else "article"

    @property
    def language(self) -> str:
        """The record's language."""
        return {"chinese": "zh", "english": "en"}.get(self.form, "ko")

    @property
    def url(self) -> str:
        """The canonical address."""
        return f"https://www.newspim.com/news/view/{self.id}"
