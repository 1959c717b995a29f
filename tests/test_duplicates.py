"""What articles have to do with each other: pure, on texts written here. Pairs of real news are no part of the project."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import korean
from newscrawl.duplicates import (
    COPIES,
    Placed,
    Sketches,
    Text,
    dropped,
    handles,
    mark,
    may_share,
    moment,
    packed,
    place,
    text,
)
from newscrawl.duplicates.candidates import hits_enough
from newscrawl.duplicates.kinds import likeness
from newscrawl.duplicates.shingles import letters, shared, shingles
from newscrawl.duplicates.signature import bands, signature
from newscrawl.extraction.derived import tickers

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=korean.KST)
FLASH = "가온시 물관리공사는 20일 새 정수장을 2028년까지 짓기로 했다."
FIRST = (
    "가온시 물관리공사는 20일 새 정수장을 2028년까지 짓기로 했다. 사업비는 1250억원이다. 공사는 이날 이사회를 열어 "
    "이같이 의결했다고 밝혔다. 정수장은 하루 12만t의 물을 거른다."
)
FULL = FIRST + (
    "\n\n새 정수장은 낡은 두 곳을 대신한다. 두 곳은 지은 지 40년이 넘어 관이 자주 샜다. 지난해에만 누수 신고가 310건 들어왔다. "
    "공사 관계자는 “주민이 오래 기다린 일”이라며 “공사 중에도 물이 끊기지 않게 하겠다”고 말했다.\n\n"
    "주민들은 대체로 반겼다. 다만 공사 차량이 학교 앞을 지나는 데 대한 걱정도 나왔다. 시는 등하교 시간에 차량을 막기로 했다. "
    "시의회는 다음 달 예산안을 심의한다."
)
OTHER = (
    "늘봄군 체육회가 주말마다 여는 걷기 모임에 참가자가 몰리고 있다. 모임은 강을 따라 두 시간쯤 이어진다. 체육회는 봄까지 "
    "길을 세 갈래로 늘리고 쉼터를 놓을 계획이다. 참가비는 없고 신청도 필요 없다. 지난 토요일에는 820명이 걸었다."
)


def made(body: str | None, title: str = "제목", minutes: int = 0, number: int = 0, **more: Any) -> Text:
    """An article so many minutes after nine."""
    record = {
        "title": title,
        "body": body,
        "marks": korean.marks(title),
        "tables": [],
        "images": [],
        "tickers": tickers(body),
        "published_at": (MORNING + timedelta(minutes=minutes)).isoformat(),
        **more,
    }
    number = number or 20261120000001 + minutes
    return text(record, number, moment(record, number))


def kind(earlier: Text, later: Text) -> str | None:
    found = mark(earlier, later)
    return found.kind if found else None


# Shingles


def test_spacing_and_punctuation_change_no_shingle() -> None:
    spaced = "기준금리를 연 2.75%로 동결했다, “성장률 전망은 낮췄다”"
    tight = '기준 금리를 연2.75%로동결 했다 "성장률전망은 낮췄다"'
    assert list(shingles(letters(spaced))) == list(shingles(letters(tight)))


@pytest.mark.parametrize(("one", "other"), [("ＫＯＳＰＩ", "kospi"), ("㎞", "km"), ("가\u0301", "가\u0301")])
def test_letters_have_one_form(one: str, other: str) -> None:
    assert letters(one) == letters(other)


@given(st.text(), st.text())
def test_shared_shingles_are_those_of_both_sets(one: str, other: str) -> None:
    first, second = shingles(letters(one)), shingles(letters(other))
    assert shared(first, second) == len({*first.tolist()} & {*second.tolist()})
    assert first.tolist() == sorted({*first.tolist()})


def test_a_text_of_fewer_than_five_letters_is_one_shingle() -> None:
    assert len(shingles("속보")) == 1
    assert len(shingles("")) == 0


# Signatures


def test_the_bands_of_a_text_are_those_that_stand_in_states_already() -> None:
    """Whoever changes them makes all that is stored unfindable: that takes a migration."""
    found = handles(made(FIRST))
    assert found.bands[:4] == EXPECTED_BANDS
    assert found.sketch[:3].tolist() == EXPECTED_SKETCH


EXPECTED_BANDS = (3842992352, 2204629561, 2656380008, 1860301759)
EXPECTED_SKETCH = [287919312, 964166752, 1391569372]


def test_signatures_agree_as_much_as_texts() -> None:
    die = random.Random(5)
    off = []
    for share in (0.2, 0.5, 0.8):
        for _ in range(20):
            both = [die.randrange(10**9) for _ in range(int(900 * share))]
            sets = [both + [die.randrange(10**9) for _ in range(900 - len(both))] for _ in range(2)]
            one, other = (shingles("".join(chr(0xAC00 + number % 11_000) for number in numbers)) for numbers in sets)
            true = likeness(one, other)[0]
            estimated = float((signature(one, 126) == signature(other, 126)).mean())
            off.append(estimated - true)
    assert abs(sum(off) / len(off)) < 0.02
    assert max(map(abs, off)) < 0.18  # four times the standard error of 126 places


def test_bands_of_different_places_do_not_meet() -> None:
    same = signature(shingles("가" * 5), 6)
    assert len(set(bands(same, 3) + bands(same, 3, first=2))) == 4


# Kinds


def test_the_same_words_are_exact_however_they_are_spaced() -> None:
    respaced = FULL.replace("새 정수장", "새정수장").replace("\n\n", "\n")
    assert kind(made(FULL), made(respaced, minutes=5)) == "exact"


def test_other_punctuation_is_no_exact_copy_since_a_point_may_be_a_number() -> None:
    dotted = FULL.replace("1250억원", "12.50억원")
    assert kind(made(FULL), made(dotted, minutes=5)) == "rewrite"


def test_tables_and_pictures_are_words_too() -> None:
    one = made("표 참조. " + FLASH, tables=[[["종목", "1.2%"]]])
    other = made("표 참조. " + FLASH, minutes=5, tables=[[["종목", "3.4%"]]])
    assert kind(one, other) != "exact"
    photos = [{"url": f"https://img.newspim.com/{number}.jpg", "caption": None, "credit": None} for number in range(2)]
    assert kind(made(None, images=photos[:1]), made(None, minutes=5, images=photos[1:])) is None


def test_the_few_words_of_a_formula_are_another_article_on_another_day() -> None:
    words, title = "코스피가 하락 출발했다.", "[속보] 코스피 하락 출발"
    assert kind(made(words, title), made(words, title, minutes=30)) == "exact"
    assert kind(made(words, title), made(words, title, minutes=3 * 24 * 60)) == "template"
    assert kind(made(FIRST, title), made(FIRST, title, minutes=3 * 24 * 60)) == "exact"


@pytest.mark.parametrize(
    ("tables", "others"),
    [
        ([[["외국인", None], ["31", None]]], [[["외국인", None], [None, "31"]]]),
        ([[["1 2", "3"]]], [[["12", "3"]]]),
    ],
)
def test_where_a_cell_stands_makes_another_table(tables: Any, others: Any) -> None:
    assert kind(made(FIRST, tables=tables), made(FIRST, minutes=5, tables=others)) != "exact"


def test_the_space_between_two_numbers_counts() -> None:
    one, other = (f"{FIRST} 번호는 {shown}번이다." for shown in ("1 12 23", "11 2 23"))
    assert kind(made(one), made(other, minutes=5)) == "rewrite"


def test_the_figures_of_tables_tell_the_next_of_a_series() -> None:
    frame = "가온시가 한 주 동안 거래된 주택의 값을 표로 정리했다. 자세한 내용은 아래와 같다. " * 3
    one = made(frame, "[표] 주간 동향", tables=[[["가온", "1.2%"], ["늘봄", "0.4%"], ["새별", "2.1%"]]])
    other = made(
        frame, "[표] 주간 동향", 7 * 24 * 60 - 5, tables=[[["가온", "3.1%"], ["늘봄", "0.7%"], ["새별", "1.9%"]]]
    )
    assert kind(one, other) == "template"


def test_the_next_piece_under_a_standing_headline_is_one_of_a_series() -> None:
    def weather(day: int, sky: str, low: int, high: int) -> str:
        return (
            f"{day}일은 전국이 {sky}. 아침 최저기온은 {low}도, 낮 최고기온은 {high}도로 예보됐다. 바다의 물결은 0.5m에서 1.5m로 일겠다. "
            f"미세먼지는 모든 곳에서 보통 수준을 보이겠다. 밤낮의 기온 차가 크니 건강에 유의해야 한다."
        )

    one, other = weather(20, "대체로 맑겠다", 4, 15), weather(21, "흐리다가 밤부터 곳에 따라 비가 내리겠다", 5, 13)
    assert kind(made(one, "[오늘 날씨]"), made(other, "[오늘 날씨]", minutes=24 * 60)) == "template"


@pytest.mark.parametrize(
    ("title", "body", "later_title", "later"),
    [
        ("[속보] 가온시, 새 정수장 짓는다", FLASH, "[1보] 가온시, 새 정수장 짓는다", FIRST),
        ("[속보] 가온시, 새 정수장 짓는다", FLASH, "가온시, 1250억원 들여 새 정수장", FULL),
        ("[1보] 가온시, 새 정수장 짓는다", FIRST, "가온시, 새 정수장 짓는다(종합)", FULL),
        ("가온시, 새 정수장 짓는다", FIRST, "가온시, 새 정수장 짓는다(종합)", FULL),
        ("가온시, 새 정수장 짓는다(종합)", FULL, "가온시, 새 정수장 짓는다(종합2보)", FULL + "\n\n" + OTHER),
        ("가온시, 새 정수장 짓는다", FIRST, "가온시 물관리공사 이사회", FULL),
        ("가온시, 새 정수장 짓는다", FULL, "[정정] 가온시, 새 정수장 짓는다", FULL.replace("12만t", "10만t")),
        ("가온시, 새 정수장 짓는다", FULL, "가온시, 새 정수장 짓는다(종합)", FULL.replace("310건", "330건")),
    ],
)
def test_a_later_step_of_a_story_is_an_update(title: str, body: str, later_title: str, later: str) -> None:
    assert kind(made(body, title), made(later, later_title, minutes=40)) == "update"


def test_a_flash_is_found_in_a_long_article_by_its_sketch() -> None:
    flash, full = made(FLASH, "[속보] 정수장"), made(OTHER * 4 + FULL, "가온시 소식", minutes=90)
    assert may_share(handles(flash).sketch, handles(full).sketch)
    assert set(handles(flash).bands).isdisjoint(handles(full).bands)


@pytest.mark.parametrize(
    "later",
    [
        FULL.replace("말했다", "강조했다").replace("밝혔다", "설명했다").replace("걱정도 나왔다", "우려도 있었다"),
        FULL[: FULL.index("\n\n주민들은")],  # cut
        FULL.replace("310건", "330건"),  # corrected, and not marked as such
    ],
)
def test_mostly_the_same_text_is_a_rewrite(later: str) -> None:
    assert kind(made(FULL, "가온시, 새 정수장"), made(later, "정수장 40년 만에 바뀐다", minutes=40)) == "rewrite"


def report(house: str, code: str, day: int, *numbers: str) -> str:
    """A robot's piece on a share."""
    price, change, volume, most, least = numbers
    return (
        f"{house}({code})이 {day}일 오전 장에서 전 거래일보다 {change}% 오른 {price}원에 거래되고 있다. 이날 {house}의 거래량은 {volume}주로 "
        f"전날 같은 시간보다 늘었다. 장중 한때 {most}원까지 올랐고 {least}원까지 내리기도 했다. 외국인과 기관의 매수세가 이어지면서 "
        f"투자자의 관심이 모이고 있다. 증권가에서는 당분간 변동이 클 수 있다고 본다."
    )


