"""Families: stories that belong together are published as their truth says, and all others stay as they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, pairwise

import pytest

from newscrawl.newsroom import Clock, Family, Newsroom, Site, Story, generate
from newscrawl.newsroom.families.kinship import KINDS
from newscrawl.newsroom.families.tellings import SORTS
from tests.newsroom.reader import END, HOSTS, says

COPIES = ("correction", "light", "rewrite", "respaced", "sections")
UNRELATED = ("headline", "near", "quote")


@pytest.fixture(scope="module")
def large() -> Site:
    return generate(articles=2000, days=7, seed=5, end=END, families=0.35)


def families(site: Site, *sorts: str) -> Iterator[tuple[Family, list[Story]]]:
    """The families of these sorts with their members."""
    for family in site.families:
        if family.sort in sorts:
            yield family, [site.articles[number] for number in family.members]


def body(story: Story) -> str:
    return story.truth()["body"] or ""


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def plain_sentences(story: Story) -> set[str]:
    """The sentences without what is quoted in them; short ones may be the same by chance."""
    bare = re.sub(r'"[^"]*"', "", body(story))
    return {sentence for sentence in re.split(r"(?<=다\.)\s", bare) if len(sentence) > 24}


def grams(text: str) -> set[str]:
    shown = letters(text)
    return {shown[at : at + 5] for at in range(len(shown) - 4)}


def test_each_sort_is_there_and_the_share_is_what_was_asked_for(large: Site) -> None:
    assert {family.sort for family in large.families} == set(SORTS)
    members = [number for family in large.families for number in family.members]
    assert len(members) == len(set(members))
    assert 0.34 < len(members) / len(large.articles) <= 0.35
    assert all(len(family.members) > 1 for family in large.families)


def test_without_families_there_are_none(site: Site) -> None:
    assert site.families == ()
    assert {site.kinship(3, number) for number in range(4, 60)} <= {None, "either"}


def test_stories_of_no_family_stay_as_they_are_without_any() -> None:
    plain, with_families = (generate(300, 4, 9, END, families=share) for share in (0.0, 0.4))
    members = {number for family in with_families.families for number in family.members}
    assert len(members) > 100
    for story in plain.articles:
        other = with_families.articles[story.number]
        assert (story.id, story.published_at, story.way) == (other.id, other.published_at, other.way)
        if story.number not in members:
            assert story == other
            assert story.truth() == other.truth()


def test_the_same_seed_gives_the_same_families_and_pages() -> None:
    one, two = (generate(200, 4, 7, END, families=0.4) for _ in range(2))
    backwards = {story.id: two.page(story.id) for story in reversed(two.articles)}
    assert one.families == two.families
    assert {story.id: one.page(story.id) for story in one.articles} == backwards
    assert generate(200, 4, 8, END, families=0.4).families != one.families


@pytest.mark.parametrize("share", [-0.1, 0.6])
def test_a_share_that_there_is_not_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=r"takes a share, 0 to 0\.5"):
        generate(60, 2, 1, END, families=share)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_small_sites_work(count: int) -> None:
    small = generate(count, 1, 1, END, families=0.5)
    assert all(small.page(story.id) for story in small.articles)


def test_members_come_one_after_another_by_time_and_by_number(large: Site) -> None:
    for _, members in families(large, *SORTS):
        times, ids = [one.published_at for one in members], [one.id for one in members]
        assert times == sorted(times)
        assert ids == sorted(set(ids))


def test_a_chain_is_told_within_half_a_day_and_its_marks_are_in_order(large: Site) -> None:
    order = ["속보", "1보", "2보", "3보", "종합", "종합2보"]
    for _, members in families(large, "chain"):
        assert members[-1].published_at - members[0].published_at < timedelta(hours=12)
        marks = [order.index(one.marks[-1]) for one in members if one.marks and one.marks[-1] in order]
        assert marks == sorted(marks)
        assert len(marks) >= len(members) - 1
        assert len({one.section for one in members}) == 1


def test_the_steps_of_a_chain_are_updates_and_grow(large: Site) -> None:
    kinds: Counter[str | None] = Counter()
    grown: list[bool] = []
    for _, members in families(large, "chain"):
        for one, other in combinations(members, 2):
            kind = large.kinship(one.number, other.number)
            kinds[kind] += 1
            assert large.kinship(other.number, one.number) == kind
        grown.append(len(body(members[-1])) > len(body(members[0])))
    assert sum(grown) > 0.95 * len(grown)  # sentences may be left out, and others be shorter
    assert set(kinds) <= {"update", "either"}
    assert kinds["either"] < 0.1 * kinds.total()


def sentences(story: Story) -> dict[str, str]:
    """The sentences of a body by what they are without their digits."""
    return {re.sub(r"[\d,]", "", one): one for one in re.split(r"(?<=다\.)\s+", body(story))}


def test_figures_change_in_some_chains_under_the_same_words(large: Site) -> None:
    changed: list[bool] = []
    for _, members in families(large, "chain"):
        for before, after in pairwise(map(sentences, members)):
            changed.append(any(before[words] != after[words] for words in before.keys() & after.keys()))
    assert 0.05 < sum(changed) / len(changed) < 0.3


def test_unrelated_members_stay_far_apart(large: Site) -> None:
    told = [number for family in large.families if family.sort != "series" for number in family.members]
    shingles = {number: grams(body(large.articles[number])) for number in told}
    long = [number for number in told if len(shingles[number]) > 300][:300]
    apart = [
        len(shingles[one] & shingles[other]) / len(shingles[one] | shingles[other])
        for one, other in combinations(long, 2)
        if large.kinship(one, other) is None
    ]
    assert len(apart) > 20_000
    assert sorted(apart)[len(apart) * 99 // 100] < 0.1
    assert max(apart) < 0.25  # two fires, told by the same desk


def test_flashes_are_one_short_paragraph(large: Site) -> None:
    flashes = [one for _, members in families(large, "chain", "series") for one in members if one.form == "flash"]
    assert len(flashes) > 20
    for story in flashes:
        record = story.truth()
        assert record["kind"] == "flash"
        assert "\n" not in record["body"]
        assert len(record["body"]) <= 150


def test_exact_members_have_the_same_words_and_rewrites_have_not(large: Site) -> None:
    kinds: Counter[str] = Counter()
    for family, members in families(large, *COPIES):
        for one, other in combinations(members, 2):
            kind = large.kinship(one.number, other.number)
            assert kind in ("exact", "rewrite", "update", "either")
            said = [squeezed(story.title + body(story)) for story in (one, other)]
            assert (said[0] == said[1]) == (kind == "exact"), (family, kind)
            kinds[f"{family.sort} {kind}"] += 1
    for usual in ("correction update", "correction rewrite", "light rewrite", "rewrite rewrite", "respaced rewrite"):
        assert kinds[usual]
    assert kinds["respaced exact"]
    assert kinds["sections exact"]
    assert sum(count for kind, count in kinds.items() if "either" in kind) < 0.05 * kinds.total()


def test_respaced_copies_differ_in_spaces_and_punctuation_alone(large: Site) -> None:
    for _, members in families(large, "respaced"):
        one, other = members
        assert body(one) != body(other)
        assert letters(one.title + body(one)) == letters(other.title + body(other))


def test_a_correction_changes_little_and_is_an_update_where_it_says_so(large: Site) -> None:
    for _, members in families(large, "correction"):
        for before, after in pairwise(members):
            marked = any(word in after.title for word in ("정정", "수정", "고침"))
            assert large.kinship(before.number, after.number) == ("update" if marked else "rewrite")
            one, other = grams(body(before)), grams(body(after))
            assert one != other
            assert len(one & other) / len(one | other) > 0.4


def test_the_same_piece_stands_in_two_sections_and_is_expected_once(large: Site) -> None:
    with Newsroom(large) as room:
        expected = room.expected()
    for _, (one, other) in families(large, "sections"):
        assert one.section != other.section
        assert expected.twins[one.id] == other.id
        assert one.truth()["tables"] == other.truth()["tables"]


def test_pieces_of_a_series_differ_in_figures_or_names_within_one_frame(large: Site) -> None:
    kinds: Counter[str | None] = Counter()
    for family, members in families(large, "series"):
        for one, other in combinations(members, 2):
            kinds[large.kinship(one.number, other.number)] += 1
            assert letters(body(one)) != letters(body(other)), family
            frame = set(re.sub(r"\d+", "", body(one)).split()) & set(re.sub(r"\d+", "", body(other)).split())
            assert frame, family
    assert set(kinds) <= {"template", "either"}
    assert kinds["either"] < 0.1 * kinds.total()


def test_lookalikes_are_nothing_to_each_other(large: Site) -> None:
    for family, members in families(large, *UNRELATED):
        for one, other in combinations(members, 2):
            assert large.kinship(one.number, other.number) is None
            assert (one.title == other.title) == (family.sort == "headline")
            assert body(one) != body(other) or one.form == "photo"
            assert not plain_sentences(one) & plain_sentences(other), family


def test_stories_of_different_families_are_unrelated_or_of_one_frame(large: Site) -> None:
    for one, other in combinations(large.families[:80], 2):
        kind = large.kinship(one.members[0], other.members[-1])
        if one.sort == other.sort == "series" and one.shape == other.shape:
            assert kind == "template"
        else:
            assert kind in (None, "either")
    twins = next(story for story in large.articles if story.origin != story.number)
    assert large.kinship(twins.origin, twins.number) == "exact"
    assert large.kinship(7, 7) is None
    assert "either" in KINDS


@pytest.mark.parametrize("host", HOSTS)
def test_pages_of_members_say_the_truth(large: Site, host: str) -> None:
    for number in [number for family in large.families[:90] for number in family.members]:
        story = large.articles[number]
        says(large.page(story.id, host).decode(), story.truth(host), host)


def test_members_can_be_edited() -> None:
    site = generate(articles=150, days=4, seed=3, end=END, families=0.5)
    for number in [number for family in site.families for number in family.members]:
        id = site.articles[number].id
        for version in range(1, 4):
            site.edit(id)
            assert set(site.changed(id, version, version + 1)) - {"modified_at"}
        for host in HOSTS:
            says(site.page(id, host).decode(), site.truth(id, host), host)


def test_families_appear_on_a_clock() -> None:
    site = generate(articles=200, days=2, seed=4, end=END, families=0.4)
    family = next(one for one in site.families if one.sort == "chain")
    first, last = (site.articles[family.members[at]] for at in (0, -1))
    between = first.published_at + (last.published_at - first.published_at) / 2
    with Newsroom(site, clock=Clock(between, speed=0.001)) as room:
        published = room.published()
        assert first.id in published
        assert last.id not in published


def test_cheap_sites_have_families() -> None:
    cheap = generate(200, 4, 3, END, cheap=True, families=0.4)
    assert cheap.families
    assert all(60_000 < len(cheap.page(story.id)) < 120_000 for story in cheap.articles)
