"""Edits: each changes what it says and nothing else, everywhere, and what an article was before is still known."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.newsroom import Newsroom, Site, generate
from newscrawl.newsroom.editions import COMPARED, squeezed
from newscrawl.newsroom.edits import KINDS, REAL, meant
from newscrawl.newsroom.plan import FORMS
from newscrawl.newsroom.stories import Story
from tests.newsroom.reader import CONTAINER, END, HOSTS, ask, says, squeeze

FIELDS = {"title": "title", "deck": "deck", "body": "body", "table": "tables", "image": "images"}
FOLLOWING = {"marks", "tickers", "place"}
"""Fields that follow from the title and the body."""


@pytest.fixture
def site() -> Site:
    """One of the test's own: it is changed."""
    return generate(articles=150, days=2, seed=3, end=END)


def some(site: Site) -> list[Story]:
    """Two stories of each form."""
    return [story for form in FORMS for story in [one for one in site.articles if one.form == form][:2]]


def without_white_space(page: bytes) -> str:
    """The letters in a page's body container."""
    parsed = LexborHTMLParser(page.decode())
    inside = parsed.css_first(CONTAINER)
    assert inside is not None
    return squeeze(inside.text())


@pytest.mark.parametrize("kind", REAL)
def test_a_real_edit_changes_its_field_alone_and_shows(site: Site, kind: str) -> None:
    for story in some(site):
        for version in range(1, 6):
            pages = [site.page(story.id, host) for host in HOSTS]
            assert site.edit(story.id, kind) == site.version(story.id) == version + 1
            changed = site.changed(story.id, version, version + 1)
            assert [name for name in changed if name != "modified_at"] == [FIELDS[meant(story.form, kind)]], story.form
            assert all(page != site.page(story.id, host) for page, host in zip(pages, HOSTS, strict=True))
            before, after = site.truth(story.id, version=version), site.truth(story.id)
            assert {name for name in after if squeezed(before[name]) != squeezed(after[name])} <= {*changed, *FOLLOWING}


def test_the_hour_of_the_last_change_can_move_alone(site: Site) -> None:
    for story in some(site):
        pages = [site.page(story.id, host) for host in HOSTS]
        site.edit(story.id, "modified")
        assert site.changed(story.id, 1, 2) == ["modified_at"]
        assert all(page != site.page(story.id, host) for page, host in zip(pages, HOSTS, strict=True))


@pytest.mark.parametrize("kind", ["space", "frame"])
def test_white_space_and_surroundings_change_the_page_and_no_field(site: Site, kind: str) -> None:
    for story in some(site):
        for version in range(1, 6):
            before, pages = site.truth(story.id), [site.page(story.id, host) for host in HOSTS]
            site.edit(story.id, kind)
            after = site.truth(story.id)
            assert site.changed(story.id, version, version + 1) == []
            other = {name for name in after if squeezed(before[name]) != squeezed(after[name])}
            assert other <= {"ai_summary"}
            for page, host in zip(pages, HOSTS, strict=True):
                now = site.page(story.id, host)
                assert now != page
                if kind == "space" and after == before:  # else the words are written to HTML anew
                    assert without_white_space(now) == without_white_space(page)


def test_white_space_changes_within_the_words_too(site: Site) -> None:
    for _ in range(4):
        for story in site.articles:
            site.edit(story.id, "space")
    bodies = [(story.truth()["body"], site.truth(story.id, version=1)["body"]) for story in site.articles]
    words = [one != other for one, other in bodies if one and " ".join(one.split()) != " ".join(other.split())]
    paragraphs = [one for one, other in bodies if one and one.count("\n\n") > other.count("\n\n")]
    assert len(words) > 20
    assert len(paragraphs) > 5


def test_surroundings_are_advertisements_views_scripts_and_boxes(site: Site) -> None:
    story = next(one for one in site.articles if one.form == "article" and one.generation == "2026")
    before = site.page(story.id).decode()
    site.edit(story.id, "frame")
    after = site.page(story.id).decode()
    assert "조회 " in after
    assert "조회 " not in before
    assert re.findall(r'nonce="(\w+)"', after)
    boxes = [
        re.findall(r"<(?:h3|h4|strong|p)>(많이 본 기사|포토|오늘의 뉴스|정치|사회)</", page) for page in (before, after)
    ]
    assert boxes[0] != boxes[1]
    assert sorted(boxes[0]) == sorted(boxes[1])
    site.edit(story.id, "frame")
    assert site.page(story.id).decode() != after


@pytest.mark.parametrize("host", HOSTS)
def test_an_edited_page_says_the_truth(site: Site, host: str) -> None:
    for story in site.articles:
        for kinds in ((), ("space", "body"), ("frame", "image", "table"), ("title", "deck", "modified")):
            site.edit(story.id, *kinds)
            says(site.page(story.id, host).decode(), site.truth(story.id, host), host)