def test_pieces_of_a_series_are_no_copies() -> None:
    one = report("해오름전자", "123450", 20, "71,200", "2.3", "1,204,551", "72,900", "70,100")
    other = report("두루찬바이오", "234560", 20, "8,450", "11.2", "88,120", "8,900", "7,700")
    again = report("해오름전자", "123450", 23, "69,300", "1.1", "998,003", "70,050", "68,800")
    assert kind(made(one), made(other, minutes=2)) == "template"
    assert kind(made(one), made(again, minutes=3 * 24 * 60)) == "template"


def test_what_shares_a_headline_and_no_words_is_nothing() -> None:
    assert kind(made(FULL, "오늘의 주요 일정"), made(OTHER, "오늘의 주요 일정", minutes=40)) is None


def test_what_shares_a_quotation_is_nothing() -> None:
    quote = "공사 관계자는 “주민이 오래 기다린 일”이라며 “공사 중에도 물이 끊기지 않게 하겠다”고 말했다."
    assert kind(made(FULL), made(OTHER + quote, minutes=40)) is None


def test_articles_without_letters_have_to_do_with_nothing() -> None:
    assert kind(made("…", "!"), made("— —", "?", minutes=4)) is None
    assert handles(made(None, "")).bands == ()


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    earlier, later = made(one, other), made(other, one, minutes=1)
    found = mark(earlier, later)
    assert found is None or 0 <= found.similarity <= found.containment <= 1
    assert kind(earlier, replace(earlier, number=earlier.number + 1)) == "exact"


