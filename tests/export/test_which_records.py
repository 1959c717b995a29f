"""Which records an export has: each revision once, in the order of the feeds, and only what is asked for."""

from __future__ import annotations

import gzip
import re
from array import array
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.export import ExportError, Feed
from newscrawl.export.once import UNREADABLE, key, taken
from newscrawl.record import line

from .records import NOW, article, feed, numbers, wish, write, written


def test_lines_are_copied_byte_for_byte_in_the_order_of_the_feeds(tmp_path: Path) -> None:
    feeds = [feed(tmp_path / "b.jsonl", article(2), article(1)), feed(tmp_path / "a.jsonl", article(3))]
    told = write("jsonl", tmp_path / "out", feeds)
    assert (tmp_path / "out").read_bytes() == b"".join(one.path.read_bytes() for one in feeds)
    assert (told.records, told.lines, told.notes, told.troubles) == (3, 3, [], [])


def test_a_line_that_stands_twice_is_taken_once(tmp_path: Path) -> None:
    feeds = [feed(tmp_path / "a", article(1), article(2)), feed(tmp_path / "restored", article(2), article(1))]
    told = write("jsonl", tmp_path / "out", feeds)
    assert (tmp_path / "out").read_bytes() == feeds[0].path.read_bytes()
    assert told.notes == ["2 lines stand in the feeds more than once: each revision was taken once"]


def test_all_revisions_are_taken(tmp_path: Path) -> None:
    found = written(tmp_path, article(1), article(2), article(1, revision=2))
    assert [(record["id"][-1], record["revision"]) for record in found] == [("1", 1), ("2", 1), ("1", 2)]


def test_of_the_latest_revisions_there_is_one_of_each_article_whatever_their_order(tmp_path: Path) -> None:
    lines = article(1, revision=3), article(2), article(1), article(1, revision=3), article(1, revision=2)
    found = written(tmp_path, *lines, wanted=wish(latest=True))
    assert [(record["id"][-1], record["revision"]) for record in found] == [("1", 3), ("2", 1)]


def test_the_latest_revision_is_that_of_all_and_then_asked_for_or_not(tmp_path: Path) -> None:
    lines = article(1), article(1, revision=2, status="withdrawn"), article(2)
    assert numbers(written(tmp_path, *lines, wanted=wish(latest=True, status="published"))) == [2]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4)), max_size=30))
def test_what_is_taken_is_what_a_dictionary_would_tell(lines: list[tuple[int, int]]) -> None:
    keys = array("q", [UNREADABLE, *(key({"id": f"newspim:{n:014}", "revision": r}) for n, r in lines)])
    firsts = {line: place for place, line in reversed(list(enumerate(lines, 1)))}
    assert {int(place) for place in taken(keys, latest=False).nonzero()[0]} == set(firsts.values())
    highest = {number: max(r for n, r in lines if n == number) for number, _ in lines}
    assert {int(place) for place in taken(keys, latest=True).nonzero()[0]} == {firsts[one] for one in highest.items()}


def test_lines_of_an_older_record_are_taken(tmp_path: Path) -> None:
    old = orjson.loads(line(article(1)))
    for name in ("revision", "status", "changed", "previous_hash", "first_seen_at", "story", "duplicate"):
        del old[name]
    old["schema"] = 1
    found = written(tmp_path, orjson.dumps(old) + b"\n", article(1, revision=2), wanted=wish(status="published"))
    assert [record["schema"] for record in found] == [1, 4]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({"kind": "flash,photo"}, [2, 3]),
        ({"sections": "정치"}, [4]),
        ({"sections": "101,105"}, [1, 2, 3, 4, 5]),
        ({"status": "withdrawn"}, [5]),
        ({"since": "2026-11-20"}, [1, 2, 3, 4, 5]),
        ({"until": "2026-11-19"}, [6]),
        ({"since": "2026-11-18T09:00", "until": "2026-11-18T09:00"}, [6]),
        ({"premium": "skip"}, [1, 2, 3, 4, 5, 7]),
    ],
)
def test_only_what_is_asked_for_is_there(wanted: dict[str, Any], left: list[int], tmp_path: Path) -> None:
    two_days_ago = NOW.replace(hour=9) - timedelta(days=2)
    lines = (
        article(1),
        article(2, kind="flash"),
        article(3, kind="photo"),
        article(4, section="정치"),
        article(5, status="withdrawn"),
        article(6, published_at=two_days_ago, section="중국", access="premium"),
        article(7, published_at=None, section=None),
    )
    assert numbers(written(tmp_path, *lines, wanted=wish(**wanted))) == left


def test_records_without_a_date_are_counted_when_a_time_is_asked_for(tmp_path: Path) -> None:
    feeds = [feed(tmp_path / "feed", article(1), article(2, published_at=None))]
    told = write("jsonl", tmp_path / "out", feeds, wish(since="2026-11-01"))
    assert told.notes == ["1 records without a date were left out: they lie in no time that could be asked for"]


