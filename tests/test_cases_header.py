"""Cases of what stands above the story: title, times, deck, breadcrumb, summary."""

from __future__ import annotations

import pytest

from newscrawl.extraction import NoContainer
from tests.page_builder import LEAD, LEAD_WORDS, build, read, record_of

# Title


@pytest.mark.parametrize("title", ["뉴스핌-한국거래소 업무협약 체결", "뉴스핌: 새로운 20년"])
def test_the_agencys_name_at_the_beginning_of_a_title_is_part_of_it(title: str) -> None:
    assert record_of(LEAD, title=title)["title"] == title


def test_a_titled_page_with_an_unknown_container_is_not_gone() -> None:
    html = build(LEAD, title="뉴스핌-거래소 협약").replace("news-contents", "unknown")
    with pytest.raises(NoContainer):
        read(html)


# Times


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        pytest.param(
            f"<p>신청 등록 2026-09-01 10:00부터 수정 2026-09-02 11:00까지 받는다.</p>{LEAD}", {}, id="of the story"
        ),
        pytest.param(LEAD, {"outside": "<aside><p>다른 기사 입력 2020-01-01 10:00</p></aside>"}, id="of a side box"),
        pytest.param(
            LEAD,
            {
                "below": "<div><h4>[뉴스핌 베스트 기사]</h4>"
                '<time itemprop="datePublished" datetime="2020-01-01T10:00:00+09:00">2020년</time></div>'
            },
            id="of the best articles",
        ),
    ],
)
def test_a_time_that_is_not_the_articles_is_not_taken(body: str, parts: dict[str, str]) -> None:
    record = record_of(body, time="", **parts)
    assert (record["published_at"], record["modified_at"]) == (None, None)


def test_times_are_told_by_their_labels_in_any_order() -> None:
    times = '<span id="send-time">최종수정 : 2022년05월30일 20:46 기사입력 : 2022년05월30일 15:47</span>'
    record = record_of(LEAD, time=times)
    assert record["published_at"] == "2022-05-30T15:47:00+09:00"
    assert record["modified_at"] == "2022-05-30T20:46:00+09:00"


def test_a_time_with_the_day_of_the_week_is_read() -> None:
    record = record_of(LEAD, time="<div>기사입력 : 2022년 5월 30일 (월요일) 15:47</div>")
    assert record["published_at"] == "2022-05-30T15:47:00+09:00"


def test_the_article_inside_a_web_page_of_the_json_ld_gives_its_time() -> None:
    data = '{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","datePublished":"2026-09-11T10:23:07+09:00"}}'
    record = record_of(LEAD, time="", head=f'<script type="application/ld+json">{data}</script>')
    assert record["published_at"] == "2026-09-11T10:23:07+09:00"


# Deck


@pytest.mark.parametrize(
    "tools",
    [
        pytest.param("", id="time alone"),
        pytest.param(
            "<div>※ 번역할 언어 선택</div><ul><li>한국어</li><li>중국어(간체)</li><li>스페인어</li></ul>",
            id="languages",
        ),
    ],
)
def test_the_deck_is_without_the_rows_that_stand_before_it(tools: str) -> None:
    assert record_of(LEAD, tools=tools, above="<div>첫 부제</div>")["deck"] == ["첫 부제"]


def test_below_a_deck_the_first_lines_of_the_container_are_the_story() -> None:
    record = record_of(f"<p>본문을 여는 짧은 장면</p>{LEAD}", above="<div>위 부제</div>")
    assert record["deck"] == ["위 부제"]
    assert record["body"] == f"본문을 여는 짧은 장면\n\n{LEAD_WORDS}"


def test_a_page_without_an_article_element_gives_no_deck_from_its_masthead() -> None:
    html = (
        '<html><head><meta property="og:title" content="제목"></head><body><p>코스피 2,500.12</p>'
        f'<p>뉴스핌 로그인</p><div id="news-contents">{LEAD}</div></body></html>'
    )
    assert read(html)["deck"] == []


# Breadcrumb


@pytest.mark.parametrize(
    ("shown", "section", "subsection"),
    [
        pytest.param("정치 청와대 · 총리실", "정치", "청와대 · 총리실", id="a spaced dot"),
        pytest.param("글로벌 중국", "글로벌", "중국", id="a country"),
        pytest.param("산업 부동산", "산업", "부동산", id="a section below another"),
    ],
)
def test_a_breadcrumb_is_a_section_and_its_subsection(shown: str, section: str, subsection: str) -> None:
    record = record_of(LEAD, path=f"<div>{shown}</div>")
    assert (record["section"], record["subsection"]) == (section, subsection)


# The site's own summary


def summary(inside: str) -> list[str]:
    found = record_of(LEAD, above=f'<section id="aiSummary" class="ai-summary">{inside}</section>')["ai_summary"]
    assert isinstance(found, list)
    return found


def test_an_item_of_the_summary_keeps_its_sign_and_words_that_sound_like_the_disclaimer() -> None:
    items = ["-1.2% 하락했다", "정부는 통계가 정확하지 않을 수 있다고 밝혔다."]
    assert summary("<h3>AI 핵심 요약 beta</h3>" + "".join(f"<p>{item}</p>" for item in items)) == items


def test_a_summary_that_is_still_being_made_is_empty() -> None:
    assert summary("<h3>AI 핵심 요약 <span>beta</span></h3><div>분석중...</div>") == []


def test_heading_and_disclaimer_of_the_summary_are_no_items() -> None:
    heading = "<span>AI 핵심 요약</span><span>beta</span>"
    disclaimer = "<span>AI가 자동 생성한 요약으로 정확하지 않을 수 있어요.</span>"
    assert summary(f"<div>{heading}{disclaimer}</div><p>하나</p>") == ["하나"]
