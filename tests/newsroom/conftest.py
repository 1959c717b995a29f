"""One generated site for the tests of the newsroom, and a server of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newscrawl.newsroom import Newsroom, Site, generate
from tests.newsroom.reader import END


@pytest.fixture(scope="session")
def site() -> Site:
    return generate(articles=500, days=3, seed=1, end=END)


@pytest.fixture
def room(site: Site) -> Iterator[Newsroom]:
    with Newsroom(site) as room:
        yield room
