"""The browser itself: a Chromium of this machine, started when it is needed, that reaches nothing by itself."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright
from scrapy.exceptions import NotSupported

from newscrawl.browser.trying import BrowserFailed

if TYPE_CHECKING:
    from scrapy_playwright.handler import Config

# All that a page asks for is answered by us; whatever should slip past finds no host, not even by number.
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--blink-settings=imagesEnabled=false",
    "--mute-audio",
    "--disable-gpu",
)
_PATIENCE = 30.0  # seconds for a start, or an end
CANNOT_START = "cannot_start"


class Chromium:
    """scrapy-playwright's provider of browsers. Playwright's driver, a process of its own, is started with the first browser."""

    def __init__(self, path: str, config: Config) -> None:
        self.path, self.config = path, config
        self.why = ""  # it could not be started, in the browser's words
        self._playwright: Playwright | None = None

    async def start(self) -> None:
        """Nothing yet."""

    async def launch_browser(self) -> Browser:
        """Raises BrowserFailed when it cannot be started."""
        try:
            async with asyncio.timeout(2 * _PATIENCE):
                if self._playwright is None:
                    self._playwright = await async_playwright().start()
                return await self._playwright.chromium.launch(
                    executable_path=self.path,
                    args=_ARGUMENTS,
                    chromium_sandbox=not is_root(),
                    timeout=_PATIENCE * 1000,
                    handle_sigint=False,  # the run ends in good order, and ends it
                    handle_sigterm=False,
                    handle_sighup=False,
                )
        except (Error, OSError, TimeoutError) as error:
            self.why = _said(str(error)) or type(error).__name__
            raise BrowserFailed(CANNOT_START) from error

    async def launch_persistent_context(self, context_kwargs: dict[str, object]) -> BrowserContext:
        """Raises NotSupported: nothing is kept from one page to the next."""
        raise NotSupported("pages are visited without a profile")

    async def close(self) -> None:
        """End Playwright's driver."""
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            async with asyncio.timeout(_PATIENCE):
                await playwright.stop()


def _said(message: str) -> str:
    """What the browser itself wrote as it ended, of a message of Playwright's; else its first line."""
    lines = [line.partition("[err] ")[2].strip() for line in message.splitlines() if "[err] " in line]
    return "; ".join(lines[:3]) or message.strip().partition("\n")[0]


def is_root() -> bool:
    """Whether the process runs as root, as whom Chromium cannot use its sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