def test_an_edit_without_kinds_is_a_sensible_one(site: Site) -> None:
    for story in site.articles:
        for version in range(1, 5):
            site.edit(story.id)
            assert set(site.changed(story.id, version, version + 1)) - {"modified_at"}


def test_a_form_keeps_to_what_it_is(site: Site) -> None:
    for story in some(site):
        for _ in range(25):
            site.edit(story.id)
        before, after = site.truth(story.id, version=1), site.truth(story.id)
        assert (after["kind"], after["language"], after["access"]) == (
            before["kind"],
            before["language"],
            before["access"],
        )
        if story.form == "photo":
            assert after["body"] is None
            assert after["images"]
        elif story.form == "flash":
            assert "\n" not in after["body"]
            assert len(after["body"]) <= 100
            assert not after["tables"]
        elif story.form == "long_flash":
            assert after["body"].count("\n\n") >= 4


def test_several_kinds_at_once_are_one_version(site: Site) -> None:
    story = next(one for one in site.articles if one.form == "article")
    assert site.edit(story.id, "title", "body", "modified", "space", "frame") == 2
    assert site.changed(story.id, 1, 2) == ["title", "modified_at", "body"]


def test_bodies_change_a_little_and_a_lot_and_go_back(site: Site) -> None:
    sizes, returns = [], 0
    for story in [one for one in site.articles if one.form == "article"][:30]:
        texts = [story.truth()["body"]]
        for _ in range(12):
            site.edit(story.id, "body")
            texts.append(story.truth()["body"])
            before, after = texts[-2].split("\n\n"), texts[-1].split("\n\n")
            sizes.append(len(set(before) ^ set(after)) / (len(before) + len(after)))
            if len(texts[-2]) == len(texts[-1]):
                sizes.append(sum(a != b for a, b in zip(texts[-2], texts[-1], strict=True)) / 10_000)
            returns += texts[-1] in texts[:-2]
    assert min(sizes) <= 1 / 10_000
    assert max(sizes) > 0.5
    assert returns >= 3


def test_a_headline_keeps_its_marks_and_may_get_a_step(site: Site) -> None:
    steps = 0
    for story in site.articles:
        marks = list(story.marks)
        for _ in range(4):
            site.edit(story.id, "title")
            now = site.by_id[story.id]
            kept = [mark for mark in now.marks if not mark.startswith("종합")]
            assert kept == [mark for mark in marks if not mark.startswith("종합")]
            assert all(f"[{mark}]" in now.title or f"({mark})" in now.title for mark in now.marks)
            steps += now.marks[-1:] != tuple(marks[-1:])
    assert steps > 10


def test_the_hour_of_the_last_change_moves_forward_four_times_in_five(site: Site) -> None:
    moved = []
    for story in site.articles:
        for version in range(1, 6):
            before = site.truth(story.id)["modified_at"]
            made = site.made_at(story.id)
            site.edit(story.id)
            after = site.truth(story.id)["modified_at"]
            assert site.made_at(story.id) > made
            moved.append("modified_at" in site.changed(story.id, version, version + 1))
            assert (after > (before or story.truth()["published_at"])) if moved[-1] else (after == before)
    assert 0.75 < sum(moved) / len(moved) < 0.85


def test_earlier_versions_stay_what_they_were(site: Site) -> None:
    for story in some(site):
        for host in HOSTS:
            truths = [site.truth(story.id, host)]
            for _ in range(4):
                site.edit(story.id)
                truths.append(site.truth(story.id, host))
            start = site.version(story.id) - 4
            assert [site.truth(story.id, host, start + turn) for turn in range(5)] == truths
            assert story.truth(host) == truths[-1]


def test_what_changed_is_told_between_any_two_versions(site: Site) -> None:
    story = next(one for one in site.articles if one.form == "article" and one.modified_at is None)
    site.edit(story.id, "title")
    site.edit(story.id, "body", "modified")
    assert site.changed(story.id, 1, 1) == []
    assert site.changed(story.id, 1, 3) == ["title", "modified_at", "body"]
    assert "modified_at" not in site.changed(story.id, 3, 1)  # which has none
    assert set(site.changed(story.id, 1, 3, "m.newspim.com")) <= set(COMPARED)


def test_unknown_ids_kinds_and_versions_are_refused(site: Site) -> None:
    id = site.articles[0].id
    with pytest.raises(KeyError):
        site.edit("20991231000001")
    with pytest.raises(ValueError, match=f"unknown edit: gremlins; known: {', '.join(KINDS)}"):
        site.edit(id, "gremlins")
    for version in (0, 2, -1):
        with pytest.raises(ValueError, match=f"version {version} of {id}: there are versions 1 to 1"):
            site.truth(id, version=version)
    assert site.version(id) == 1


