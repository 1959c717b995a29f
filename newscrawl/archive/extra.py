"""Whether answers are archived, and what that needs."""

from __future__ import annotations

from importlib.util import find_spec

from scrapy.settings import BaseSettings

SETTING = "NEWSCRAWL_WARC"
_WORDS = {
    "on": True,
    "yes": True,
    "true": True,
    "1": True,
    "off": False,
    "no": False,
    "false": False,
    "0": False,
    "": False,
}


def is_on(settings: BaseSettings) -> bool:
    """Whether `NEWSCRAWL_WARC` is on. Raises ValueError for what is neither on nor off."""
    value = settings[SETTING]
    try:
        return _WORDS[str(value).strip().lower()]
    except KeyError:
        raise ValueError(f"{SETTING}={value!r}: takes on or off") from None


def check(what: str) -> None:
    """Raises ValueError when the package is missing that reads WARC files. `what`: that needs it."""
    if find_spec("fastwarc") is None:
        raise ValueError(
            f"{what} needs FastWARC: pip install fastwarc isal (or, of an installed newscrawl, 'newscrawl[warc]')"
        )
