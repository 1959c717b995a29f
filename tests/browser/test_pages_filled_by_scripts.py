"""Whole crawls of pages whose body a script fills: what comes out is what a reader sees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom, Site, generate
from newscrawl.newsroom.answer import Answer
from tests.archive import valid
from tests.crawl.conftest import END, Crawl, Crawler, scrapy
from tests.crawl.revisions import AGES, pass_time
from tests.crawl.truth import OF_THE_RUN

from .conftest import Reader, faults

FILLED = ("filled_fetched", "filled_late", "filled_created", "filled_restless")


def untrue(run: Crawl, room: Newsroom) -> list[str]:
    """Every field of every record that is not the truth."""
    found = []
    for number, record in zip(run.ids, run.records, strict=True):
        truth = room.expected().record(number)
        found += [f"{number} {name}" for name in truth if name not in OF_THE_RUN and record[name] != truth[name]]
    return found


def test_in_whatever_way_a_script_fills_them_articles_are_the_truth(read: Reader, small: Site) -> None:
    with Newsroom(small, faults=faults(small, filled_inline=2, **dict.fromkeys(FILLED, 1))) as room:
        run = read(room, room.faults)
        assert sorted(run.ids) == sorted(room.faults)
        assert untrue(run, room) == []
        assert run.stat("downloader/request_count") == run.stat("response_received_count") == len(room.requests)
        # But for what the restless page asks for ever.
        once = [(host, path) for _, host, path, _ in room.requests if path != "/api/views"]
        assert len(once) == len(set(once))
    assert run.code == 0
    outcomes = [run.stat(f"newscrawl/browser/{name}") for name in ("tried", "gained", "nothing", "failed")]
    assert outcomes == [6, 6, 0, 0]
    assert "browser          6  gained 6, 100% of the article pages needed it" in run.log


FOREIGN = (b"ads.example.net/frame", b"collect.example.com", b"code.jquery.com", b"wss://", b"serviceWorker", b"open(")


def test_the_browser_asks_nobody_but_the_site_and_libraries(read: Reader, small: Site) -> None:
    with Newsroom(small, faults=faults(small, filled_inline=20)) as room:
        pages = {number: room.desk.answer("www.newspim.com", f"/news/view/{number}").body for number in room.faults}
        trying = {next(number for number, page in pages.items() if foreign in page) for foreign in FOREIGN}
        run = read(room, trying)
        asked = {(host, path) for _, host, path, _ in room.requests}
    assert len(run.records) == len(trying)
    assert {host for host, _ in asked} == {"www.newspim.com", "code.jquery.com"}
    assert {path for host, path in asked if host == "code.jquery.com"} == {"/robots.txt", "/jquery-3.7.1.min.js"}
    assert "/worker.js" not in {path for _, path in asked}


def test_a_script_that_many_pages_share_is_fetched_once(read: Reader, small: Site) -> None:
    with Newsroom(small, faults=faults(small, filled_fetched=16)) as room:
        pages = {number: room.desk.answer("www.newspim.com", f"/news/view/{number}").body for number in room.faults}
        sharing = [number for number, page in pages.items() if b"/js/contents.js" in page][:3]
        run = read(room, sharing)
        assert [path for _, _, path, _ in room.requests].count("/js/contents.js") == 1
    assert len(run.records) == len(sharing) > 1


def test_a_page_on_which_a_script_cuts_an_emoji_in_two_is_read(
    read: Reader, small: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Newsroom(small, faults=faults(small, filled_inline=1)) as room:
        answered = room.desk.answer

        def cut(host: str, target: str, headers: Mapping[str, str] | None = None) -> Answer:
            answer = answered(host, target, headers)
            answer.body = answer.body.replace(b"</body>", b"<script>document.body.append('\\ud83d')</script></body>")
            return answer

        monkeypatch.setattr(room.desk, "answer", cut)
        run = read(room, room.faults)
        assert untrue(run, room) == []
    assert len(run.records) == 1
    assert run.code == 0


def test_what_robots_txt_forbids_no_script_gets(read: Reader, small: Site) -> None:
    with Newsroom(small, faults=faults(small, filled_forbidden=1, filled_inline=1)) as room:
        run = read(room, room.faults, wait=1)
        assert not [path for _, _, path, _ in room.requests if path.startswith("/search")]
        lost = [number for number, kind in room.faults.items() if kind == "filled_forbidden"]
    assert run.ids == [number for number in room.faults if number not in lost]
    assert run.code == 1
    assert run.stat("newscrawl/browser/nothing") == 1
    assert run.stat("newscrawl/drop/incomplete/body") + run.stat("newscrawl/no_container") == 1


def test_a_page_that_never_settles_ends_with_what_it_has(read: Reader, small: Site) -> None:
    with Newsroom(small, faults=faults(small, unfilled=1, filled_restless=1)) as room:
        run = read(room, room.faults, wait=1)
        assert [room.faults[number] for number in run.ids] == ["filled_restless"]
        assert untrue(run, room) == []
        assert sum(path.startswith("/api/ready") for _, _, path, _ in room.requests) <= 30
    assert [run.stat(f"newscrawl/browser/{name}") for name in ("gained", "nothing")] == [1, 1]
    assert run.code == 1


def test_pages_that_are_whole_start_no_browser(read: Reader, small: Site) -> None:
    with Newsroom(small) as room:
        run = read(room, [one.id for one in small.articles if one.listed][:5])
    assert len(run.records) == 5
    assert "playwright" not in run.log
    assert "browser" not in run.log


def test_a_page_that_is_gone_starts_no_browser(read: Reader, small: Site) -> None:
    with Newsroom(small, faults=faults(small, gone404=1, empty=1)) as room:
        run = read(room, room.faults)
    assert run.stat("newscrawl/browser/tried") == 0
    assert run.code == 0


def test_with_always_whole_pages_are_seen_too_and_are_the_same(read: Reader, small: Site) -> None:
    with Newsroom(small, faults=faults(small, filled_late=1)) as room:
        whole = [one.id for one in small.articles if one.listed and one.id not in room.faults][:2]
        run = read(room, [*room.faults, *whole], mode="always")
        assert untrue(run, room) == []
        assert len([path for _, _, path, _ in room.requests if path.startswith("/news/view/")]) == 3
    assert len(run.records) == 3
    assert [run.stat(f"newscrawl/browser/{name}") for name in ("tried", "needed", "gained")] == [3, 1, 1]


def test_a_correction_is_seen_although_the_page_itself_does_not_change(
    read: Reader, crawl: Crawler, tmp_path: Path
) -> None:
    site = generate(articles=60, days=2, seed=3, end=END)
    with Newsroom(site, faults=faults(site, filled_fetched=1), validators="both") as room:
        (number,) = room.faults
        read(room, [number])
        site.edit(number, "body")
        pass_time(tmp_path / "data")
        again = ("-s", AGES, "-s", "NEWSCRAWL_BROWSER=auto", "-s", "NEWSCRAWL_BROWSER_WAIT=4", "-a", "ways=list")
        run = crawl(room, *again, "-a", "follow=none", since="2026-11-20T17:59")
        assert [record["revision"] for record in run.records if record["id"].endswith(number)] == [2]
        (record,) = (record for record in run.records if record["id"].endswith(number))
        assert record["body"] == site.truth(number)["body"]


def test_without_the_browser_an_article_that_it_filled_is_not_taken_for_withdrawn(
    read: Reader, crawl: Crawler, small: Site, tmp_path: Path
) -> None:
    with Newsroom(small, faults=faults(small, filled_inline=1)) as room:
        assert len(read(room, room.faults).records) == 1
        for _ in range(2):
            pass_time(tmp_path / "data")
            run = crawl(room, "-s", AGES, "-a", "ways=list", "-a", "follow=none", since="2026-11-20T17:59")
            assert run.stat("newscrawl/no_container") == 1
            assert run.stat("newscrawl/rechecked/absent") == run.stat("newscrawl/rechecked/withdrawn") == 0


@pytest.mark.parametrize("mode", ["auto", "always"])
def test_the_archive_has_the_page_that_the_browser_made_and_gives_the_same_records(
    read: Reader, small: Site, tmp_path: Path, mode: str
) -> None:
    with Newsroom(small, faults=faults(small, filled_inline=1, filled_fetched=1, unfilled=1)) as room:
        plain = next(one.id for one in small.articles if one.id not in room.faults and one.listed)
        run = read(room, [*room.faults, plain], "-s", "NEWSCRAWL_WARC=on", mode=mode, wait=1)
    data = tmp_path / "data"
    (archive,) = (data / "newspim" / "warc").iterdir()
    assert valid.faults(archive) == []
    assert len(run.records) == 3
    for record in run.records:
        place = valid.at(data / "newspim" / record["archived"]["file"], record["archived"]["offset"])
        was_rendered = mode == "always" or not record["id"].endswith(plain)
        assert place["warc-type"] == ("conversion" if was_rendered else "response")
    done = scrapy("reextract", "-s", f"NEWSCRAWL_DATA_DIR={data}", "-o", str(tmp_path / "again.jsonl"))
    assert done.returncode == 0
    (feed,) = (data / "newspim").glob("*.jsonl")
    assert sorted((tmp_path / "again.jsonl").read_bytes().splitlines()) == sorted(feed.read_bytes().splitlines())