def test_the_other_of_two_twins_stays(site: Site) -> None:
    second = next(one for one in site.articles if one.origin != one.number)
    first = site.articles[second.origin]
    for edited, other in ((first, second), (second, first)):
        truth, page = other.truth(), site.page(other.id)
        site.edit(edited.id, "title", "body", "deck", "image")
        assert other.truth() == truth
        assert without_white_space(site.page(other.id)) == without_white_space(page)


def test_twins_are_no_duplicates_once_one_is_edited(site: Site) -> None:
    room = Newsroom(site)
    kept, other = next(iter(room.expected().twins.items()))
    site.edit(kept, "frame")
    assert kept in room.expected().twins
    site.edit(kept, "body")
    assert kept not in room.expected().twins
    assert {kept, other} <= set(room.expected())


def test_whatever_names_an_article_shows_its_new_headline(site: Site) -> None:
    listed = next(one for one in site.articles[-9::-1] if one.form == "article" and one.origin == one.number)
    beside = next(site.articles[number] for number in site.sidebar(0).numbers if site.articles[number].origin == number)
    linked = next(site.articles[story.related[0]] for story in site.articles if story.related)
    with Newsroom(site) as room:
        for story in (listed, beside, linked):
            found = site.found(story.id)
            places = [*found.listed, *found.topbar, *sorted(found.sidebar)[:3], *found.related]
            paths = [place.removeprefix("https://www.newspim.com") for place in places]
            paths += ["/quicknews", f"/news/category/{story.section}"] if story is listed else []
            for path in paths:  # what is kept of a page is made before the edit
                ask(room, path)
            site.edit(story.id, "title")
            title = squeeze(site.by_id[story.id].title)
            for path in paths:
                page = ask(room, path)[2].decode()
                if "category/" in path:
                    page = page.replace("<title>", "<p>").replace("</title>", "</p>")
                assert title in squeeze(LexborHTMLParser(page).html or "").replace("&amp;", "&"), path


def test_a_list_begins_with_the_new_first_sentence(site: Site) -> None:
    for story in [one for one in site.articles if one.form == "flash" and one.listed]:
        site.edit(story.id, "body")
        assert story.truth()["body"][:60] == site.opening(story.number).lead[:60]
        page = LexborHTMLParser(site.list_page(story.section, site.place(story.section, story.number)).decode())
        assert squeeze(story.truth()["body"][:50]) in squeeze(page.body.text() if page.body else "")


def test_pages_that_do_not_show_an_edited_article_stay(site: Site) -> None:
    story = next(one for one in site.articles if one.way == "related")
    named = {address[-14:] for address in site.found(story.id).related} | {story.id}
    before = {one.id: site.page(one.id) for one in site.articles if one.id not in named}
    site.edit(story.id, "title", "body")
    assert {id: site.page(id) for id in before} == before


def test_same_edits_give_the_same_bytes() -> None:
    one, two = (generate(60, 2, 7, END) for _ in range(2))
    for story in one.articles:  # nothing hangs on what was asked before
        one.page(story.id)
    for site in (one, two):
        for story in list(site.articles):
            for kinds in ((), ("space",), ("body", "frame"), ("title",)):
                site.edit(story.id, *kinds)
    for host in HOSTS:
        assert [one.page(story.id, host) for story in one.articles] == [
            two.page(story.id, host) for story in two.articles
        ]
    assert one.front() == two.front()
    assert [story.truth() for story in one.articles] == [story.truth() for story in two.articles]


def test_the_expected_record_is_the_one_that_stands(site: Site) -> None:
    with Newsroom(site) as room:
        expected = room.expected()
        id = next(iter(expected))
        site.edit(id, "title")
        assert expected.record(id) == expected[id] == site.truth(id)


@pytest.fixture
def reading(site: Site) -> Iterator[tuple[Site, Story, list[bytes]]]:
    """A site, a story of it, and all pages that a thread reads of it meanwhile."""
    story = next(one for one in site.articles if one.form == "article" and one.listed)
    pages: list[bytes] = []
    stop = threading.Event()
    with Newsroom(site) as room:

        def read() -> None:
            while not stop.is_set():
                pages.append(ask(room, f"/news/view/{story.id}")[2])

        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield site, story, pages
        finally:
            stop.set()
            thread.join()


def test_a_reader_sees_an_edit_as_a_whole(reading: tuple[Site, Story, list[bytes]]) -> None:
    site, story, pages = reading
    made = {site.page(story.id)}
    for _ in range(5000):
        site.edit(story.id, "title", "deck", "body", "image")
        made.add(site.page(story.id))
        if len(seen := set(pages)) > 30:
            break
    assert len(seen) > 30
    assert seen <= made