def test_only_the_columns_that_are_asked_for_in_their_order(tmp_path: Path) -> None:
    assert [list(record) for record in written(tmp_path, article(1), wanted=wish(columns="title,id"))] == [
        ["title", "id"]
    ]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"columns": "id,titel"}, "did you mean title?"),
        ({"columns": ""}, "--columns is empty"),
        ({"kind": "artikle"}, "did you mean article?"),
        ({"status": "gone"}, "published, withdrawn"),
        ({"sections": "스포"}, "스포츠 (111)"),
        ({"sections": "105101"}, "ask for 105"),
        ({"since": "yesterday"}, "an age (36h, 7d)"),
        ({"premium": "no"}, "NEWSCRAWL_PREMIUM='no'"),
    ],
)
def test_a_wrong_wish_is_told_with_what_would_be_right(wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^.*{re.escape(message)}.*$"):
        wish(**wanted)


@pytest.mark.parametrize(
    "broken",
    [
        b"{\n",
        b"[]\n",
        b"\n",
        b"\0\0\0\n",
        b'{"id": "x"}\n',
        b'{"id": "newspim:20261120000001", "revision": "2"}\n',
        b'{"id": "newspim:20261120000001", "published_at": "soon"}\n',
        b'{"id": "newspim:20261120000001", "schema": "4"}\n',
    ],
)
def test_a_line_that_is_no_record_is_told_by_its_place_and_costs_no_other(broken: bytes, tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    told = write("jsonl", tmp_path / "out", [feed(path, article(1), broken, article(2))])
    assert (tmp_path / "out").read_bytes() == line(article(1)) + line(article(2))
    assert len(told.troubles) == 1
    assert told.troubles[0].startswith(f"1 lines are no records and were left out: {path}:2 (")


FOREIGN = [
    *({"published_at": text} for text in ("9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+23:00", 5)),
    *({name: ["a"]} for name in ("section", "kind", "status", "access", "schema")),
]


@pytest.mark.parametrize("values", FOREIGN, ids=str)
def test_a_record_of_somebody_else_costs_no_other(values: dict[str, Any], tmp_path: Path) -> None:
    foreign = orjson.dumps(orjson.loads(line(article(2))) | values) + b"\n"
    wanted = wish(sections="증권·금융", kind="article", status="published")
    told = write("jsonl", tmp_path / "out", [feed(tmp_path / "a", article(1), foreign, article(3))], wanted)
    assert (tmp_path / "out").read_bytes() == line(article(1)) + line(article(3))
    assert len(told.troubles) == 1


@pytest.mark.parametrize("form", ["csv", "sqlite"])
def test_a_value_that_a_format_cannot_hold_costs_no_other(form: str, tmp_path: Path) -> None:
    deep = line(article(2)).replace(b'"tables":[', b'"tables":[' + b"[" * 600 + b"]" * 600 + b",", 1)
    told = write(form, tmp_path / "out", [feed(tmp_path / "a", article(1), deep, article(3))])
    assert told.records == 2
    assert "newspim:20261120000002" in told.troubles[0]


def test_a_feed_that_changes_while_it_is_read_ends_the_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = feed(tmp_path / "a", article(1), article(2)), feed(tmp_path / "b", article(3))

    def shortened(keys: Any, *, latest: bool) -> Any:
        first.path.write_bytes(line(article(1)))
        return taken(keys, latest=latest)

    monkeypatch.setattr("newscrawl.export.flow.taken", shortened)
    with pytest.raises(ExportError, match="changed while it was read"):
        write("jsonl", tmp_path / "out", [first, second])


def test_of_a_feed_that_is_being_written_half_a_line_is_no_trouble(tmp_path: Path) -> None:
    growing = feed(tmp_path / "a", article(1), b'{"id":"newsp')
    for grows, troubles in ((False, 1), (True, 0)):
        told = write("jsonl", tmp_path / f"out{troubles}", [Feed(growing.path, growing.size, grows)])
        assert (told.records, len(told.troubles)) == (1, troubles)


def test_the_end_of_a_feed_that_grows_is_left_for_the_next_export(tmp_path: Path) -> None:
    whole = line(article(1))
    path = tmp_path / "feed.jsonl"
    path.write_bytes(whole + line(article(2)) + line(article(3)))
    told = write("jsonl", tmp_path / "out", [Feed(path, len(whole) + 10)])
    assert (tmp_path / "out").read_bytes() == whole
    assert told.troubles == [f"{path} ends in the middle of a line, which is left out"]


def test_records_of_a_newer_version_are_told(tmp_path: Path) -> None:
    newer = orjson.dumps(orjson.loads(line(article(1))) | {"schema": 99, "mood": "gut"}) + b"\n"
    told = write("jsonl", tmp_path / "out", [feed(tmp_path / "feed", newer)])
    assert (tmp_path / "out").read_bytes() == newer
    assert told.notes[0].startswith("1 records are of a newer newscrawl")


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_feed_may_be_compressed_and_its_members_may_be_many(ending: str, tmp_path: Path) -> None:
    pack = gzip.compress if ending == ".gz" else zstandard.ZstdCompressor().compress
    path = tmp_path / f"feed.jsonl{ending}"
    path.write_bytes(pack(line(article(1))) + pack(line(article(2))))
    write("jsonl", tmp_path / "out", [Feed(path, path.stat().st_size)])
    assert (tmp_path / "out").read_bytes() == line(article(1)) + line(article(2))


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_of_a_compressed_feed_that_is_cut_off_the_whole_lines_are_taken(ending: str, tmp_path: Path) -> None:
    pack = gzip.compress if ending == ".gz" else zstandard.ZstdCompressor().compress
    path = tmp_path / f"feed.jsonl{ending}"
    path.write_bytes(pack(line(article(1))) + pack(line(article(2)))[:-200])
    told = write("jsonl", tmp_path / "out", [Feed(path, path.stat().st_size)])
    assert (tmp_path / "out").read_bytes() == line(article(1))
    assert len(told.troubles) == 1
