"""Whether pages are tried in a browser, and in which: the setting, the extra, and what stands on the machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MODES = ("off", "auto", "always")
# Debian's and Ubuntu's names, the lighter one first, then what others call theirs.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Where Playwright puts its own, for who has run `playwright install`: Linux, macOS.
_PLAYWRIGHT = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
_OWN = ("headless_shell", "chrome-headless-shell", "chrome")
HOW = (
    "pip install scrapy-playwright (or, where newscrawl is installed, pip install 'newscrawl[browser]'), and a browser: "
    "apt install chromium-headless-shell, or NEWSCRAWL_BROWSER_PATH"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """`mode`: one of `MODES`; `path`: the browser's program, "" when off; `missing`: what is not there, if that is why it is off."""

    mode: str
    path: str = ""
    missing: str = ""


def choose(mode: str, path: str) -> Choice:
    """What the settings come to on this machine. Raises ValueError for a wrong one, and for `always` where there is no browser."""
    if mode not in MODES:
        raise ValueError(f"NEWSCRAWL_BROWSER={mode!r}: takes {', '.join(MODES)}")
    if mode == "off":
        return Choice("off")
    if path and not _is_program(path):
        raise ValueError(f"NEWSCRAWL_BROWSER_PATH={path!r}: takes the path of a Chromium, like /usr/bin/chromium")
    found = path or next(_programs(), "")
    missing = "scrapy-playwright" if find_spec("scrapy_playwright") is None else "" if found else "a Chromium"
    if missing and mode == "always":
        raise ValueError(f"NEWSCRAWL_BROWSER=always: {missing} is not here: {HOW}")
    return Choice("off", missing=missing) if missing else Choice(mode, found)


def _programs() -> Iterator[str]:
    """Every Chromium that can be found, the best first."""
    yield from filter(None, map(shutil.which, _NAMES))
    for folder in _folders():
        for name in _OWN:  # the newest revision first
            found = folder.glob(f"chromium*/*/{name}")
            yield from sorted(filter(_is_program, map(str, found)), reverse=True)


def _folders() -> Iterator[Path]:
    """Where Playwright may have put its own, if it can be read: a service may have no home, or be given that of another user."""
    for folder in filter(None, (os.environ.get("PLAYWRIGHT_BROWSERS_PATH"), *_PLAYWRIGHT)):
        try:
            path = Path(folder).expanduser()
        except RuntimeError:  # nobody's home
            continue
        if os.access(path, os.R_OK | os.X_OK):
            yield path


def _is_program(path: str) -> bool:
    # In this order: `is_file` raises where nothing may be read.
    return os.access(path, os.X_OK) and Path(path).is_file()
