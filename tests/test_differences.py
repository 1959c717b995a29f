"""What a reader sees of a correction."""

from __future__ import annotations

import difflib
import random
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.differences import COLOURED, PLAIN, alignment, differences, words

FIRST = "삼성전자가 올해 2분기 영업이익 14조1000억원을 기록했다고 7일 공시했다. 이는 전년 동기 대비 10% 증가한 수치다."
SECOND = "매출은 77조원으로 지난해 같은 기간보다 20.9% 늘었다. 증권가의 예상치(77조2218억원)를 소폭 밑돌았다."
HEAD = "◆ 반도체가 실적 견인"
THIRD = "업계에서는 반도체 부문이 실적을 이끌었다고 보고 있다. 메모리 가격 하락폭이 예상보다 작았기 때문이다."
SHARE = "삼성전자 주가는 이날 전 거래일 대비 1.2% 오른 5만7100원에 거래를 마쳤다."
LAST = "한편 회사는 이달 말 확정 실적을 발표할 예정이다."
ARTICLE = [FIRST, SECOND, HEAD, THIRD, SHARE, LAST]


def of(name: str, old: Any, new: Any) -> list[str]:
    """The lines about one field, without its name."""
    lines = differences({name: old}, {name: new}, [name])
    assert lines[:1] in ([], [name])
    return lines[1:]


def of_body(old: list[str], new: list[str]) -> list[str]:
    return of("body", "\n\n".join(old), "\n\n".join(new))


# ---- Body --------------------------------------------------------------------------------------------------------------


def test_a_figure_is_marked_in_its_paragraph_and_the_others_are_counted() -> None:
    assert of_body(ARTICLE, [FIRST, SECOND.replace("20.9%", "21.9%"), *ARTICLE[2:]]) == [
        "    … 1 paragraph …",
        "    매출은 77조원으로 지난해 같은 기간보다 [-20.9%-]{+21.9%+} 늘었다. 증권가의 예상치(77조2218억원)를 소폭 밑돌았다.",
        "    … 4 paragraphs …",
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("삼성전자는 올랐다", "삼성전자가 올랐다", "[-삼성전자는-]{+삼성전자가+} 올랐다"),
        ("14조1000억원을 기록했다", "14조1천억원을 기록했다", "[-14조1000억원을-]{+14조1천억원을+} 기록했다"),
        ("홍길동 사장은 말했다.", "홍길동 부사장은 말했다.", "홍길동 [-사장은-]{+부사장은+} 말했다."),
        ("이날 주가가 올랐다", "주가가 올랐다", "[-이날-] 주가가 올랐다"),
        ("주가가 올랐다", "주가가 크게 올랐다", "주가가 {+크게+} 올랐다"),
        ("주가가 올랐다.", "주가가 올랐다. 거래량도 늘었다.", "주가가 올랐다. {+거래량도 늘었다.+}"),
        # A word too long to be one: only its figures differ.
        (
            "코스피지수는5.2포인트오른2,501.21포인트로마감했다",
            "코스피지수는6.2포인트오른2,511.30포인트로마감했다",
            "코스피지수는[-5.2-]{+6.2+}포인트오른[-2,501.21-]{+2,511.30+}포인트로마감했다",
        ),
        # The same without a figure or a mark: one letter of forty.
        (
            "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노",
            "가나다라마바사아자차X타파하거너더러머버서어저처커터퍼허고노",
            "가나다라마바사아자차[-카-]{+X+}타파하거너더러머버서어저처커터퍼허고노",
        ),
        # Chinese has no spaces.
        (
            "公司第二季度营业利润为14万亿韩元",
            "公司第二季度营业利润为15万亿韩元",
            "公司第二季度营业利润为[-14-]{+15+}万亿韩元",
        ),
        (
            "三星电子公布初步业绩，同比增长11.4%。",
            "三星电子公布业绩，同比增长12.4%。",
            "三星电子公布[-初步-]业绩，同比增长[-11.4%-]{+12.4%+}。",
        ),
        # A word that two rewritten stretches have in common by chance is part of the rewriting.
        (
            "정부는 부동산 대책을 발표하고 이 내년부터 시행한다고 설명했다 끝",
            "정부는 금융권과 협의를 마쳤으며 이 후속조치는 없다고 강조했다 끝",
            "정부는 [-부동산 대책을 발표하고 이 내년부터 시행한다고 설명했다-]{+금융권과 협의를 마쳤으며 이 후속조치는 없다고 강조했다+} 끝",
        ),
    ],
)
def test_what_changed_is_marked_by_words(old: str, new: str, shown: str) -> None:
    assert of("images", [{"url": "u", "caption": old}], [{"url": "u", "caption": new}]) == [
        "    u",
        f"      caption: {shown}",
    ]


