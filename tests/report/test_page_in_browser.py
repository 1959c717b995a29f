"""The report of a run, opened in a real browser: Debian's Chromium, without a window and without a network."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from newscrawl.report.page import page as report
from tests.report import examples

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium")

QUIET = ("gpu", "quic", "background-networking", "component-update", "sync")
RUNS = {
    "good": (examples.good, 40),
    "first": (examples.good, 0),
    "bad": (examples.bad, 40),
    "empty": (examples.empty, 40),
    "died": (examples.died, 2),
    "backfill": (examples.backfill, 0),
    "hostile": (examples.hostile, 3),
}
SEVERAL = {"week": examples.week, "watch": lambda: examples.watch(30)}
PHONE, DESK = (360, 780), (1280, 900)


@dataclass
class Seen:
    """A page as a browser shows it, with what it said and asked for on the way."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, file: Path) -> None:
        """Forgets what was before."""
        self.said.clear()
        self.asked.clear()
        self.page.goto(file.as_uri())

    def text(self, selector: str) -> str:
        """What a reader sees there."""
        return " ".join(self.page.locator(selector).first.inner_text().split())


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One for all tests. Playwright gives it an empty profile and takes it away afterwards."""
    flags = [f"--disable-{what}" for what in QUIET] + ["--no-first-run"] + ["--no-sandbox"] * (os.geteuid() == 0)
    with sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield found
        found.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    for name, (make, length) in RUNS.items():
        (folder / f"{name}.html").write_text(report(make(), examples.history(length)), encoding="utf-8")
    for name, make_several in SEVERAL.items():
        figures, course = examples.course_of(make_several())
        (folder / f"{name}.html").write_text(report(figures, [], course), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in (*RUNS, *SEVERAL)}


def seen_in(context: Any) -> Seen:
    seen = Seen(context.new_page())
    seen.page.on("console", lambda message: seen.said.append(message.text))
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    context.on("request", lambda request: seen.asked.append(request.url))
    return seen


@pytest.fixture(scope="module")
def phone(browser: Any) -> Iterator[Seen]:
    """One page for the tests that look at every run: a new one for each would take the most of their time."""
    context = browser.new_context(viewport=dict(zip(("width", "height"), PHONE, strict=True)))
    yield seen_in(context)
    context.close()


@pytest.fixture
def look(browser: Any, files: dict[str, Path]) -> Iterator[Callable[..., Seen]]:
    """Opens the page of a run; `options`: Playwright's for a context."""
    contexts = []

    def opened(name: str, size: tuple[int, int] = DESK, **options: Any) -> Seen:
        context = browser.new_context(viewport=dict(zip(("width", "height"), size, strict=True)), **options)
        contexts.append(context)
        seen = seen_in(context)
        seen.open(files[name])
        return seen

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", [*RUNS, *SEVERAL])
def test_a_page_opens_without_an_error_or_a_request(phone: Seen, files: dict[str, Path], name: str) -> None:
    phone.open(files[name])
    assert phone.said == []
    assert [url for url in phone.asked if not url.startswith("data:")] == [files[name].as_uri()]


