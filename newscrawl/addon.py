"""What follows from the project's own settings, once all of them are known."""

from __future__ import annotations

from scrapy.settings import Settings

import newscrawl


class Newscrawl:
    """Scrapy add-on: the User-Agent, and the way to a newsroom."""

    def update_settings(self, settings: Settings) -> None:
        """Raises ValueError for a newsroom that is not on this machine."""
        settings.set("USER_AGENT", user_agent(settings["NEWSCRAWL_CONTACT"]), "addon")
        if settings["NEWSCRAWL_NEWSROOM"]:
            handler = "newscrawl.newsroom_handler.NewsroomDownloadHandler"
            handlers = settings.getdict("DOWNLOAD_HANDLERS") | {"http": handler, "https": handler}
            settings.set("DOWNLOAD_HANDLERS", handlers, "project")  # settings.py sets it too, and outranks an add-on


def user_agent(contact: str) -> str:
    """Name, version and contact: whoever runs the site can tell who asks, and whom to write to."""
    return f"newscrawl/{newscrawl.__version__} (news crawler; {contact or 'no contact given'})"