def test_long_stretches_between_changes_are_shortened() -> None:
    words = " ".join(f"낱말{number}" for number in range(100, 200))
    (line,) = of_body([f"{words} 하나 {words}"], [f"{words} 둘 {words}"])
    assert (
        line
        == "    낱말100 낱말101 낱말102 … 낱말195 낱말196 낱말197 낱말198 낱말199 [-하나-]{+둘+} 낱말100 낱말101 낱말102 낱말103 …"
    )
    spaceless = "首尔七月七日电公司公布的数据显示" * 9
    (line,) = of_body([f"{spaceless}，一{spaceless}"], [f"{spaceless}，二{spaceless}"])
    assert "[-一-]{+二+}" in line
    assert len(line) < 120


def test_paragraphs_added_and_removed_are_shown_whole_and_in_their_places() -> None:
    added = "DS부문장 사장은 사내 게시판에 임직원에게 감사의 뜻을 전했다."
    assert of_body(ARTICLE, [*ARTICLE[:2], added, *ARTICLE[2:-1]]) == [
        "    … 2 paragraphs …",
        f"  + {added}",
        "    … 3 paragraphs …",
        f"  - {LAST}",
    ]


def test_a_paragraph_that_moved_is_named_not_repeated() -> None:
    assert of_body(ARTICLE, [FIRST, THIRD, SECOND, HEAD, SHARE, LAST]) == [
        "    … 1 paragraph …",
        f"  > (moved up) {THIRD}",
        "    … 4 paragraphs …",
    ]
    long = THIRD + " 서버 수요도 견조했다는 것이 업계의 설명이다." * 3
    assert of_body([long, FIRST, SHARE], [FIRST, SHARE, long]) == [
        "    … 2 paragraphs …",
        "  > (moved down) 업계에서는 반도체 부문이 실적을 이끌었다고 보고 있다. 메모리 가격 하락폭이 …",
    ]


def test_a_paragraph_that_moved_and_changed_shows_both() -> None:
    assert of_body(ARTICLE, [FIRST, SHARE.replace("1.2%", "1.3%"), *ARTICLE[1:4], LAST]) == [
        "    … 1 paragraph …",
        "  > (moved up) 삼성전자 주가는 이날 전 거래일 대비 [-1.2%-]{+1.3%+} 오른 5만7100원에 거래를 마쳤다.",
        "    … 4 paragraphs …",
    ]


def test_a_paragraph_that_was_rewritten_is_shown_old_and_new() -> None:
    new = "증권사들은 하반기 수요 둔화를 걱정하며 목표주가를 잇달아 낮추고 있다."
    assert of_body([FIRST, THIRD, LAST], [FIRST, new, LAST]) == [
        "    … 1 paragraph …",
        f"  - {THIRD}",
        f"  + {new}",
        "    … 1 paragraph …",
    ]


def test_paragraphs_of_one_form_are_compared_each_with_its_own() -> None:
    districts = [
        f"{name}구 아파트 매매가격은 지난주보다 0.{at % 10}1% 올랐다."
        for at, name in enumerate("가나다라마바사아자차카타파하" * 3)
    ]
    shown = of_body(districts, [text.replace("1%", "2%") for text in districts])
    assert len(shown) == len(districts)
    assert all(re.search(r"^    .구 아파트 .*\[-0\.\d1%-\]\{\+0\.\d2%\+\} 올랐다\.$", line) for line in shown)


