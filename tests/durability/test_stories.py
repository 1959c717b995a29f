"""What articles have to do with each other, in the state: across runs, with several runs at once, and after a crash at any step."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from newscrawl.duplicates import moment, text
from newscrawl.state import Entry, Journal, StateError
from newscrawl.state.schema import bands, stories
from tests import states

from .crashes import Crash, Death, bury, dying, lines, listen

pytestmark = pytest.mark.usefixtures("engine")


NEVER = 10**9
DAY = "2026-11-20T"
SENTENCES = [
    "가온시 물관리공사는 20일 새 정수장을 2028년까지 짓기로 했다.",
    "사업비 1250억원은 시와 공사가 절반씩 낸다.",
    "새 정수장은 하루 12만t의 물을 거르며 낡은 두 곳을 대신한다.",
    "지난해에만 누수 신고가 310건 들어왔고 주민들은 오래 기다린 일이라며 반겼다.",
    "시는 등하교 시간에 학교 앞으로 공사 차량이 다니지 못하게 막기로 했다.",
    "시의회는 다음 달 열리는 정례회에서 관련 예산안을 심의할 예정이다.",
]
# A flash, its steps, and what has to do with none of them.
BODIES = [
    SENTENCES[:1],
    SENTENCES[:3],
    SENTENCES[:5],
    SENTENCES,
    ["늘봄군 체육회가 여는 주말 걷기 모임에 사람이 몰리고 있다."] * 3,
]
TITLES = ["[속보] 새 정수장", "[1보] 새 정수장", "새 정수장(종합)", "새 정수장(종합2보)", "걷기 모임"]
NUMBERS = [20261120000001 + place for place in range(len(BODIES))]


def record(place: int) -> dict[str, Any]:
    title = TITLES[place]
    marks = ["속보", "1보", "종합", "종합2보"][place : place + 1]
    return {
        "id": f"newspim:{NUMBERS[place]}",
        "title": title,
        "marks": marks,
        "body": " ".join(BODIES[place]),
        "tables": [],
        "images": [],
        "tickers": [],
        "published_at": f"{DAY}09:{place:02}:00+09:00",
    }


def entry(journal: Journal, place: int) -> Entry:
    """An article as the pipelines hand it on."""
    found = record(place)
    line = json.dumps(found, ensure_ascii=False).encode() + b"\n"
    hash_ = hashlib.sha256(line).digest()[:16]
    considered = journal.consider(text(found, NUMBERS[place], moment(found, NUMBERS[place])), hash_)
    return Entry(NUMBERS[place], hash_, line, considered=considered)


def opened(folder: Path, name: str = "feed") -> Journal:
    journal = Journal(states.database(folder), folder / f"{name}.jsonl")
    journal.begin("example", "{}", None)
    return journal


def shelf(folder: Path) -> tuple[list[tuple[Any, ...]], int]:
    """Where every article stands, and how many bands there are."""
    database = states.database(folder)
    columns = (stories.c.number, stories.c.story, stories.c.of, stories.c.kind, stories.c.similarity)
    with database.reading() as connection:
        found = [tuple(row) for row in connection.execute(select(*columns).order_by(stories.c.number))]
        count = len(connection.execute(select(bands.c.band)).all())
    database.close()
    return found, count


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[Any, ...]], int]:
    """What it comes to when all is read in order by one run."""
    folder = tmp_path_factory.mktemp("right")
    journal = opened(folder)
    for place in range(len(BODIES)):
        journal.write(entry(journal, place))
    journal.commit()
    journal.end("finished", {})
    found = shelf(folder)
    assert [(story, kind) for _, story, _, kind, _ in found[0]] == [
        (NUMBERS[0], None),
        (NUMBERS[0], "update"),
        (NUMBERS[0], "update"),
        (NUMBERS[0], "update"),
        (NUMBERS[4], None),
    ]
    return found


@pytest.mark.parametrize("together", [1, 2, 5], ids=["a run each", "two in a run", "one run"])
def test_runs_in_any_order_come_to_the_same(quick_path: Path, right: Any, together: int) -> None:
    for number, order in enumerate(itertools.permutations(range(len(BODIES)))):
        if number % (24 if states.is_shared() else 8) > 1:  # thirty of the hundred and twenty, or ten
            continue
        folder = quick_path / str(number)
        folder.mkdir()
        for part in parts(order, together):
            journal = opened(folder)
            for place in part:
                journal.write(entry(journal, place))
            journal.commit()
            journal.end("finished", {})
        assert shelf(folder) == right, order


def parts(order: Sequence[int], size: int) -> list[Sequence[int]]:
    return [order[start : start + size] for start in range(0, len(order), size)]


@pytest.mark.parametrize("first", [(0, 2), (2, 0), (3, 1)])
def test_two_runs_that_read_at_once_come_to_the_same(tmp_path: Path, right: Any, first: tuple[int, int]) -> None:
    """Both have found out what their articles have to do with others before either has committed."""
    one, two = opened(tmp_path, "one"), opened(tmp_path, "two")
    for journal, place in zip((one, two), first, strict=True):
        journal.write(entry(journal, place))
    one.commit()
    two.commit()
    for place in range(len(BODIES)):
        if place not in first:
            one.write(entry(one, place))
    one.commit()
    assert shelf(tmp_path) == right
    for journal in (one, two):
        journal.end("finished", {})


def test_the_same_article_of_two_runs_stands_there_once(tmp_path: Path) -> None:
    one, two = opened(tmp_path, "one"), opened(tmp_path, "two")
    for journal in (one, two):
        journal.write(entry(journal, 0))
        journal.write(entry(journal, 1))
    assert [done.exported for done in (one.commit(), two.commit())] == [2, 0]
    assert [row[:2] for row in shelf(tmp_path)[0]] == [(NUMBERS[0], NUMBERS[0]), (NUMBERS[1], NUMBERS[0])]
    for journal in (one, two):
        journal.abandon()


def test_a_text_of_two_letters_harms_none_that_come_after_it(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    found = record(0) | {"body": "끝.", "title": "[속보]"}
    line = json.dumps(found).encode() + b"\n"
    tiny = journal.consider(text(found, NUMBERS[0], moment(found, NUMBERS[0])), b"t" * 16)
    assert not len(tiny.handles.sketch)
    journal.write(Entry(NUMBERS[0], b"t" * 16, line, considered=tiny))
    journal.commit()
    journal.write(entry(journal, 2))
    journal.commit()
    assert [row[:2] for row in shelf(tmp_path)[0]] == [(NUMBERS[0], NUMBERS[0]), (NUMBERS[2], NUMBERS[2])]
    journal.abandon()


def test_what_an_earlier_article_changes_is_known_until_it_is_said(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.write(entry(journal, 1))
    journal.commit()
    assert journal.unsaid(10) == []
    journal.write(entry(journal, 0))
    journal.commit()
    assert journal.unsaid(10) == [NUMBERS[1]]
    known = journal.placed(NUMBERS[1])
    journal.write(Entry(NUMBERS[1], b"h" * 16, b"{}\n", 2, ("story", "duplicate"), said=known, restates=True))
    assert journal.unsaid(10) == []  # it is about to be said
    journal.commit()
    assert journal.unsaid(10) == []
    journal.end("finished", {})


@pytest.mark.parametrize("how", ["a further revision", "nothing to say"])
def test_what_another_run_moved_meanwhile_is_still_to_be_said(tmp_path: Path, how: str) -> None:
    one, two = opened(tmp_path, "one"), opened(tmp_path, "two")
    one.write(entry(one, 2))
    one.commit()
    known = two.placed(NUMBERS[2])
    assert known is not None
    one.write(entry(one, 0))
    one.commit()
    if how == "nothing to say":
        two.say(known)
    else:
        two.write(Entry(NUMBERS[2], b"h" * 16, b"{}\n", 2, ("body",), said=known))
    two.commit()
    assert one.unsaid(10) == [NUMBERS[2]]
    for journal in (one, two):
        journal.abandon()


def test_an_error_while_placing_again_forgets_no_article(
    tmp_path: Path, right: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = opened(tmp_path, "one"), opened(tmp_path, "two")
    one.write(entry(one, 0))
    for place in (1, 2, 3):
        two.write(entry(two, place))
    one.commit()
    reads = iter([False, True])

    def failing(*given: Any) -> Any:
        if next(reads, False):
            raise StateError("the disk is gone")
        return placing(*given)

    placing = two._stories._place
    monkeypatch.setattr(two._stories, "_place", failing)
    with pytest.raises(StateError):
        two.commit()
    two.commit()
    two.write(entry(two, 4))
    two.commit()
    assert shelf(tmp_path) == right
    for journal in (one, two):
        journal.abandon()


def test_a_run_that_dies_at_any_step_leaves_it_to_the_next(
    quick_path: Path, right: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crawl(folder: Path, death: Death) -> None:
        database = states.database(folder)
        listen(database, death)
        journal = Journal(database, folder / "feed.jsonl")
        try:
            journal.begin("example", "{}", None)
            for place in (2, 0, 3, 4, 1):
                if not journal.has(NUMBERS[place]):
                    journal.write(entry(journal, place))
                    journal.commit()
            journal.end("finished", {})
        except Crash:
            bury(journal)
            raise

    counted, count = quick_path / "counted", Death(NEVER)
    counted.mkdir()
    with dying(count, monkeypatch):
        crawl(counted, count)
    assert count.step > 60
    for at in states.some(range(1, count.step + 1), 7):
        folder, death = quick_path / f"at-{at}", Death(at)
        folder.mkdir()
        with pytest.raises(Crash), dying(death, monkeypatch):
            crawl(folder, death)
        crawl(folder, Death(NEVER))
        assert shelf(folder) == right, death.where
        assert len(lines(folder)) == len(BODIES), death.where
