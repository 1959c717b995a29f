"""An article in every kind of place, removed from all of them, and nothing else with it."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from newscrawl.forgetting.files import ENDING
from newscrawl.forgetting.flow import plan
from newscrawl.forgetting.sought import Sought
from newscrawl.record import line
from newscrawl.state import StateError, forgotten
from newscrawl.state.alive import RunLock
from newscrawl.state.frontier import Task
from newscrawl.state.journal import Journal
from newscrawl.state.payloads import Payload, keep, payload
from newscrawl.state.reports import figures_of
from newscrawl.state.reports import keep as keep_report
from newscrawl.state.runs import rewriting_lock
from newscrawl.state.schema import stories
from tests import states
from tests.export.records import article

from . import warc
from .folder import FORMS, GONE, SITE, Folder, about, entry, left, number, run

pytestmark = pytest.mark.usefixtures("engine")

REVISIONS = (about(GONE), about(GONE, 2))
OTHERS = [line(about(place)) for place in (1, 2, 3, 4)]


def test_the_search_of_these_tests_finds_the_article_in_every_kind_of_file(full: Folder) -> None:
    names = {found.split(":")[0] for found in left(full, *REVISIONS)}
    plain = {"a.jsonl", "b.jsonl", "old.jsonl.gz", "old.jsonl.zst", "run.json", "one.warc.gz", f"{number(GONE)}.html"}
    assert names >= plain | {"e.csv", "e.sqlite", "e.jsonl.zst", "part-0.parquet"}


def test_no_byte_of_it_is_left_and_the_command_has_looked_for_itself(folder: Folder) -> None:
    report = folder.forget(GONE)
    assert left(folder, *REVISIONS) == []
    assert report.troubles == []
    assert report.searched is not None
    assert report.searched.files > 10


def test_other_lines_stay_byte_for_byte(folder: Folder) -> None:
    folder.forget(GONE)
    assert folder.lines() == OTHERS
    for name, unpack in (("old.jsonl.gz", warc.gunzipped), ("old.jsonl.zst", warc.unzstandarded)):
        assert unpack((folder.path / name).read_bytes()) == line(about(5)) + line(about(6))


def test_it_says_what_it_touched(folder: Folder) -> None:
    touched = {one.place: (one.records, one.files, one.of) for one in folder.forget(GONE).touched}
    assert touched["feeds"] == (4, 4, 5)
    assert touched["exports"] == (2 * len(FORMS), len(FORMS), len(FORMS))
    assert touched["pages"] == (1, 1, 1)
    assert touched["reports"] == (1, 1, 1)
    assert touched["archive"][1:] == (1, 1)


def test_a_dry_run_says_the_same_and_touches_nothing(folder: Folder) -> None:
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file() and "state" not in path.name}
    database = folder.database
    report = plan(folder.path, database, SITE, [number(GONE)], "2026-11-23")
    database.close()
    assert {path: path.read_bytes() for path in before} == before
    told = {one.place: (one.records, one.files) for one in report.touched}
    done = {one.place: (one.records, one.files) for one in folder.forget(GONE).touched}
    assert {place: counts for place, counts in told.items() if place != "state"} == {
        place: counts for place, counts in done.items() if place != "state"
    }


def test_it_is_seen_for_ever_and_asked_for_by_nobody(folder: Folder) -> None:
    folder.forget(GONE)
    journal = run(folder.path, "later.jsonl", ends=False)
    journal.add(Task(str(number(GONE)), "https://example.org/", "{}", stat="found/argument"))
    assert journal.commit(5).leased == []
    assert journal.forgotten([number(GONE), number(1)]).keys() == {number(GONE)}
    journal.write(entry(about(GONE)))
    assert journal.commit().exported == 0
    journal.end("finished", {})


def test_the_state_fits_the_feeds_that_were_written_anew(folder: Folder) -> None:
    """The next run completes the feeds of earlier ones: it finds nothing to do, and exports find nothing missing."""
    folder.forget(GONE)
    run(folder.path, "later.jsonl", about(8))
    assert folder.lines() == [*OTHERS, line(about(8))]
    report = folder.forget(GONE)
    assert [note for one in report.touched for note in one.notes if "lacks" in note or "gone" in note] == []


def test_lines_of_a_killed_run_that_are_promised_are_written_before_they_are_removed(folder: Folder) -> None:
    journal = run(folder.path, "killed.jsonl", about(9), about(10), ends=False)
    journal.abandon()  # as a kill does
    path = folder.path / "killed.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    folder.forget(9)
    assert path.read_bytes() == line(about(10))
    run(folder.path, "later.jsonl", about(11))
    assert path.read_bytes() == line(about(10))


def test_a_feed_of_which_nothing_is_left_goes(folder: Folder) -> None:
    report = folder.forget(4)
    assert not (folder.path / "c.jsonl").exists()
    assert report.touched[1].notes == []
    assert folder.forget(4).touched[1].notes == []


def test_where_nothing_is_removed_later_answers_may_point_to_earlier_ones(folder: Folder) -> None:
    database = folder.database
    with database.transaction() as connection:
        keep(database, connection, 1, [("https://example.org/", Payload("id", "sha1:A", "now", "one.warc.gz", 0))], 1)
    database.close()
    folder.forget()
    with database.reading() as connection:
        assert payload(connection, 1, "https://example.org/") is not None
    database.close()


def test_another_article_of_the_same_title_is_another(folder: Folder) -> None:
    """Where an export has neither ids nor addresses."""
    wanted = Sought.of(SITE, [number(GONE)])
    wanted.learn(line(about(GONE)))
    title = about(GONE).title
    assert not wanted.is_of({"title": title, "body": "다른 기사다."})
    assert wanted.is_of({"title": title, "body": None})
    assert wanted.is_of({"body": about(GONE).body})


def test_of_very_many_all_are_kept_away_and_the_words_of_each_are_looked_for(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.path.mkdir(parents=True)
    many = [about(place) for place in range(100, 203)]
    run(folder.path, "a.jsonl", about(1), *many)
    first = folder.forget(*range(100, 203))
    assert (len(first.numbers), first.more) == (100, True)
    database = folder.database
    with database.reading() as connection:
        assert len(forgotten.every(connection, "newspim")) == 103
    database.close()
    rest = folder.forget()
    assert (len(rest.numbers), rest.more) == (3, False)
    assert rest.searched is not None
    assert folder.lines() == [line(about(1))]


def test_an_article_that_was_never_here_is_kept_away_all_the_same(folder: Folder) -> None:
    report = folder.forget(12)
    assert [one.records for one in report.touched[1:]] == [0, 0, 0, 0, 0]
    database = folder.database
    with database.reading() as connection:
        assert forgotten.markers(connection, 1, [number(12)]).keys() == {number(12)}
    database.close()


def test_what_others_say_of_its_story_stays_and_nothing_restates_it(tmp_path: Path) -> None:
    """A run whose duplicates know stories writes the marks; here they are put there by hand."""
    folder = Folder(tmp_path)
    folder.path.mkdir(parents=True)
    run(folder.path, "a.jsonl", about(1), about(2))
    database = folder.database
    with database.transaction() as connection:
        for place in (1, 2):
            values = {
                "site": 1,
                "number": number(place),
                "at": place,
                "short": 0,
                "sketch": bytes(4),
                "story": number(1),
                "said": 1,
            }
            marked = {"of": number(1), "of_at": 0, "kind": "update", "similarity": 0.5, "containment": 1.0}
            connection.execute(stories.insert().values(**values, **(marked if place == 2 else {})))
    database.close()
    report = folder.forget(1)
    assert report.kin == [f"newspim:{number(2)}"]
    journal = run(folder.path, "later.jsonl", ends=False)
    assert journal.unsaid(10) == []
    placed = journal.placed(number(2))
    assert placed is not None
    assert placed.story == number(1)
    journal.end("finished", {})


def test_words_that_another_article_has_too_stay_with_that_one_and_are_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.path.mkdir(parents=True)
    copied = article(
        2,
        title="다른 제목을 단 두 번째 소식",
        body=f"{about(1).body}\n\n덧붙인 문단이다.",
        deck=[],
        ai_summary=[],
        images=[],
    )
    run(folder.path, "a.jsonl", about(1), copied)
    report = folder.forget(1)
    assert report.lenders == [copied.id]
    assert report.troubles == []
    assert folder.lines() == [line(copied)]


def test_a_kept_page_of_another_article_loses_what_it_quotes(folder: Folder) -> None:
    path = folder.path / "unreadable" / f"{number(5)}.html"
    path.write_text(f"<p>{about(GONE).title}</p><p>다른 글이다.</p>", encoding="utf-8")
    folder.forget(GONE)
    assert path.read_text(encoding="utf-8") == "<p></p><p>다른 글이다.</p>"


def test_half_a_line_with_its_words_goes_too(folder: Folder) -> None:
    with (folder.path / "old.jsonl").open("wb") as file:
        file.write(line(about(5)) + line(about(GONE))[:-40])
    folder.forget(GONE)
    assert (folder.path / "old.jsonl").read_bytes() == line(about(5))


def test_a_compressed_feed_that_a_kill_cut_off_keeps_its_other_lines(folder: Folder) -> None:
    path = folder.path / "old.jsonl.gz"
    path.write_bytes(gzip.compress(line(about(5)) + line(about(GONE)) + line(about(6)))[:-8])
    assert folder.forget(GONE).troubles == []
    assert gzip.decompress(path.read_bytes()) == line(about(5)) + line(about(6))


def test_what_cannot_be_written_anew_is_named_and_the_exit_code_says_so(folder: Folder) -> None:
    (folder.path / "notes.txt").write_text(about(GONE).body or "", encoding="utf-8")
    assert folder.forget(GONE).troubles == [f"{folder.path / 'notes.txt'} still has words of it"]


def test_figures_that_the_state_keeps_lose_its_title(folder: Folder) -> None:
    database = folder.database
    told = [{"id": f"newspim:{number(GONE)}", "title": about(GONE).title, "articles": 2}]
    named = [{"url": f"https://www.newspim.com/news/view/{number(GONE)}", "reason": "x", "at": None}]
    figures = {"id": 1, "part": None, "kind": "latest", "started_at": "2026-11-20T09:00:00+09:00", "stories": told}
    figures |= {"failures": {"named": named}, "unreadable": {"named": []}, "timeline": {"rows": []}, "lateness": {}}
    keep_report(database, figures, 0)
    database.close()
    folder.forget(GONE)
    database = folder.database
    (after,) = figures_of(database, 1)
    database.close()
    assert after["stories"][0]["title"] is None
    assert after["failures"]["named"] == []


def test_a_run_that_goes_on_is_named_and_nothing_is_touched(folder: Folder) -> None:
    journal = run(folder.path, "now.jsonl", about(8), ends=False)
    with pytest.raises(StateError, match=rf"run {journal.run.id} of newspim goes on"):
        folder.forget(GONE)
    journal.end("finished", {})
    assert left(folder, about(GONE))


def lock_of(folder: Folder) -> RunLock:
    """What `scrapy forget` holds while it rewrites files."""
    database = folder.database
    path = rewriting_lock(database)
    database.close()
    assert path is not None
    return RunLock(path)


def test_no_run_begins_while_files_are_rewritten(folder: Folder) -> None:
    lock = lock_of(folder)
    with pytest.raises(StateError, match="scrapy forget is rewriting files"):
        run(folder.path, "now.jsonl", about(8))
    with pytest.raises(StateError, match="another scrapy forget goes on"):
        folder.forget(GONE)
    lock.release()
    run(folder.path, "now.jsonl", about(8))


def test_an_export_knows_that_articles_were_removed_while_it_was_made(folder: Folder) -> None:
    database = folder.database
    turns = []
    for _ in range(2):
        with database.reading() as connection:
            turns.append(forgotten.turn(connection))
        folder.forget(GONE)
    lock = lock_of(folder)
    assert forgotten.is_rewriting(database)
    lock.release()
    assert not forgotten.is_rewriting(database)
    database.close()
    assert turns[0] != turns[1]


def test_a_marker_can_be_taken_away_again(folder: Folder) -> None:
    folder.forget(GONE)
    database = folder.database
    with database.transaction() as connection:
        assert forgotten.allow(connection, 1, number(GONE))
        assert not forgotten.allow(connection, 1, number(GONE))
    database.close()
    run(folder.path, "later.jsonl", about(GONE))
    assert folder.lines()[-1] == line(about(GONE))


def test_what_a_kill_left_half_written_is_swept_away(folder: Folder) -> None:
    (folder.path / f".a.jsonl{ENDING}").write_bytes(b"{}\n")
    folder.forget(GONE)
    assert not list(folder.path.rglob(f"*{ENDING}"))


def test_the_log_of_the_state_is_empty_afterwards(folder: Folder) -> None:
    if states.is_shared():
        pytest.skip("a server keeps its own log")
    database = states.database(folder.path)
    journal = Journal(database, folder.path / "x.jsonl")
    journal.abandon()
    folder.forget(GONE)
    log = folder.path / "state.sqlite-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert orjson.loads(folder.lines()[0])["id"] == about(1).id