@pytest.mark.parametrize(
    "new",
    [
        [f"{FIRST} {SECOND}", *ARTICLE[2:]],  # two joined
        [*FIRST.replace(". ", ".\n\n").split("\n\n"), *ARTICLE[1:]],  # one divided
        [FIRST.replace(" ", "\n"), *ARTICLE[1:]],
        [FIRST.replace("같은 기간", "같은기간").replace("전년 동기", "전년동기"), *ARTICLE[1:]],  # 띄어쓰기
        ["", FIRST, " \t ", *ARTICLE[1:], ""],
    ],
)
def test_white_space_alone_is_no_difference(new: list[str]) -> None:
    assert of_body(ARTICLE, new) == []
    assert of_body(new, ARTICLE) == []


def test_white_space_does_not_hide_a_difference_beside_it() -> None:
    assert of_body(ARTICLE, [f"{FIRST.replace('7일', '8일')} {SECOND}", *ARTICLE[2:]]) == [
        "    삼성전자가 올해 2분기 영업이익 14조1000억원을 기록했다고 [-7일-]{+8일+} 공시했다. 이는 전년 동기 대비 10% 증가한 …",
        "    … 4 paragraphs …",
    ]


def test_a_body_that_came_or_went_is_shown_whole() -> None:
    assert of("body", None, f"{FIRST}\n\n{LAST}") == [f"  + {FIRST}", f"  + {LAST}"]
    assert of("body", f"{FIRST}\n\n{LAST}", None) == [f"  - {FIRST}", f"  - {LAST}"]
    assert of("body", None, None) == []


# ---- Title, deck, values -----------------------------------------------------------------------------------------------


def test_a_title_is_shown_old_and_new() -> None:
    assert of("title", "[속보] 영업익 14조", "영업익 14조…11%↑") == ["  - [속보] 영업익 14조", "  + 영업익 14조…11%↑"]
    assert of("title", "영업익 14조", "영업익  14 조") == []


def test_of_a_deck_only_the_lines_that_changed_are_shown() -> None:
    assert of("deck", ["매출 77조", "주가는 하락"], ["매출 77조", "영업익 14조", "주가는 하락"]) == ["  + 영업익 14조"]
    assert of("deck", ["매출 77조", "주가는 하락"], ["주가는 하락"]) == ["  - 매출 77조"]
    assert of("deck", ["매출 77조", "주가는 하락"], ["매출 78조", "주가는 하락"]) == ["  - 매출 77조", "  + 매출 78조"]
    assert of("deck", [], ["매출 77조"]) == ["  + 매출 77조"]
    assert of("deck", ["매출 77조"], []) == ["  - 매출 77조"]
    assert of("deck", ["매출 77조", "주가"], ["주가", "매출 77조"]) in (
        ["  > (moved up) 주가"],
        ["  > (moved down) 매출 77조"],
    )


def test_withdrawn_and_back() -> None:
    there, gone = {"status": "published"}, {"status": "withdrawn"}
    assert differences(there, gone, ["status"]) == ["status: published → withdrawn"]
    assert differences(gone, there, ["status"]) == ["status: withdrawn → published"]


def test_times_are_shown_without_what_goes_without_saying() -> None:
    old, new = {"modified_at": None}, {"modified_at": "2022-07-07T09:12:30+09:00"}
    assert differences(old, new, ["modified_at"]) == ["modified_at: (none) → 2022-07-07 09:12:30"]


def test_fields_come_in_the_order_in_which_they_are_named() -> None:
    old: dict[str, Any] = {"title": "가", "body": "나", "status": "published", "deck": ["다"]}
    new: dict[str, Any] = {"title": "가", "body": "라", "status": "withdrawn", "deck": ["마"]}
    lines = differences(old, new, ["title", "body", "status"])
    assert lines == ["body", "  - 나", "  + 라", "status: published → withdrawn"]


def test_a_field_that_this_version_does_not_know_is_still_shown() -> None:
    assert differences({"mood": "good"}, {"mood": "bad"}, ["mood"]) == ["mood: good → bad"]
    assert differences({}, {"mood": ["bad"]}, ["mood"]) == ["mood: (none) → ['bad']"]


# ---- Tables ------------------------------------------------------------------------------------------------------------

TABLE: list[list[str | None]] = [
    ["종목", "종가", "등락률"],
    ["삼성전자", "57,100", "1.2%"],
    ["SK하이닉스", "92,000", "0.5%"],
    ["LG전자", "90,100", None],
]


