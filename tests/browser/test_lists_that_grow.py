"""Lists that show more to who presses 더보기 or scrolls."""

from __future__ import annotations

import pytest

from newscrawl.discovery.growing import may_grow
from newscrawl.extraction import Page
from newscrawl.newsroom import Newsroom, Site, Ways
from newscrawl.spiders.newspim import NEWSPIM
from tests.crawl.conftest import Crawler


@pytest.mark.parametrize("how", ["button", "scroll"])
def test_all_of_the_flashes_are_read(crawl: Crawler, chromium: str, small: Site, how: str) -> None:
    with Newsroom(small, ways=Ways(quick_items=55, quick_more=how)) as room:
        browser = ("-s", "NEWSCRAWL_BROWSER=auto", "-s", f"NEWSCRAWL_BROWSER_PATH={chromium}")
        run = crawl(room, *browser, "-a", "ways=flash", "-a", "follow=none")
        assert run.stat("newscrawl/ways/flash/named") > 50  # of 54: links into a paywall are not read
        assert [path for _, _, path, _ in room.requests].count("/quicknews") == 1
        assert run.stat("newscrawl/browser_lists/gained") == 1
    assert run.code == 0


def test_without_a_browser_the_flashes_that_the_page_has_are_read(crawl: Crawler, small: Site) -> None:
    with Newsroom(small, ways=Ways(quick_more="button")) as room:
        run = crawl(room, "-a", "ways=flash", "-a", "follow=none")
    assert run.stat("newscrawl/ways/flash/named") == 20


@pytest.mark.parametrize(
    ("html", "grows"),
    [
        ("<button>더보기</button>", True),
        ("<a href='#'>더보기 (21/54)</a>", True),
        ("<a href='javascript:more()'><span>[속보 더보기]</span></a>", True),
        ("<div role=button>더보기 +</div>", True),
        ("<script>new IntersectionObserver(more).observe(end)</script>", True),
        ("<a href='/quicknews'>더보기</a>", False),
        ("<a href='/news/lists?category_cd=101'>더보기</a>", False),
        ("<button>메뉴</button>", False),
        ("<p>더보기</p>", False),
    ],
)
def test_what_says_that_a_page_shows_more(html: str, grows: bool) -> None:
    assert may_grow(Page(html, "https://www.newspim.com/quicknews"), NEWSPIM) is grows
