"""Two pieces of work, each done when a line comes in, for `test_instructions.py` to count the instructions of: pages extracted, and the same pages
read by Python's own parser, which is the measure: another interpreter or processor changes both.

The pages are the golden ones, with what stands around an article on a real page: the links of a sidebar and of menus, scripts."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from newscrawl.extraction import Page, extract
from newscrawl.spiders.newspim import NEWSPIM

_LINKS = "".join(
    f'<li class="item"><a href="/news/view/202611{day:02}{number:06}"><strong>{day}일 {number}번째 기사의 제목</strong></a></li>'
    for day in range(1, 16)
    for number in range(10)
)
_SCRIPT = "var view = { width: 300, height: 250, shown: false }; if (!view.shown) { view.shown = true; }\n" * 300
_AROUND = f"<aside><ul>{_LINKS}</ul></aside><script>{_SCRIPT}</script></body>".encode()


def pages() -> list[tuple[str, bytes]]:
    """The number and the bytes of each page: in UTF-8, of some 50 KB."""
    found = []
    for case in sorted((Path(__file__).parents[1] / "pages").glob("*.json")):
        expected, source = json.loads(case.read_text(encoding="utf-8")), case.with_suffix(".html").read_bytes()
        if "record" in expected and "utf-8" in (expected["content_type"] or "") and source.count(b"</body>") == 1:
            found.append((expected["id"], source.replace(b"</body>", _AROUND)))
    return found


def extracted(given: list[tuple[str, bytes]]) -> None:
    """What is counted."""
    for number, source in given:
        extract(Page.from_bytes(source, NEWSPIM.article_url.format(number=number), "text/html"), number, NEWSPIM)


def parsed(given: list[tuple[str, bytes]]) -> None:
    """What it is compared with."""
    for _, source in given:
        HTMLParser().feed(source.decode())


def _when_told(work: Callable[[list[tuple[str, bytes]]], None], given: list[tuple[str, bytes]]) -> None:
    _say("ready")
    work(given)
    _say("done")


def _say(word: str) -> None:
    """A word, and wait for the answer."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    both, all_pages = (extracted, parsed), pages()
    for one in both:
        one(all_pages)  # what is made once for all pages is made now
    gc.disable()
    for one in both:
        _when_told(one, all_pages)