def changed_table(*changes: tuple[int, int, str | None]) -> list[list[str | None]]:
    table: list[list[str | None]] = [list(row) for row in TABLE]
    for row, column, cell in changes:
        table[row][column] = cell
    return table


def test_cells_are_named_by_row_and_column() -> None:
    assert of("tables", [TABLE], [changed_table((1, 1, "57,200"), (1, 2, "1.3%"), (3, 2, "0.1%"))]) == [
        "    row 2 (삼성전자): 종가 [-57,100-]{+57,200+}; 등락률 [-1.2%-]{+1.3%+}",
        "    row 4 (LG전자): 등락률 {+0.1%+}",
    ]
    assert of("tables", [TABLE], [changed_table((2, 0, "하이닉스"), (0, 2, "등락"))]) == [
        "    row 1 (종목): column 3 [-등락률-]{+등락+}",
        "    row 3: 종목 [-SK하이닉스-]{+하이닉스+}",
    ]


def test_rows_added_removed_and_moved() -> None:
    new = ["네이버", "240,000", "2%"]
    assert of("tables", [TABLE], [[*TABLE[:2], new, *TABLE[2:]]]) == ["  + row 3: 네이버 | 240,000 | 2%"]
    assert of("tables", [TABLE], [TABLE[:-1]]) == ["  - row 4: LG전자 | 90,100 | –"]
    assert of("tables", [TABLE], [[TABLE[0], TABLE[3], TABLE[1], TABLE[2]]]) == [
        "  > row 2 (moved up): LG전자 | 90,100 | –"
    ]


def test_a_column_added_or_removed_is_no_change_of_all_rows() -> None:
    wider = [[row[0], row[1], str(at), row[2]] for at, row in enumerate(TABLE)]
    assert of("tables", [TABLE], [wider]) == ["  + column 3: 0 | 1 | 2 | 3"]
    assert of("tables", [wider], [changed_table((1, 2, "9%"))]) == [
        "  - column 3: 0 | 1 | 2 | 3",
        "    row 2 (삼성전자): 등락률 [-1.2%-]{+9%+}",
    ]


def test_a_table_without_cells_is_one_of_nothing() -> None:
    assert of("tables", [[[None]]], [[[]]]) == []
    assert of("tables", [[["서울"]]], [[[]]]) == ["    row 1: column 1 [-서울-]"]
    assert of("tables", [[]], [[["서울"]]]) == ["  + row 1: 서울"]


def test_tables_added_and_removed_are_numbered() -> None:
    other = [["지역", "기온"], ["서울", "31"]]
    assert of("tables", [TABLE], [TABLE, other]) == [
        "  + table 2, row 1: 지역 | 기온",
        "  + table 2, row 2: 서울 | 31",
    ]
    assert of("tables", [other, TABLE], [changed_table((1, 2, "9%"))]) == [
        "  - table 1, row 1: 지역 | 기온",
        "  - table 1, row 2: 서울 | 31",
        "    table 1, row 2 (삼성전자): 등락률 [-1.2%-]{+9%+}",
    ]
    assert of("tables", [other], []) == ["  - row 1: 지역 | 기온", "  - row 2: 서울 | 31"]


# ---- Images ------------------------------------------------------------------------------------------------------------

BUILDING: dict[str, str | None] = {
    "url": "https://img.newspim.com/a.jpg",
    "caption": "서초사옥 [사진=뉴스핌DB]",
    "credit": "뉴스핌DB",
}
CHART: dict[str, str | None] = {"url": "https://img.newspim.com/b.jpg", "caption": "그래프", "credit": None}
BARE: dict[str, str | None] = {"url": "https://img.newspim.com/c.jpg", "caption": None, "credit": None}


def test_images_added_and_removed() -> None:
    assert of("images", [BUILDING], [BUILDING, CHART, BARE]) == [
        "  + https://img.newspim.com/b.jpg  “그래프”",
        "  + https://img.newspim.com/c.jpg",
    ]
    assert of("images", [BUILDING, CHART], [CHART]) == ["  - https://img.newspim.com/a.jpg  “서초사옥 [사진=뉴스핌DB]”"]
    assert of("images", [{"url": None, "caption": "가", "credit": None}], []) == ["  - (no address)  “가”"]


