"""What follows from the project's own settings, once all of them are known."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from scrapy.settings import Settings

import newscrawl

THROUGH = "NEWSCRAWL_NEWSROOM_THROUGH"
"""Setting, made by the add-on: the path of the download handler that asks the newsroom."""


class Newscrawl:
    """Scrapy add-on: the User-Agent, and the way to a newsroom."""

    def update_settings(self, settings: Settings) -> None:
        """Raises ValueError for a newsroom that is not on this machine."""
        settings.set("USER_AGENT", user_agent(settings["NEWSCRAWL_CONTACT"]), "addon")
        if settings["NEWSCRAWL_NEWSROOM"]:
            _lead_to_newsroom(settings)


def _lead_to_newsroom(settings: Settings) -> None:
    handler = "newscrawl.newsroom_handler.NewsroomDownloadHandler"
    handlers = dict(settings.getwithbase("DOWNLOAD_HANDLERS"))
    settings.set(THROUGH, handlers["http"], "addon")
    # Outranks whoever else set it: with another handler on the command line, a demo would ask the real site.
    settings.set("DOWNLOAD_HANDLERS", handlers | {"http": handler, "https": handler}, "cmdline")


def user_agent(contact: str) -> str:
    """Name, version and contact: whoever runs the site can tell who asks, and whom to write to."""
    return f"newscrawl/{newscrawl.__version__} (news crawler; {contact or 'no contact given'})"


def loopback_origin(address: str) -> str:
    """`http://127.0.0.1:PORT`, checked: a newsroom is on this machine. Raises ValueError for anything else."""
    wrong = ValueError(
        f"NEWSCRAWL_NEWSROOM={address!r}: takes the address that `scrapy newsroom` prints, like http://127.0.0.1:8000"
    )
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
        port = parts.port  # raises for one that is no number, or too large
    except ValueError:
        raise wrong from None
    if parts.scheme != "http" or not here or port == 0 or parts.path not in ("", "/"):
        raise wrong
    return f"http://{parts.netloc}"
