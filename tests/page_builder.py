"""A page of the site around a body, and the record that is read from it. All people, firms and sentences are invented."""

from __future__ import annotations

from typing import Any

from newscrawl.extraction import Page, extract
from newscrawl.record import record
from newscrawl.spiders.newspim import NEWSPIM

NUMBER = "20260911000123"
URL = f"https://www.newspim.com/news/view/{NUMBER}"
OTHER = "20260910000001"
OTHER_ID = f"newspim:{OTHER}"

TIME = '<time id="send-time" datetime="2026-09-11T10:23:07+09:00" itemprop="datePublished">2026년09월11일 10:23</time>'
PATH = '<div class="path">정치 국회·정당</div>'
TOOLS = "<div>※ 본문 글자 크기 조정</div><div>더 작게 작게 보통 크게 더 크게</div>"

DATELINE = "[서울=뉴스핌] 홍길동 기자 = "
LEAD_WORDS = "정부는 11일 대책을 냈다."
STORY_WORDS = "시장은 이를 반겼다고 관계자는 말했다."
LEAD = f"<p>{DATELINE}{LEAD_WORDS}</p>"
STORY = f"<p>{STORY_WORDS}</p>"
CLOSING = "<p>hong@newspim.com</p>"
OWN_WORDS = f"{LEAD_WORDS}\n\n{STORY_WORDS}"

PICTURE_URL = "https://img.newspim.com/news/2026/09/11/a_w.jpg"
PICTURE = f'<img src="{PICTURE_URL}">'
LINK = f'<a href="/news/view/{OTHER}">다른 기사 제목</a>'
# Another article as the boxes show it: headline, story, address, time.
TEASER = (
    f"<div>{LINK}<p>[서울=뉴스핌] 황진이 기자 = 다른 기사 전문이다.</p>"
    "<p>hwang@newspim.com</p><span>2026-09-10 06:00</span></div>"
)


def build(
    body: str,
    *,
    title: str = "정부, 새 대책 발표",
    head: str = "",
    path: str = PATH,
    time: str = TIME,
    tools: str = TOOLS,
    above: str = "",
    below: str = "",
    outside: str = "",
) -> str:
    """A page of the generation of 2026; each part can be another."""
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><meta property="og:title" content="{title}">'
        f"<title>{title} | 뉴스핌</title>{head}</head><body>"
        f'<article class="bodynews"><div class="header">{path}<h1>{title}</h1>{time}</div>'
        f'<section class="contents">{tools}{above}<div id="news-contents">{body}</div>{below}</section></article>'
        f"{outside}</body></html>"
    )


def read(html: str) -> dict[str, Any]:
    """The record of a whole page, as it came over the wire."""
    return record(extract(Page.from_bytes(html.encode(), URL, "text/html"), NUMBER, NEWSPIM))


def record_of(body: str, **parts: str) -> dict[str, Any]:
    """The record of a page that is built around a body."""
    return read(build(body, **parts))


def author(name: str | None, role: str | None = "기자", email: str | None = None) -> dict[str, str | None]:
    return {"name": name, "role": role, "email": email}