def test_a_caption_and_a_credit_that_changed_under_one_address() -> None:
    new = BUILDING | {"caption": "서초사옥 전경 [사진=삼성전자]", "credit": "삼성전자"}
    assert of("images", [BUILDING, CHART], [new, CHART]) == [
        "    https://img.newspim.com/a.jpg",
        "      caption: 서초사옥 [-[사진=뉴스핌DB]-]{+전경 [사진=삼성전자]+}",
        "      credit: [-뉴스핌DB-]{+삼성전자+}",
    ]


def test_an_address_that_changed_above_one_caption() -> None:
    assert of("images", [CHART], [CHART | {"url": "https://img.newspim.com/b2.jpg"}]) == [
        "    https://img.newspim.com/b2.jpg  “그래프”",
        "      address: [-https://img.newspim.com/b.jpg-]{+https://img.newspim.com/b2.jpg+}",
    ]


def test_images_that_changed_places() -> None:
    assert of("images", [BUILDING, CHART, BARE], [BARE, BUILDING, CHART]) == [
        "  > (moved up) https://img.newspim.com/c.jpg"
    ]


# ---- The terminal ------------------------------------------------------------------------------------------------------


def test_in_colour_the_marks_stay() -> None:
    old, new = {"body": "가 나 다", "title": "가", "status": "a"}, {"body": "가 라 다", "title": "나", "status": "b"}
    assert differences(old, new, ["title", "body", "status"], COLOURED) == [
        "title",
        "  \x1b[31m- 가\x1b[0m",
        "  \x1b[32m+ 나\x1b[0m",
        "body",
        "    가 \x1b[31m[-나-]\x1b[0m\x1b[32m{+라+}\x1b[0m 다",
        "status: \x1b[31ma\x1b[0m → \x1b[32mb\x1b[0m",
    ]


EVIL = "\x1b]0;gotcha\x07\x9b31m\u202e\x08\r\x00\u2028"


def test_no_text_of_a_page_sends_control_sequences() -> None:
    def evil(text: str) -> dict[str, Any]:
        said = f"{EVIL}{text}{EVIL}"
        image = {"url": said, "caption": said, "credit": said}
        both = {"url": "u", "caption": said, "credit": said}
        return {
            "title": said,
            "deck": [said],
            "body": f"{said}\n\n같은 말",
            "tables": [[[said, "이름"], ["둘", said]]],
            "images": [image, both],
            "status": said,
            f"new{EVIL}": said,
        }

    lines = differences(evil("하나"), evil("둘"), list(evil("")))
    assert len(lines) > 12
    assert all(line.isprintable() for line in lines), lines


# ---- Properties --------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["삼성전자는", "삼성전자가", "10%", "12%", "올랐다.", "12.5%로", "국제유가", "the", "market", "尹", "经济", "◆"]
)
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), max_size=8)
TEXTS = st.none() | st.text(max_size=40) | PARAGRAPHS.map("\n\n".join)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS,
        "deck": st.lists(st.text(max_size=20), max_size=4),
        "modified_at": TEXTS,
        "body": TEXTS,
        "tables": st.lists(st.lists(st.lists(TEXTS, max_size=4), max_size=4), max_size=3),
        "images": st.lists(st.fixed_dictionaries({"url": TEXTS, "caption": TEXTS, "credit": TEXTS}), max_size=4),
        "status": st.sampled_from(["published", "withdrawn"]),
    },
)
NAMES = ["title", "deck", "modified_at", "body", "tables", "images", "status"]


@given(RECORDS, RECORDS)
def test_any_two_records_give_lines_that_can_be_printed(old: dict[str, Any], new: dict[str, Any]) -> None:
    for line in differences(old, new, NAMES):
        assert line.strip()
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", line)


@given(RECORDS)
def test_equal_records_give_no_lines(one: dict[str, Any]) -> None:
    assert differences(one, one, NAMES) == []


@given(RECORDS, RECORDS)
def test_colours_change_nothing_else(old: dict[str, Any], new: dict[str, Any]) -> None:
    coloured = [re.sub(r"\x1b\[\d+m", "", line) for line in differences(old, new, NAMES, COLOURED)]
    assert coloured == differences(old, new, NAMES, PLAIN)


