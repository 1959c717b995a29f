"""Which pages a script has yet to fill, which browser there is, and when enough of a page is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from newscrawl.browser import choice, choose
from newscrawl.browser.visit import LOOK_EVERY, ArticleVisit
from newscrawl.extraction import NoContainer, Page, awaits_script, extract, shown
from newscrawl.newsroom import generate
from newscrawl.report.headline import headline
from newscrawl.spiders.newspim import NEWSPIM
from newscrawl.verdict import summary
from tests.crawl.conftest import END

URL = "https://www.newspim.com/news/view/20260911000123"
SCRIPT = "<script>fill()</script>"


def page(inside: str | None, rest: str = SCRIPT) -> Page:
    body = "" if inside is None else f'<div id="news-contents">{inside}</div>'
    return Page(f"<html><head><meta property='og:title' content='제목'></head><body>{body}{rest}</body></html>", URL)


@pytest.mark.parametrize(
    "inside",
    [
        *(None, "", " \n ", "<!-- 본문 -->", "<p></p><p>&nbsp;</p>"),
        *(
            "<script>fill()</script>",
            "<noscript>자바스크립트를 켜 주세요</noscript>",
            "<template><p>문장</p></template>",
        ),
        *(
            "분석 중...",
            "<p>분석 중…</p>",
            "<span>불러오는</span> <b>중입니다.</b>",
            "Loading...",
            "잠시만 기다려 주세요!",
            "기사를 불러오는 중입니다. 잠시만 기다려 주세요.",
            "Loading, please wait …",
        ),
    ],
)
def test_a_script_may_fill_what_shows_nothing_or_asks_to_wait(inside: str | None) -> None:
    assert awaits_script(page(inside), NEWSPIM)


@pytest.mark.parametrize(
    "inside",
    [
        "<p>짧다.</p>",
        '<img src="a.jpg">',
        "<table><tr><td>1</td></tr></table>",
        "<p>분석 중인 자료가 늘었다.</p>",
        "<p>로딩 중 분석</p>",
        "3보",
    ],
)
def test_what_shows_anything_is_as_it_is(inside: str) -> None:
    assert not awaits_script(page(inside), NEWSPIM)


@pytest.mark.parametrize(
    "rest", ["", '<script type="application/ld+json">{}</script>', '<script type="text/template">a</script>']
)
def test_without_a_script_that_runs_there_is_nothing_to_wait_for(rest: str) -> None:
    assert not awaits_script(page(None, rest), NEWSPIM)


def test_an_ai_summary_that_is_being_made_is_no_reason() -> None:
    summary = '<section id="aiSummary" class="ai-summary">AI 핵심 요약 beta <p>분석 중...</p></section>'
    assert not awaits_script(page("<p>[서울=뉴스핌] 홍길동 기자 = 문장이다.</p>", summary + SCRIPT), NEWSPIM)


def test_no_whole_page_of_the_newsroom_is_tried() -> None:
    site = generate(articles=60, days=2, seed=11, end=END)
    read = (Page.from_bytes(site.page(one.id), one.url) for one in site.articles)
    assert [one.url for one in read if awaits_script(one, NEWSPIM)] == []


@pytest.mark.parametrize(
    "inside",
    [
        "<p>분석 중...</p>",
        "로딩 중<script>fill()</script>",
        "<style>p { color: gray }</style><p>로딩 중</p>",
        "<p>로딩 중</p><noscript>자바스크립트를 켜 주세요</noscript>",
        f"<p>잠시만</p>{' ' * 80}<p>기다려 주세요</p>",
        "<p>기사를 불러오는 중입니다. 잠시만 기다려 주세요.</p>",
        '<img src="/loading.gif"><p>Loading...</p>',
    ],
)
def test_words_that_ask_to_wait_are_no_body(inside: str) -> None:
    with pytest.raises(NoContainer):
        extract(page(inside), "20260911000123", NEWSPIM)


def test_containers_that_two_selectors_find_show_their_words_once() -> None:
    assert shown(page("<p>한 번</p>"), NEWSPIM) == "한 번"


def test_ten_thousand_elements_in_each_other_are_read() -> None:
    assert shown(page("<b>" * 10_000 + "깊다"), NEWSPIM) == "깊다"


# Which browser


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with the extra and without a browser; programs may be put into the folder."""
    monkeypatch.setattr(choice, "find_spec", lambda _: object())
    for name in ("PATH", "HOME", "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


def program(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_lighter_of_debians_is_taken_first(bare: Path) -> None:
    program(bare / "chromium")
    lighter = program(bare / "chromium-headless-shell")
    assert choose("auto", "") == choice.Choice("auto", lighter)


def test_playwrights_own_is_found_the_newest_first(bare: Path) -> None:
    program(bare / "chromium_headless_shell-1180" / "chrome-linux" / "headless_shell")
    newest = program(bare / "chromium_headless_shell-1190" / "chrome-linux" / "headless_shell")
    assert choose("auto", "").path == newest


def test_the_setting_outranks_what_is_found(bare: Path) -> None:
    program(bare / "chromium")
    mine = program(bare / "mine" / "browser")
    assert choose("always", mine) == choice.Choice("always", mine)


def test_without_a_browser_or_the_extra_it_is_off_and_says_what_is_missing(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choose("auto", "") == choice.Choice("off", missing="a Chromium")
    program(bare / "chromium")
    monkeypatch.setattr(choice, "find_spec", lambda _: None)
    assert choose("auto", "").missing == "scrapy-playwright"
    assert choose("off", "") == choice.Choice("off")


def test_who_has_no_home_has_no_browser_there(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> None:
        raise KeyError

    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert choose("auto", "").missing == "a Chromium"


def test_what_may_not_be_read_is_no_browser(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", forbidden)  # the files' permissions would not do: tests may run as root
    monkeypatch.setattr("os.access", lambda *_: False)
    assert choose("auto", "").missing == "a Chromium"
    with pytest.raises(ValueError, match="takes the path of a Chromium"):
        choose("auto", "/root/chrome")


# When enough is seen


class Shown:
    """A page that shows one thing after another, and whose time passes when it is looked at."""

    def __init__(self, *seen: str, busy: Callable[[int], int] = lambda _: 0) -> None:
        self.looks = 0
        self._seen, self._busy = chain(seen, repeat(seen[-1])), busy

    async def content(self) -> str:
        self.looks += 1
        return page(next(self._seen)).source

    async def pause(self, seconds: float) -> None:
        assert seconds == LOOK_EVERY

    @property
    def busy(self) -> int:
        return self._busy(self.looks)


def seen(sight: Shown, wait: float = 2.0, *, over: bool = False) -> str:
    response = HtmlResponse(URL, headers={"ETag": '"1"', "Content-Encoding": "gzip"}, body=b"")
    visit = ArticleVisit(response, page(""), NEWSPIM, wait, lambda: over)
    return shown(Page(asyncio.run(visit.stay(sight)), URL), NEWSPIM)


def test_a_page_is_left_when_its_words_stand_still() -> None:
    sight = Shown("", "분석 중...", "첫 문장.", "첫 문장. 둘째.", "첫 문장. 둘째. 셋째.")
    assert seen(sight) == "첫 문장. 둘째. 셋째."
    assert sight.looks < 10


def test_a_page_that_shows_nothing_is_left_when_its_time_is_over() -> None:
    sight = Shown("")
    assert seen(sight) == ""
    assert sight.looks == pytest.approx(2.0 / LOOK_EVERY, abs=2)


def test_the_time_in_which_the_site_is_asked_is_not_the_pages() -> None:
    assert seen(Shown(*[""] * 50, "문장.", busy=lambda looks: int(looks < 50))) == "문장."


def test_words_that_never_stand_still_are_taken_as_they_are_in_the_end() -> None:
    sight = Shown(*(f"{number}초 전에 고침" for number in range(100)))
    assert seen(sight).endswith("초 전에 고침")
    assert sight.looks < 20


def test_a_page_that_asks_for_ever_is_left_when_its_words_stand_still() -> None:
    sight = Shown("문장.", busy=lambda _: 1)
    assert seen(sight) == "문장."
    assert sight.looks < 30


def test_half_a_character_costs_no_page() -> None:
    class Cut(Shown):
        async def content(self) -> str:
            return (await super().content()).replace("□", "\ud83d")

    assert seen(Cut("문장. □")) == "문장. \ufffd"


def test_a_run_that_ends_waits_for_no_page() -> None:
    sight = Shown("")
    seen(sight, wait=1000, over=True)
    assert sight.looks == 1


def test_a_page_made_by_the_browser_has_the_validators_and_not_the_encoding_of_the_answer() -> None:
    response = HtmlResponse(
        URL, headers={"ETag": '"1"', "Content-Encoding": "gzip", "Content-Type": "text/html"}, body=b""
    )
    headers = ArticleVisit(response, page(""), NEWSPIM, 1.0, lambda: False).headers
    assert dict(headers) == {b"Etag": [b'"1"'], b"Content-Type": [b"text/html; charset=utf-8"]}


# What is said of it


def test_the_summary_says_when_many_pages_needed_it() -> None:
    stats = {"newscrawl/article_pages": 100, "newscrawl/browser/tried": 5, "newscrawl/browser/gained": 5}
    few = summary(stats | {"newscrawl/browser/needed": 5})
    many = summary(stats | {"newscrawl/browser/needed": 6})
    assert "browser          5  gained 5" in few
    assert (
        "browser          5  gained 5, 6% of the article pages needed it: has the site moved its texts to scripts?"
        in many
    )


@pytest.mark.parametrize(("share", "said"), [(None, False), (0.05, False), (0.2, True)])
def test_the_report_says_when_many_pages_needed_it(share: float | None, said: bool) -> None:
    more = headline({"exit_code": 0, "reason": "finished", "browser": {"share": share}}).more
    assert any("needed the browser" in one.en for one in more) is said
