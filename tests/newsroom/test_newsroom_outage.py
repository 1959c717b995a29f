"""An outage: everything is out at once, and back as if nothing had been."""

from __future__ import annotations

import http.client
from datetime import timedelta

import pytest

from newscrawl.newsroom import Clock, Newsroom, Site, Ways
from tests.newsroom.reader import END, ask

START = END - timedelta(hours=9)
OUTAGE = (START, START + timedelta(minutes=20))
PATHS = ("/", "/robots.txt", "/news/lists", "/sitemap/recent/all_1", "/news/category/1", "/nowhere")


def test_everything_answers_503_while_it_lasts(site: Site) -> None:
    clock = Clock(START - timedelta(seconds=1), speed=0)
    paths = [*PATHS, f"/news/view/{site.articles[3].id}"]
    with Newsroom(site, clock=clock, ways=Ways(outage=OUTAGE)) as room:
        before = [ask(room, path)[0] for path in paths]
        assert 503 not in before
        for moment in (OUTAGE[0], OUTAGE[1] - timedelta(seconds=1)):
            clock.set(moment)
            assert {ask(room, path)[0] for path in paths} == {503}
        clock.set(OUTAGE[1])
        assert [ask(room, path)[0] for path in paths] == before
        assert [one.status for one in room.requests].count(503) == 2 * len(paths)


def read(connection: http.client.HTTPConnection) -> bytes:
    connection.request("GET", "/quicknews", headers={"Host": "www.newspim.com"})
    return connection.getresponse().read()


def test_connections_end_without_an_answer_where_they_are_refused(site: Site) -> None:
    clock = Clock(START - timedelta(minutes=1), speed=0)
    with Newsroom(site, clock=clock, ways=Ways(outage=OUTAGE, outage_how="close")) as room:
        kept = http.client.HTTPConnection("127.0.0.1", room.port, timeout=10)
        assert read(kept)
        clock.set(START)
        with pytest.raises(ConnectionError):
            read(kept)
        kept.close()
        for path in PATHS:
            with pytest.raises(ConnectionError):
                ask(room, path)
        assert [one.status for one in room.requests][:2] == [200, 0]
        clock.set(OUTAGE[1])
        assert ask(room, "/quicknews")[0] == 200


def test_without_a_clock_it_is_in_seconds_since_the_start(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Newsroom(site, ways=Ways(outage=(5, 10)))
    real = [100.0]
    monkeypatch.setattr("newscrawl.newsroom.outage.time.monotonic", lambda: real[0])
    statuses = [room.desk.answer("www.newspim.com", "/").status]
    room.desk.begin()
    for second in (0, 5, 9.9, 10):
        real[0] = 100 + second
        statuses.append(room.desk.answer("www.newspim.com", "/").status)
    assert statuses == [200, 200, 503, 503, 200]


def test_times_need_a_clock_and_seconds_none(site: Site) -> None:
    with pytest.raises(ValueError, match="times with a clock"):
        Newsroom(site, ways=Ways(outage=OUTAGE))
    with pytest.raises(ValueError, match="times with a clock"):
        Newsroom(site, clock=Clock(START), ways=Ways(outage=(3, 9)))