def said(lines: list[str], left_out: str, marks: str) -> str:
    """The old or the new side of lines: what the other side has is left out, the own marks too."""
    return re.sub(marks, "", " ".join(re.sub(left_out, "", line) for line in lines))


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_word_that_was_added_or_removed_is_shown(old: list[str], new: list[str]) -> None:
    lines = of_body(old, new)
    before, after = Counter(" ".join(old).split()), Counter(" ".join(new).split())
    added = said([line for line in lines if not line.startswith("  - ")], r"\[-.*?-\]", r"\{\+|\+\}")
    removed = said([line for line in lines if not line.startswith("  + ")], r"\{\+.*?\+\}", r"\[-|-\]")
    for more, less, shown in ((after, before, added), (before, after, removed)):
        for word in more.keys() - less.keys():
            assert word in shown


@given(PARAGRAPHS, PARAGRAPHS)
def test_a_body_with_other_words_is_never_shown_as_the_same(old: list[str], new: list[str]) -> None:
    assert bool(of_body(old, new)) == ("".join(old).replace(" ", "") != "".join(new).replace(" ", ""))


@given(st.text(max_size=60))
def test_the_pieces_of_a_word_are_the_whole_word(text: str) -> None:
    word = "".join(text.split()) or "가"
    assert "".join(words._PIECE.findall(word)) == word
    assert "".join(unit.strip() for unit in words._units(text)) == "".join(text.split())


@given(st.lists(st.sampled_from("가나다라")), st.lists(st.sampled_from("가나다라")))
def test_what_is_aligned_is_the_same_and_in_order(old: list[str], new: list[str]) -> None:
    pairs = alignment.aligned(old, new)
    assert all(old[one] == new[other] for one, other in pairs)
    assert all(one < after and other < there for (one, other), (after, there) in pairwise(pairs))


# ---- Size --------------------------------------------------------------------------------------------------------------

DICE = random.Random(1)
VOCABULARY = ["".join(DICE.choices("가나다라마바사아자차카타파하", k=DICE.randint(1, 5))) for _ in range(3000)]


def some(words: int) -> str:
    return " ".join(DICE.choices(VOCABULARY, k=words))


def edited(text: str) -> str:
    return " ".join(word if DICE.random() > 0.05 else DICE.choice(VOCABULARY) for word in text.split())


LONG = some(25_000)
MANY = [some(100) for _ in range(200)]
HAN = "".join(chr(0x4E00 + min(int(DICE.expovariate(1 / 300)), 20_000)) for _ in range(33_000))
WORST = {
    "one paragraph, edited": (LONG, edited(LONG)),
    "one paragraph, another": (LONG, some(25_000)),
    "two words over and over": tuple(" ".join(DICE.choices("가나", k=50_000)) for _ in range(2)),
    "two ideographs over and over": tuple("".join(DICE.choices("中国", k=33_000)) for _ in range(2)),
    "ideographs backwards": (HAN, HAN[::-1]),
    "a rhythm shifted": ("가나다라 " * 20_000, "나가라다 " * 20_000),
    "paragraphs, edited and shuffled": ("\n\n".join(MANY), "\n\n".join(map(edited, DICE.sample(MANY, 200)))),
    "paragraphs, others": ("\n\n".join(MANY), "\n\n".join(some(100) for _ in range(200))),
    "ten thousand paragraphs of a few forms": tuple("\n\n".join(DICE.choices("가나다", k=10_000)) for _ in range(2)),
    "no paragraphs any more": ("\n\n".join(MANY), " ".join(MANY)),
    "only white space": (" " * 100_000 + "가", "가" + "\n\n" * 50_000),
}


@pytest.mark.parametrize("name", WORST)
def test_difflib_is_asked_only_about_short_stretches(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is on what is compared, so that a slow machine fails no test; each of these takes less than half a second."""
    old, new = WORST[name]
    asked: list[int] = []
    matcher = difflib.SequenceMatcher[str]

    def counted(junk: None, one: list[str], other: list[str], *, autojunk: bool) -> Any:
        asked.append(len(one) * len(other))
        return matcher(junk, one, other, autojunk=autojunk)

    monkeypatch.setattr(difflib, "SequenceMatcher", counted)
    differences({"body": old}, {"body": new}, ["body"])
    assert max(asked, default=0) <= alignment._SMALL
    assert sum(asked) <= 100 * (len(old) + len(new))