@pytest.mark.parametrize("name", [*RUNS, *SEVERAL])
def test_a_phone_needs_no_scrolling_to_the_side(phone: Seen, files: dict[str, Path], name: str) -> None:
    """In either language, with all that folds out."""
    phone.open(files[name])
    phone.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for language in ("한국어", "English"):
        phone.page.get_by_label(language).check()
        assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_words_in_a_plot_can_be_read_on_a_phone(look: Callable[..., Seen]) -> None:
    seen = look("good", PHONE)
    heights = seen.page.eval_on_selector_all(
        "#plot-timeline .drawing text", "found => found.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 9  # CSS pixels of a line


@pytest.mark.parametrize("name", ["good", "week", "watch"])
def test_words_in_a_plot_do_not_overlap(look: Callable[..., Seen], name: str) -> None:
    seen = look(name, PHONE, locale="en-US")
    for key in ("timeline", "runs", "lateness", "memory"):
        boxes = seen.page.eval_on_selector_all(
            f"#plot-{key} .x text",
            "found => found.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right])",
        )
        assert all(one[1] <= other[0] for one, other in pairwise(boxes)), key


def test_the_figures_are_in_the_page(look: Callable[..., Seen]) -> None:
    seen = look("bad", locale="en-US")
    assert seen.text("h1") == "! Needs a look — 754 new articles, in 1 min 7 s"
    assert seen.text(".tiles").startswith("754 new 300 failed 3 revised 1 withdrawn")
    assert seen.text(".monitors li") == "✕ nothing lost failed 300 of 1,180 requests failed, at most 1 % may"
    assert seen.text("#dropped").startswith("What was dropped, and why dropped articles duplicate/exact 1,234")
    assert seen.text("#lost tbody").startswith("http 500 200 timeout 100")
    assert seen.page.locator("#lost a").count() == 100


def test_runs_that_need_a_look_can_be_read_on_a_phone(look: Callable[..., Seen]) -> None:
    seen = look("week", PHONE, locale="en-US")
    first = seen.page.locator("#troubled tbody tr").first
    said = first.locator("td").all_inner_texts()
    assert said == ["800", "2026-11-18 20:10:03", "exit code 1", "monitors failed: sections"]
    assert first.bounding_box()["width"] <= PHONE[0]
    assert seen.page.eval_on_selector("#troubled .scroll", "one => one.scrollWidth - one.clientWidth") == 0


def test_a_drawing_is_as_large_as_its_place(look: Callable[..., Seen]) -> None:
    seen = look("good")
    for drawing in seen.page.locator(".drawing").all():
        box, card = drawing.bounding_box(), drawing.locator("..").bounding_box()
        assert box["width"] == pytest.approx(card["width"] - 34, abs=2)
        assert box["height"] > 80


@pytest.mark.parametrize(("locale", "lang", "words"), [("ko-KR", "ko", "잘 끝났습니다"), ("en-GB", "en", "All well")])
def test_a_page_speaks_the_language_of_the_browser(
    look: Callable[..., Seen], locale: str, lang: str, words: str
) -> None:
    seen = look("good", locale=locale)
    assert seen.page.evaluate("document.documentElement.lang") == lang
    assert words in seen.text("h1")
    assert ("Plots" in seen.text("body")) == (lang == "en")


def test_the_other_language_is_a_click_away_and_is_kept(look: Callable[..., Seen]) -> None:
    seen = look("good", locale="ko-KR")
    seen.page.get_by_label("English").check()
    assert "All well" in seen.text("h1")
    assert seen.page.evaluate("document.documentElement.lang") == "en"
    assert "lists" in seen.text("#plot-ways")
    seen.page.reload()
    assert "All well" in seen.text("h1")


def test_without_scripts_all_is_there_and_the_switches_work(look: Callable[..., Seen]) -> None:
    seen = look("good", locale="en-US", java_script_enabled=False)
    assert "잘 끝났습니다" in seen.text("h1")
    seen.page.get_by_label("English").check()
    assert "All well" in seen.text("h1")
    assert seen.page.locator("#plot-timeline title").count() > 100


def test_a_mark_says_its_figure_under_the_pointer(look: Callable[..., Seen]) -> None:
    seen = look("good", locale="en-US")
    seen.page.locator("#plot-ways .drawing .s1 rect").nth(2).hover()
    assert seen.text("#tip") == "lists · named by it alone: 12"
    seen.page.mouse.move(2, 2)
    assert not seen.page.locator("#tip").is_visible()


def test_a_mark_says_its_figure_to_a_finger(look: Callable[..., Seen]) -> None:
    seen = look("good", PHONE, locale="ko-KR", has_touch=True)
    seen.page.locator("#plot-lateness .drawing .s0 rect").last.tap()
    assert "중앙값" in seen.text("#tip")
    box = seen.page.locator("#tip").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    seen.page.locator("#plot-lateness h3").tap()
    assert not seen.page.locator("#tip").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_as_light_as_the_system_until_it_is_switched(look: Callable[..., Seen], scheme: str) -> None:
    seen = look("good", color_scheme=scheme, locale="en-US")
    assert (brightness(paper(seen)) > 0.5) == (scheme == "light")
    seen.page.get_by_label("dark" if scheme == "light" else "light").check()
    assert (brightness(paper(seen)) > 0.5) == (scheme == "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_and_mark_stands_out(look: Callable[..., Seen], scheme: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for the parts of a drawing."""
    seen = look("good", color_scheme=scheme)
    names = [
        "ink",
        "soft",
        "link",
        "bad",
        "good",
        "card",
        "paper",
        "good-paper",
        "bad-paper",
        *(f"c{n}" for n in range(9)),
    ]
    colours = {name: brightness(colour(seen, name)) for name in names}
    texts = [(name, under) for name in ("ink", "soft", "link", "bad") for under in ("card", "paper")]
    texts += [("ink", "good-paper"), ("soft", "good-paper"), ("good", "good-paper")]
    texts += [("ink", "bad-paper"), ("soft", "bad-paper"), ("bad", "bad-paper")]
    weak = [pair for pair in texts if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    weak += [(f"c{n}", "card") for n in range(9) if contrast(colours[f"c{n}"], colours["card"]) < 3]
    assert weak == []


def paper(seen: Seen) -> str:
    return str(seen.page.evaluate("getComputedStyle(document.body).backgroundColor"))


def colour(seen: Seen, name: str) -> str:
    """A colour of the page's style, as the browser understands it: rgb(…)."""
    script = """name => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = `var(--${name})`;
      const found = getComputedStyle(probe).color;
      probe.remove();
      return found;
    }"""
    return str(seen.page.evaluate(script, name))


def brightness(rgb: str) -> float:
    """The relative luminance of rgb(r, g, b), as WCAG defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", rgb)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
