"""A news site in a box: a generated site, its HTTP server with faults, and the truth of every record.

site = generate(articles=500, days=3, seed=1)
with Newsroom(site, faults=Faults.mixed()) as room:
    ...  # crawl room.url; compare with room.expected() and room.requests
    site.edit(id, "body"), site.withdraw(other, "410")  # then crawl again; compare with site.truth(id) and site.changed(id, 1, 2)
with Newsroom(site, clock=Clock(site.start, speed=60), ways=Ways(feed_lag=300)) as room:
    ...  # the site as its articles appear; compare with room.published() and room.named_by("feed", id)
site = generate(articles=2000, days=7, seed=1, families=0.3)
for family in site.families:
    ...  # a chain, a series, copies …: site.kinship(one, other) says what any two stories are to each other
"""

from __future__ import annotations

from .clock import Clock
from .connection import Request
from .expect import Expected
from .families import Family
from .faults import Faults
from .found import Found
from .plan import generate
from .server import Newsroom
from .site import Site
from .stories import Story
from .ways import Ways

__all__ = ["Clock", "Expected", "Family", "Faults", "Found", "Newsroom", "Request", "Site", "Story", "Ways", "generate"]
