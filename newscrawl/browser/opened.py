"""An open page: all that it asks for is answered here, and it reaches nothing else."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from playwright.async_api import Error, Page, Route, WebSocketRoute
from playwright.async_api import Request as Asking
from scrapy import Request

from newscrawl.browser.asked import Answer, Asked, answer
from newscrawl.browser.fetching import Fetching
from newscrawl.browser.visit import Visit

_ANSWERING = 10.0  # seconds in which it must tell what it shows: one in an endless loop does not
# Ways out of a page that no route sees.
_NO_SIDE_DOORS = """
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'SharedWorker', 'EventSource'])
    delete globalThis[name];
globalThis.open = () => null;
"""

# Presses the first control in sight that says one of the labels, whatever its brackets and counts; without one, scrolls to the end.
_MORE = """
labels => {
    const said = one => (one.innerText || '').replace(/[^\\p{L}]/gu, '');
    const controls = [...document.querySelectorAll('button, a, [role=button], [onclick]')];
    const found = controls.find(one => labels.includes(said(one)) && one.getClientRects().length && !one.disabled);
    if (found) { found.scrollIntoView(); found.click(); }
    else window.scrollTo(0, document.documentElement.scrollHeight);
}
"""


class Opened:
    """An open page: answers what it asks for. It is the `Sight` of its visit."""

    page: Page

    def __init__(self, fetching: Fetching, libraries: frozenset[str], visit: Visit) -> None:
        self.fetching = fetching
        self._visit, self._libraries, self._first = visit, libraries, True

    @property
    def busy(self) -> int:
        """How many requests of the page are under way."""
        return self.fetching.busy

    @property
    def has_begun(self) -> bool:
        """Whether the page has been given to the browser."""
        return not self._first

    async def content(self) -> str:
        """The page as it is now. Raises TimeoutError, and what Playwright raises."""
        async with asyncio.timeout(_ANSWERING):
            return await self.page.content()

    async def more(self, labels: frozenset[str]) -> None:
        """Press what says one of the labels, or scroll to the end. Raises as `content` does."""
        async with asyncio.timeout(_ANSWERING):
            await self.page.evaluate(_MORE, list(labels))

    async def pause(self, seconds: float) -> None:
        """Let the page go on."""
        await asyncio.sleep(seconds)

    async def prepare(self, page: Page, _: Request) -> None:
        """Before the page begins: all ways out of it end here."""
        await page.context.route("**/*", lambda route: route.abort())  # of other windows
        await page.route("**/*", self._answer)
        await page.route_web_socket("**/*", _hang_up)
        await page.add_init_script(_NO_SIDE_DOORS)

    async def _answer(self, route: Route, asking: Asking) -> None:
        with suppress(Error):  # the page is gone meanwhile
            await self._answered(route, asking)

    async def _answered(self, route: Route, asking: Asking) -> None:
        navigates = asking.is_navigation_request() and asking.frame.parent_frame is None
        kind = "frame" if asking.is_navigation_request() and not navigates else asking.resource_type
        asked = Asked(asking.method, kind, asking.url, navigates)
        what = answer(asked, self._visit.url, self._visit.site, self._libraries, first=self._first)
        if what is Answer.PAGE:
            self._first = False
            await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=self._visit.source)
        elif what is Answer.FETCH and (found := await self.fetching.fetch(asked, await asking.all_headers())):
            await route.fulfill(status=found.status, headers=found.headers, body=found.body)
        else:
            await route.abort("aborted" if navigates else "blockedbyclient")


async def _hang_up(socket: WebSocketRoute) -> None:
    await socket.close()
