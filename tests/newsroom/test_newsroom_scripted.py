"""Pages whose body a script fills: what they have in place of it, and what their scripts get."""

from __future__ import annotations

import json
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.newsroom import Faults, Newsroom, Site, Ways
from newscrawl.newsroom.faults import ALL, KINDS
from newscrawl.newsroom.scripted import KINDS as SCRIPTED
from newscrawl.newsroom.scripted import UNSEEN

from .reader import CONTAINER, ask

_ASKED = re.compile(r"['\"](/(?:api/articles|news/body|search/body)[^'\"]+|https://api\.newspim\.com[^'\"]+)['\"]")


def page(room: Newsroom, id: str) -> str:
    return ask(room, f"/news/view/{id}")[2].decode()


@pytest.mark.parametrize("kind", sorted(SCRIPTED))
def test_before_its_script_has_run_no_container_has_a_body(site: Site, kind: str) -> None:
    with Newsroom(site, faults=Faults({kind: 6})) as room:
        for id in room.faults:
            containers = LexborHTMLParser(page(room, id)).css(CONTAINER)
            assert max((len(one.text(deep=True).strip()) for one in containers), default=0) < 20
            assert (id in room.expected()) is (kind not in UNSEEN)


def test_what_a_script_asks_for_holds_the_body(site: Site) -> None:
    with Newsroom(site, faults=Faults({"filled_fetched": 6})) as room:
        for id in room.faults:
            (address,) = set(_ASKED.findall(page(room, id)))
            host = "api.newspim.com" if address.startswith("https") else "www.newspim.com"
            status, headers, body = ask(room, address.removeprefix("https://api.newspim.com"), host)
            assert (status, headers["Content-Type"]) == (200, "application/json")
            assert json.loads(body)["html"].strip()


def test_the_forms_are_many(site: Site) -> None:
    with Newsroom(site, faults=Faults({"filled_inline": 20})) as room:
        pages = [page(room, id) for id in room.faults]
    forms = ("<template id=", 'type="application/json"', "atob(", "DOMContentLoaded", "innerHTML = ({")
    assert [form for form in forms if not any(form in one for one in pages)] == []


def test_a_site_without_such_pages_has_nothing_for_scripts(site: Site) -> None:
    with Newsroom(site) as room:
        for path in (f"/api/articles/{site.articles[0].id}", "/api/views", "/js/contents.js"):
            assert ask(room, path)[0] == 404


def test_mixed_faults_have_none_of_them() -> None:
    assert set(Faults.mixed().kind) == set(KINDS)
    assert set(ALL) - set(KINDS) == set(SCRIPTED)


@pytest.mark.parametrize("how", ["button", "scroll"])
def test_the_flashes_come_twenty_at_a_time(site: Site, how: str) -> None:
    with Newsroom(site, ways=Ways(quick_items=50, quick_more=how)) as room:
        parts = [ask(room, "/quicknews")[2], *(ask(room, f"/quicknews/more?from={first}")[2] for first in (20, 40, 60))]
    assert [part.count(b"<li>") for part in parts[1:]] == [20, 10, 0]


def test_another_way_to_show_more_is_refused() -> None:
    with pytest.raises(ValueError, match="quick_more 'swipe': takes none, button, scroll"):
        Ways(quick_more="swipe")
