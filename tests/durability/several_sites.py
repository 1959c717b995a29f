"""Spiders of several sites, each a newsroom at an address of its own (127.0.0.2, 127.0.0.3): what stands in TEST_NEWSROOMS, separated by commas.
A module for SPIDER_MODULES; without the variable it has none."""

from __future__ import annotations

import os
from dataclasses import replace

from newscrawl.site import Site
from newscrawl.spider import NewsSpider
from newscrawl.spiders.newspim import NEWSPIM

VARIABLE = "TEST_NEWSROOMS"


def site_at(name: str, origin: str) -> Site:
    """The site of a newsroom that is asked at its own address, and whose pages link to newspim's."""
    return replace(
        NEWSPIM,
        name=name,
        home=f"{origin}/",
        article_url=f"{origin}/news/view/{{number}}",
        article_hosts=NEWSPIM.article_hosts | {origin.removeprefix("http://").partition(":")[0]},
        list_url=f"{origin}/news/lists?category_cd={{code}}&page={{offset}}",
        ways=(),
    )


for _number, _origin in enumerate(filter(None, os.environ.get(VARIABLE, "").split(","))):
    _name = f"site{_number}"
    globals()[_name] = type(_name, (NewsSpider,), {"name": _name, "site": site_at(_name, _origin)})
