"""Withdrawals: the article is gone under all its addresses, nothing names it but the bodies of others, and it can come back."""

from __future__ import annotations

import pytest

from newscrawl.newsroom import Faults, Found, Newsroom, Site, generate
from newscrawl.newsroom.fates import WITHDRAWALS
from tests.newsroom.reader import END, ask, ids, walk

SPELLINGS = [
    ("www.newspim.com", "/news/view/{id}"),
    ("m.newspim.com", "/news/view/{id}"),
    ("newspim.com", "/newsamp/view/{id}/"),
    ("gam.newspim.com", "/view.jsp?newsId={id}"),
]


@pytest.fixture
def site() -> Site:
    """One of the test's own: it is changed."""
    return generate(articles=150, days=2, seed=3, end=END)


@pytest.mark.parametrize("how", WITHDRAWALS)
def test_a_withdrawn_article_is_gone_under_every_address_until_it_is_restored(site: Site, how: str) -> None:
    id = site.articles[7].id
    with Newsroom(site, validators="both") as room:
        before = [ask(room, path.format(id=id), host) for host, path in SPELLINGS]
        site.withdraw(id, how)
        assert site.withdrawn == {id: how}
        for host, path in SPELLINGS:
            status, headers, body = ask(room, path.format(id=id), host, If_None_Match=before[0][1]["ETag"])
            assert status == (200 if how == "empty" else int(how))
            assert "ETag" not in headers
            assert "Last-Modified" not in headers
            assert (b'content="T:00+09:00"' in body) == (how == "empty")
        site.restore(id)
        assert site.withdrawn == {}
        assert [ask(room, path.format(id=id), host) for host, path in SPELLINGS] == before


@pytest.mark.parametrize("how", WITHDRAWALS)
def test_only_bodies_and_related_boxes_still_name_it(site: Site, how: str) -> None:
    linked = {site.articles[number].id for story in site.articles for number in story.related}
    with Newsroom(site) as room:
        everything = walk(room)
        for way in ("list", "topbar", "sidebar", "related"):
            story = next(one for one in site.articles if one.way == way and (way != "list" or one.id in linked))
            found = site.found(story.id)
            site.withdraw(story.id, how)
            now = site.found(story.id)
            assert now == Found(frozenset(), frozenset(), frozenset(), found.related)
            for address in [*found.listed, *found.topbar, *sorted(found.sidebar)[:3]]:
                page = ask(room, address.removeprefix("https://www.newspim.com"))[2]
                assert (story.id in ids(page)) == (address in found.related)
            for address in found.related:
                assert story.id in ids(ask(room, address.removeprefix("https://www.newspim.com"))[2])
            for path in ("/", "/quicknews", "/sitemap/recent/all_1", f"/news/category/{story.section}"):
                assert f"/view/{story.id}".encode() not in ask(room, path)[2]
            site.restore(story.id)
            assert site.found(story.id) == found
        assert walk(room) == everything


def test_lists_close_up_and_open_again(site: Site) -> None:
    rows = list(site.lists["1"])
    gone = rows[3]
    site.withdraw(site.articles[gone].id, "410")
    site.withdraw(site.articles[rows[40]].id, "404")
    assert site.lists["1"] == [one for one in rows if one not in (gone, rows[40])]
    assert site.place("1", rows[50]) == 48
    site.restore(site.articles[gone].id)
    assert site.lists["1"] == [one for one in rows if one != rows[40]]


def test_it_is_not_expected(site: Site) -> None:
    with Newsroom(site) as room:
        before = set(room.expected())
        chosen = [id for id in before if id not in room.expected().twins][:9]
        for place, id in enumerate(chosen):
            site.withdraw(id, WITHDRAWALS[place % 3])
        after = set(room.expected())
        assert not after & set(chosen)
        named = walk(room)
        assert after <= named
        assert named <= after | set(chosen) | set(room.expected().twins)
        for id in chosen:
            site.restore(id)
        assert set(room.expected()) == before


def test_the_twin_of_a_withdrawn_article_is_expected(site: Site) -> None:
    room = Newsroom(site)
    kept, other = next((id, twin) for id, twin in room.expected().twins.items() if id in room.expected())
    site.withdraw(kept, "404")
    assert other in room.expected()
    assert kept not in room.expected().twins


def test_it_can_be_edited_meanwhile(site: Site) -> None:
    id = site.articles[7].id
    site.withdraw(id, "404")
    site.edit(id, "title")
    site.restore(id)
    assert site.version(id) == 2
    with Newsroom(site) as room:
        assert ask(room, f"/news/view/{id}")[2] == site.page(id)


def test_passing_trouble_comes_first_and_a_redirect_no_more(site: Site) -> None:
    busy, spelled = site.articles[7].id, site.articles[8].id
    with Newsroom(site, faults=Faults({"busy": [busy], "spelling": [spelled]})) as room:
        for id in (busy, spelled):
            site.withdraw(id, "410")
        assert [ask(room, f"/news/view/{busy}")[0] for _ in range(2)] == [429, 410]
        assert ask(room, f"/news/view/{spelled}")[0] == 410


def test_unknown_ids_and_ways_are_refused(site: Site) -> None:
    with pytest.raises(ValueError, match="unknown withdrawal: 418; known: 404, 410, empty"):
        site.withdraw(site.articles[0].id, "418")
    for act in (lambda: site.withdraw("20991231000001", "404"), lambda: site.restore("20991231000001")):
        with pytest.raises(KeyError):
            act()
