"""The generated site: the same for a seed, as heavy as the real one, reachable by its links, and full of its forms."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from newscrawl.newsroom import Newsroom, Site, generate
from newscrawl.newsroom.plan import FORMS
from tests.newsroom.reader import END, HOSTS, ids, links, walk


def test_same_seed_gives_the_same_site_and_pages() -> None:
    one, two = (generate(60, 2, 7, END) for _ in range(2))
    assert [one.page(story.id) for story in one.articles] == [two.page(story.id) for story in two.articles]
    assert [story.truth() for story in one.articles] == [story.truth() for story in two.articles]
    assert [one.list_page("1", 20), one.front()] == [two.list_page("1", 20), two.front()]


def test_page_is_the_same_whatever_was_asked_before() -> None:
    one, two = (generate(60, 2, 7, END) for _ in range(2))
    forwards = {story.id: one.page(story.id) for story in one.articles}
    backwards = {story.id: two.page(story.id) for story in reversed(two.articles)}
    assert forwards == backwards


def test_another_seed_gives_another_site() -> None:
    assert generate(60, 2, 7, END).front() != generate(60, 2, 8, END).front()


def test_all_forms_and_ways_and_generations_are_there(site: Site) -> None:
    assert {story.form for story in site.articles} == set(FORMS)
    assert {story.way for story in site.articles} == {"list", "topbar", "sidebar", "related", "hidden"}
    assert {story.generation for story in site.articles} == {"2026", "2022", "2018"}


@pytest.mark.parametrize("host", HOSTS)
def test_pages_weigh_what_real_ones_weigh(site: Site, host: str) -> None:
    weights = [len(site.page(story.id, host)) for story in site.articles]
    assert min(weights) > 60_000
    assert max(weights) < 120_000


def test_pages_have_as_many_links_as_real_ones(site: Site) -> None:
    counts = [len(links(site.page(story.id))) for story in site.articles[::10]]
    assert min(counts) >= 100
    assert max(counts) <= 200


def test_ids_are_dates_and_numbers_in_order_of_creation(site: Site) -> None:
    assert all(re.fullmatch(r"\d{14}", story.id) for story in site.articles)
    assert len(site.by_id) == len(site.articles)
    early = [(story.published_at.date() - date.fromisoformat(story.id[:8])).days for story in site.articles]
    assert set(early) <= {0, 1, 2, 3, 4}
    assert sum(days > 1 for days in early) >= 3


def test_articles_are_published_in_the_period(site: Site) -> None:
    assert all(END - timedelta(days=3) <= story.published_at <= END for story in site.articles)


def test_list_page_number_is_a_row_offset(site: Site) -> None:
    rows = [site.articles[number].id for number in site.lists["1"]]
    for offset in (0, 20, 35):
        shown = ids(site.list_page("1", offset))
        assert shown == set(rows[offset : offset + 20])
    assert ids(site.list_page("1", len(rows))) == set()
    assert ids(site.list_page("999", 0)) == set()


def test_lists_are_newest_first(site: Site) -> None:
    times = [site.articles[number].published_at for number in site.lists["1"]]
    assert times == sorted(times, reverse=True)


def test_each_article_is_named_by_the_pages_that_it_says(site: Site) -> None:
    with Newsroom(site) as room:
        for story in site.articles[::25] + [one for one in site.articles if not one.listed]:
            found = site.found(story.id)
            for address in [*found.listed, *found.topbar, *sorted(found.sidebar)[:2], *found.related]:
                page = room.desk.answer("www.newspim.com", address.removeprefix("https://www.newspim.com")).body
                assert story.id in ids(page), (story.way, address)


def test_unlisted_articles_have_no_other_way(site: Site) -> None:
    for story in site.articles:
        found = site.found(story.id)
        ways = {via for via in ("list", "topbar", "sidebar", "related") if found.pages(via)}
        assert ways == set() if story.way == "hidden" else story.way in ways
        if not story.listed:
            assert ways <= {story.way}


def test_links_lead_to_exactly_the_expected_articles(site: Site) -> None:
    with Newsroom(site) as room:
        expected = room.expected()
        walked = walk(room)
        assert walked == set(expected) | set(expected.twins)
        assert not walked & set(site.hidden)


def test_no_article_is_lost_in_large_sites() -> None:
    large = generate(8_000, 3, 1, END)
    with Newsroom(large) as room:
        expected = room.expected()
        wanted = {story.id for story in large.articles if story.way != "hidden"}
        assert set(expected) | set(expected.twins) == wanted


def test_page_names_hidden_articles_only_where_no_link_is(site: Site) -> None:
    pages = [site.page(story.id) for story in site.articles[:50] if story.way != "hidden"]
    assert all(any(one.encode() in page for one in site.hidden) for page in pages)
    assert not any(ids(page) & set(site.hidden) for page in pages)


def test_exact_duplicates_share_title_and_body_and_pairs_share_the_title(site: Site) -> None:
    titles = Counter(story.title for story in site.articles)
    shared = [title for title, count in titles.items() if count > 1]
    bodies = {title: {story.truth()["body"] for story in site.articles if story.title == title} for title in shared}
    counts = Counter(len(bodies[title]) for title in shared)
    assert counts[1] == 3
    # Now and then two stories come to the same headline by chance.
    assert 3 <= counts[2] <= 6


def test_unrelated_articles_stay_far_apart(site: Site) -> None:
    grams: dict[str, set[str]] = {}
    for story in site.articles[:150]:
        letters = re.sub(r"\W", "", story.truth()["body"] or "")
        if letters and story.origin == story.number:
            grams[story.id] = {letters[place : place + 5] for place in range(len(letters) - 4)}
    pairs = ((one, two) for one in grams for two in grams if one < two)
    assert max(len(grams[one] & grams[two]) / len(grams[one] | grams[two]) for one, two in pairs) < 0.3


def test_cheap_site_is_as_true() -> None:
    cheap = generate(80, 1, 3, END, cheap=True)
    assert all(story.truth()["title"] for story in cheap.articles)
    assert all(60_000 < len(cheap.page(story.id)) < 120_000 for story in cheap.articles)


@pytest.mark.parametrize("count", [1, 5, 30])
def test_small_sites_work(count: int) -> None:
    small = generate(count, 1, 1, END)
    assert len(small.articles) == count
    assert all(small.page(story.id) for story in small.articles)


def test_bad_wishes_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        generate(0, 3)
    with pytest.raises(ValueError, match="unknown generation: 2017"):
        generate(10, 3, generations={"2017": 1.0})
