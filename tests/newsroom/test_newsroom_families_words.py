"""The words of families: every wording and every frame can be told, and the same can be said otherwise."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from newscrawl.newsroom.dice import FAMILY, dice
from newscrawl.newsroom.families import paraphrase
from newscrawl.newsroom.families.frames import FRAMES, Frame
from newscrawl.newsroom.families.happenings import HAPPENINGS, Happening
from newscrawl.newsroom.families.pieces import marks_of
from newscrawl.newsroom.families.series import tell_series
from newscrawl.newsroom.families.slots import calendar, draw, fill, say, settle, value
from newscrawl.newsroom.families.teller import Teller
from newscrawl.newsroom.stories import KST, SECTIONS, Story

NOW = datetime(2026, 11, 20, 13, 5, tzinfo=KST)
NOTATION = re.compile(r"[{}|<>]")


def story(number: int) -> Story:
    """A place of a plan."""
    return Story(number, f"202611200000{number:02d}", NOW, None, "105", None, "2026", "article", "list")


@pytest.mark.parametrize("happening", HAPPENINGS, ids=lambda one: one.name)
def test_every_wording_of_a_happening_can_be_told(happening: Happening) -> None:
    for seed in range(20):
        teller = Teller(dice(seed, FAMILY), happening.name, happening.sections[0], NOW)
        for number in teller.facts:
            for wording in happening.facts[number]:
                said = teller.of(number, wording)
                assert not NOTATION.search(said.text)
                assert said.text.endswith(".")
                assert teller.again(said).text != said.text
        for title in happening.titles:
            shown = fill(settle(teller.die, title), teller.values)
            assert not NOTATION.search(shown)
            assert marks_of(shown) == ()
    assert set(happening.sections) <= set(SECTIONS)
    assert set(happening.grows) <= set(happening.values)


@pytest.mark.parametrize("frame", FRAMES, ids=lambda one: one.name)
def test_every_frame_can_be_filled(frame: Frame) -> None:
    for seed in range(20):
        pieces = tell_series(dice(seed, FAMILY), frame.name, [story(number) for number in range(3)])
        assert len({" ".join(piece.body) for piece in pieces}) == 3
        for piece in pieces:
            assert not any(NOTATION.search(shown) for shown in (piece.title, *piece.body))
    assert frame.section in SECTIONS


def test_names_of_happenings_and_frames_are_their_own() -> None:
    names = [one.name for one in (*HAPPENINGS, *FRAMES)]
    assert len(names) == len(set(names))


def test_a_figure_that_grows_is_larger_wherever_it_stands() -> None:
    teller = Teller(dice(1, FAMILY), "fire", "102", NOW)
    before = {name: int(teller.values[name]) for name in ("사망", "부상", "대피")}
    lead = teller.of(0, "{사망} {부상} {대피}")
    assert teller.grow([])
    after = dict(zip(before, map(int, teller.told_anew(lead).text.split()), strict=True))
    assert sum(after[name] > before[name] for name in before) == 1
    assert all(after[name] >= before[name] for name in before)


def test_other_words_leave_quotes_and_figures_alone() -> None:
    line = '김가나 장관은 "전날 공개했다고 밝혔다. 함께 가겠다"고 말했다.'
    for seed in range(200):
        other = paraphrase.otherwise(dice(seed, FAMILY), line)
        assert other != line
        assert '"전날 공개했다고 밝혔다. 함께 가겠다"' in other
    line = "이에 따라 한빛전자(123450)는 지난달 1,234억원을 단계적으로 줄였다."
    others = {paraphrase.otherwise(dice(seed, FAMILY), line) for seed in range(50)}
    assert len(others) > 10
    assert all("(123450)" in other and "1,234억원" in other for other in others)


def test_two_sentences_are_one_only_after_a_plain_past() -> None:
    assert paraphrase.merged("그는 그렇다고 밝혔다.", "한편 비가 왔다.") == "그는 그렇다고 밝혔고 비가 왔다."
    assert paraphrase.merged("내년에 낼 예정이다.", "비가 왔다.") is None


def test_values_are_drawn_as_they_are_declared() -> None:
    die = dice(3, FAMILY)
    for _ in range(200):
        assert 3 <= int(value(die, "3-40")) <= 40
        assert re.fullmatch(r"\d\.\d{2}", value(die, "1.02-9.90"))
        assert 1120 <= int(value(die, "1120-98000,").replace(",", "")) <= 98_000
        drawn = draw(die, {"오른,상승": "오른,상승|내린,하락", "집,코드": "@종목"})
        assert (drawn["오른"], drawn["상승"]) in (("오른", "상승"), ("내린", "하락"))
        assert re.fullmatch(r"\d{5}0", drawn["코드"])
    with pytest.raises(KeyError):
        value(die, "@나무")


def test_particles_follow_the_value_before_them() -> None:
    die = dice(1, FAMILY)
    assert (
        say(die, "{집}{은} {값}{으로} <올랐다|올랐다>.", {"집": "물류창고", "값": "하락"})
        == "물류창고는 하락으로 올랐다."
    )
    assert calendar(NOW) == {"날": "20일", "달력": "11월 20일", "때": "오후 1시 5분"}
