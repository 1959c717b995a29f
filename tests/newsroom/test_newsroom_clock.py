"""The clock: only what has appeared is there, on every page and at once, and what an article says of itself is not of the future."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.newsroom import Clock, Newsroom, Site, Ways, generate
from newscrawl.newsroom.stories import KST
from tests.newsroom.reader import END, HOSTS, ask, ids, says, walk

MIDDLE = END - timedelta(days=1, hours=7)
LATE = Ways(late=0.3, late_by=(60, 7200), ties=True)
BOTH = pytest.mark.parametrize("ways", [Ways(), LATE], ids=["in time", "late"])


def still(moment: datetime = MIDDLE) -> Clock:
    return Clock(moment, speed=0)


def appeared(room: Newsroom, moment: datetime) -> set[str]:
    return {story.id for story in room.site.articles if room.appeared_at(story.id) <= moment}


def named(room: Newsroom, path: str, host: str = "www.newspim.com") -> set[str]:
    answer = room.desk.answer(host, path)
    assert answer.status == 200
    return ids(answer.body)


def test_a_clock_waits_for_the_server_and_then_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    real = [100.0]
    monkeypatch.setattr("newscrawl.newsroom.clock.time.monotonic", lambda: real[0])
    clock = Clock(datetime(2026, 11, 19, 2, 0, tzinfo=UTC), speed=60)
    real[0] += 5
    assert clock.now() == datetime(2026, 11, 19, 11, 0, tzinfo=KST)
    clock.begin()
    real[0] += 2
    clock.begin()
    assert clock.now() == datetime(2026, 11, 19, 11, 2, tzinfo=KST)
    clock.advance(timedelta(hours=1))
    real[0] += 1
    assert clock.now() == datetime(2026, 11, 19, 12, 3, tzinfo=KST)
    clock.set(MIDDLE)
    assert clock.now() == MIDDLE
    assert clock.now().utcoffset() == timedelta(hours=9)


def test_threads_that_move_a_clock_lose_nothing() -> None:
    clock = still()
    moves = [
        threading.Thread(target=lambda: [clock.advance(timedelta(seconds=1)) for _ in range(500)]) for _ in range(4)
    ]
    for one in moves:
        one.start()
    for one in moves:
        one.join()
    assert clock.now() == MIDDLE + timedelta(seconds=2000)


@pytest.mark.parametrize("speed", [-1, float("nan"), float("inf"), 1e9])
def test_a_speed_that_there_is_not_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        Clock(MIDDLE, speed)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Clock(MIDDLE.replace(tzinfo=None))
    with pytest.raises(ValueError, match="aware"):
        still().set(MIDDLE.replace(tzinfo=None))


def test_a_site_at_its_end_is_the_site_without_a_clock(site: Site) -> None:
    with Newsroom(site) as plain, Newsroom(site, clock=still(END + timedelta(days=1))) as room:
        for path in ["/", "/quicknews", "/news/lists?category_cd=101&page=20", "/sitemap/recent/all_1"]:
            assert ask(room, path) == ask(plain, path)
        assert walk(room) == walk(plain)
        assert dict(room.expected()) == dict(plain.expected())


def test_an_article_is_404_until_it_appears(site: Site) -> None:
    story = site.articles[200]
    clock = still(story.published_at - timedelta(seconds=1))
    with Newsroom(site, clock=clock) as room:
        paths = [f"/news/view/{story.id}", f"/view.jsp?newsId={story.id}"]
        assert [ask(room, path, host)[0] for path in paths for host in HOSTS] == [404] * 4
        clock.advance(timedelta(seconds=1))
        assert [ask(room, path, host)[0] for path in paths for host in HOSTS] == [200] * 4
        clock.set(story.published_at - timedelta(hours=1))
        assert ask(room, paths[0])[0] == 404


def test_the_clock_runs_while_the_server_serves() -> None:
    site = generate(50, 1, 1, END)
    with Newsroom(site, clock=Clock(site.start, speed=1_000_000)) as room:
        waits = threading.Event()
        for _ in range(100):
            if ids(ask(room, "/")[2]):
                break
            waits.wait(0.02)
        assert ids(ask(room, "/")[2])


@BOTH
def test_lists_have_what_has_appeared_newest_first(site: Site, ways: Ways) -> None:
    clock = still()
    room = Newsroom(site, clock=clock, ways=ways)
    for hours in range(0, 30, 3):
        clock.set(MIDDLE + timedelta(hours=hours, minutes=hours))
        room.desk.standing.tick()
        there = appeared(room, clock.now())
        for code in ("1", "103", "106020", "999"):
            wanted = [site.articles[n] for n in site.lists.get(code, []) if site.articles[n].id in there]
            rows = [site.articles[n] for n in room.desk.standing.every(code)]
            assert {story.id for story in rows} == {story.id for story in wanted}
            shown = [f"{story.published_at:%Y-%m-%d %H:%M}" for story in rows]
            assert shown == sorted(shown, reverse=True)
            assert rows == wanted or ways.ties
            for offset in (0, 20, 35, 140):
                page = named(room, f"/news/lists?category_cd={code}&page={offset}")
                assert page == {story.id for story in rows[offset : offset + 20]}


@BOTH
def test_no_page_names_what_has_not_appeared(site: Site, ways: Ways) -> None:
    clock = still()
    room = Newsroom(site, clock=clock, ways=ways)
    paths = [*("/", "/quicknews", "/search", "/news/lists?category_cd=1&page=40")]
    paths += [entry.address for entry in site.topbar.entries]
    for hours in (0, 5, 19):
        clock.set(MIDDLE + timedelta(hours=hours))
        there = appeared(room, clock.now())
        pages = [f"/news/view/{story.id}" for story in site.articles if story.id in there]
        for path in paths + pages[-40:]:
            for host in HOSTS:
                assert named(room, path, host) <= there, path
        for path in ("/sitemap/recent/all_1", "/news/category/1"):
            text = room.desk.answer("www.newspim.com", path).body.decode()
            assert {story.id for story in site.articles if story.id in text} <= there


def test_late_articles_stand_below_newer_ones(site: Site) -> None:
    room = Newsroom(site, clock=still(), ways=LATE)
    waits = {one.id: room.appeared_at(one.id) - one.published_at for one in site.articles}
    late = [id for id, wait in waits.items() if wait]
    assert 0.2 < len(late) / len(waits) < 0.4
    assert all(timedelta(seconds=60) <= waits[id] <= timedelta(seconds=7200) for id in late)


def test_a_walk_finds_what_is_expected_at_each_moment(site: Site) -> None:
    clock = still()
    with Newsroom(site, clock=clock) as room:
        sizes = []
        for hours in (0, 9):
            clock.set(MIDDLE + timedelta(hours=hours))
            expected = room.expected()
            assert walk(room) == set(expected) | set(expected.twins)
            assert set(expected) <= appeared(room, clock.now())
            sizes.append(len(expected))
        assert sizes[0] < sizes[1]


def test_a_page_says_its_truth_at_each_moment(site: Site) -> None:
    clock = still()
    room = Newsroom(site, clock=clock)
    moved = 0
    for story in site.articles[200:260]:
        for minutes in (0, 30, 600):
            clock.set(story.published_at + timedelta(minutes=minutes))
            truth = room.truth(story.id)
            page = room.desk.answer("www.newspim.com", f"/news/view/{story.id}").body.decode()
            says(page, truth, "www.newspim.com")
            assert ("최종수정" in page) == (truth["modified_at"] is not None)
            assert truth["modified_at"] is None or datetime.fromisoformat(truth["modified_at"]) <= clock.now()
            assert {one.removeprefix("newspim:") for one in truth["related"]} <= appeared(room, clock.now())
            moved += truth["modified_at"] != site.truth(story.id)["modified_at"]
    assert moved


def test_an_edit_is_made_at_the_moment_of_the_clock() -> None:
    site = generate(150, 2, 3, END)
    story = next(one for one in site.articles[60:] if one.form == "article" and one.modified_at)
    assert story.modified_at is not None
    clock = still(story.published_at + timedelta(seconds=5))
    with Newsroom(site, clock=clock, validators="last-modified") as room:
        path = f"/news/view/{story.id}"
        first = ask(room, path)[1]["Last-Modified"]
        clock.advance(timedelta(hours=1, minutes=3))
        assert room.edit(story.id, "body", "modified") == 2
        second = ask(room, path)[1]["Last-Modified"]
        assert first != second
        assert room.truth(story.id)["modified_at"] == clock.now().replace(second=0).isoformat()
        site.withdraw(story.id, "410")
        assert ask(room, path)[0] == 410
        assert story.id not in named(room, "/quicknews")
        clock.set(story.published_at - timedelta(minutes=1))
        assert ask(room, path)[0] == 404


def test_the_same_seed_and_moment_give_the_same_bytes() -> None:
    ways = Ways(late=0.3, ties=True, feed_lag=(0, 900), feed_missing=0.1, forms="varied")
    rooms = [Newsroom(generate(150, 2, 3, END), clock=still(), ways=ways) for _ in range(2)]
    rooms[1].desk.answer("www.newspim.com", "/")
    clocks = [room.desk.clock for room in rooms]
    for clock in clocks:
        assert clock is not None
        clock.advance(timedelta(hours=9))
    story = rooms[0].site.articles[90]
    for path in ("/", f"/news/view/{story.id}", "/news/lists", "/news/category/1", "/sitemap/recent/all_1"):
        one, two = (room.desk.answer("www.newspim.com", path).body for room in rooms)
        assert one == two