# Policy


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        (["drop:exact"], {"exact"}),
        (["drop:exact", "rewrite"], {"exact", "rewrite"}),
        (["keep"], set()),
        (["drop: template"], {"template"}),
    ],
)
def test_a_policy_names_the_kinds_that_are_dropped(given: list[str], kinds: set[str]) -> None:
    assert dropped(given) == kinds


@pytest.mark.parametrize("given", [[], [""], ["drop"], ["drop:"], ["exact"], ["drop:same"], ["keep", "exact"]])
def test_a_policy_that_means_nothing_is_refused_with_what_it_takes(given: list[str]) -> None:
    with pytest.raises(ValueError, match="takes keep, or drop: and kinds of exact, update, rewrite, template"):
        dropped(given)


# Stories


class Known:
    """All articles so far, each of them near to each."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.stands: dict[int, Placed] = {}

    def placed(self, number: int) -> Placed | None:
        return self.stands.get(number)

    def members(self, story: int) -> Iterable[Placed]:
        return [one for one in self.stands.values() if one.story == story]

    def take(self, new: Text) -> None:
        placement = place(new, list(self.texts), self)
        self.texts.append(new)
        self.stands |= {one.number: one for one in (placement.own, *placement.moved)}


CHAIN = [
    made(FLASH, "[속보] 가온시, 새 정수장 짓는다"),
    made(FIRST, "[1보] 가온시, 새 정수장 짓는다", 5),
    made(FULL, "가온시, 새 정수장 짓는다(종합)", 90),
    made(FULL.replace("말했다", "강조했다"), "정수장 40년 만에 바뀐다", 200),
    made(OTHER, "늘봄군 걷기 모임", 30),
]


def test_a_chain_is_one_story_that_begins_with_its_flash() -> None:
    known = Known()
    for one in CHAIN:
        known.take(one)
    stands = [known.stands[one.number] for one in CHAIN]
    assert [one.story for one in stands] == [CHAIN[0].number] * 4 + [CHAIN[4].number]
    assert [one.mark and (one.mark.of, one.mark.kind) for one in stands] == [
        None,
        (CHAIN[0].number, "update"),
        (CHAIN[1].number, "update"),
        (CHAIN[2].number, "rewrite"),
        None,
    ]


def test_the_order_in_which_articles_come_changes_nothing() -> None:
    found = []
    for order in permutations(CHAIN):
        known = Known()
        for one in order:
            known.take(one)
        found.append(known.stands)
    assert len(found) == 120
    assert all(stands == found[0] for stands in found)


@given(st.randoms(use_true_random=False))
def test_the_order_changes_nothing_among_many_that_are_all_alike_in_part(die: random.Random) -> None:
    pieces = ["".join(chr(0xAC00 + die.randrange(11_000)) for _ in range(60)) for _ in range(6)]
    texts = [
        made("".join(die.sample(pieces, 4)), str(number), die.randrange(5), 20261120000001 + number)
        for number in range(9)
    ]
    stands = []
    for _ in range(2):
        known = Known()
        for one in texts:
            known.take(one)
        stands.append(known.stands)
        die.shuffle(texts)
    assert stands[0] == stands[1]
    for one in stands[0].values():
        if one.mark is None or one.mark.kind not in COPIES:
            assert one.story == one.number
        else:
            assert one.story == stands[0][one.mark.of].story


def _sketch(numbers: Iterable[int]) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return np.array(sorted(numbers), dtype=np.uint32)


# Numbers whose upper halves are often the same, as those of few shingles never are by chance.
_SKETCH = st.frozensets(
    st.builds(lambda high, low: high << 16 | low, st.integers(0, 3), st.integers(0, 5)), max_size=12
)


@given(st.lists(_SKETCH, max_size=6), _SKETCH, st.none() | st.integers(1, 16))
def test_looking_through_many_sketches_at_once_finds_what_looking_at_each_finds(
    sketches: list[frozenset[int]], sought: frozenset[int], probes: int | None
) -> None:
    rows = [(number, 1000 + number, packed(_sketch(one))) for number, one in enumerate(sketches)]
    found = Sketches(rows).with_hits(_sketch(sought), probes)
    assert found == [
        (1000 + number, number)
        for number, one in enumerate(sketches)
        if sought and hits_enough(len(one & sought), len(one) if probes is None else probes)
    ]
