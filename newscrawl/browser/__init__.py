"""The second try: an article page whose body a script has to fill, read in Chromium. `docs/browser.md` says what happens there and why.

Importing this package costs nothing: what needs scrapy-playwright is imported when the first page needs it.
"""

from newscrawl.browser.choice import Choice, choose
from newscrawl.browser.middleware import InBrowser
from newscrawl.browser.trying import Browser, BrowserFailed, NoTime

__all__ = ["Browser", "BrowserFailed", "Choice", "InBrowser", "NoTime", "choose"]
