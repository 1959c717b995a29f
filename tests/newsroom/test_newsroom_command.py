"""`scrapy newsroom`, as a person starts it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crawl.conftest import scrapy

PROJECT = Path(__file__).parents[2]


@contextmanager
def newsroom(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "scrapy", "newsroom", "--articles", "40", "--end", "2026-11-20T18:00", *options]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()  # a test that fails half-way must not wait for a server that nobody ends


def test_it_says_where_it_is_serves_and_ends_on_interrupt() -> None:
    with newsroom("--port", "0", "--faults", "slow,gzip") as process:
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()
        address = first.split(" at ")[1].split()[0]
        assert f"-s NEWSCRAWL_NEWSROOM={address}" in second
        with urllib.request.urlopen(f"{address}/") as response:
            assert response.status == 200
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert "1 requests served" in out


def test_families_are_served_when_they_are_asked_for() -> None:
    with newsroom("--port", "0", "--families", "0.5") as process, newsroom("--port", "0") as plain:
        said = []
        for one in (process, plain):
            assert one.stdout is not None
            address = one.stdout.readline().split(" at ")[1].split()[0]
            _, _, page = read(f"{address}/")
            said.append(len(re.findall(r"\[(?:속보|\d보)\]|\(종합\d?보?\)", page.decode())))
    assert said[0] > said[1]


def read(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(address, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_edits_are_said_at_start_and_come_once_an_article_has_been_read() -> None:
    with newsroom("--port", "0", "--edits", "0.5", "--validators", "both") as process:
        assert process.stdout is not None
        first, _, edits = (process.stdout.readline() for _ in range(3))
        assert edits == "once read, 18 of them are corrected and 2 withdrawn: a later crawl finds them so\n"
        address = first.split(" at ")[1].split()[0]
        named = re.findall(
            r"<loc>https://www\.newspim\.com(.*?)</loc>", read(f"{address}/sitemap/recent/all_1")[2].decode()
        )
        once = [read(f"{address}{path}") for path in named]
        assert {status for status, _, _ in once} == {200}
        # The sidebars show the headlines of others, which have changed too: when a page was made tells of itself alone.
        again = [
            read(f"{address}{path}", If_Modified_Since=headers["Last-Modified"])
            for path, (_, headers, _) in zip(named, once, strict=True)
        ]
    changed = [
        path
        for path, (status, _, body) in zip(named, again, strict=True)
        if status == 200 and path[-14:].encode() in body
    ]
    assert 10 <= len(changed) <= 18
    assert len(named) - len(changed) - sum(status == 304 for status, _, _ in again) <= 2


def test_without_edits_nothing_is_said_of_them_and_nothing_changes() -> None:
    with newsroom("--port", "0") as process:
        assert process.stdout is not None
        address = process.stdout.readline().split(" at ")[1].split()[0]
        path = re.findall(r'"(/news/view/\d+)"', read(f"{address}/")[2].decode())[0]
        one, two = (read(f"{address}{path}") for _ in range(2))
        assert one == two
        assert "ETag" not in one[1]
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    assert "once read" not in out


def test_help_names_faults_and_edits() -> None:
    shown = scrapy("newsroom", "--help").stdout
    for word in (
        "gone410",
        "--edits",
        "--validators {none,etag,weak,last-modified,both}",
        "once they have been",
        "--clock",
        "--rhythm {uniform,wire}",
    ):
        assert word in shown


def test_a_clock_is_said_at_start_and_lets_through_what_has_appeared() -> None:
    options = [
        "--clock",
        "2026-11-20T00:00",
        "--speed",
        "0",
        "--rhythm",
        "wire",
        "--list-depth",
        "5",
        "--sitemaps",
        "index",
    ]
    with newsroom("--port", "0", "--feed-lag", "60-900", *options) as process:
        assert process.stdout is not None
        first, _, clock = (process.stdout.readline() for _ in range(3))
        told = re.fullmatch(
            r"its clock runs from 2026-11-20 00:00 KST at 0 seconds a second: (\d+) articles have appeared\n", clock
        )
        assert told
        assert 10 < int(told[1]) < 35
        address = first.split(" at ")[1].split()[0]
        assert len(set(re.findall(r"/view/\d+", read(f"{address}/news/lists?category_cd=1&page=0")[2].decode()))) <= 7
        assert b"Sitemap: https://www.newspim.com/sitemap/index.xml" in read(f"{address}/robots.txt")[2]


def test_a_clock_runs_at_its_speed() -> None:
    with newsroom("--port", "0", "--clock", "2026-11-20T00:00", "--speed", "3600") as process:
        assert process.stdout is not None
        assert "at 3600 seconds a second" in [process.stdout.readline() for _ in range(3)][2]


def test_a_taken_port_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with newsroom("--port", port) as process:
            _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert f"cannot serve on port {port}" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--faults", "gremlins"], "unknown fault"),
        (["--end", "soon"], "--end 'soon': takes a time, like 2026-11-20T18:00"),
        (["--end", "0001-01-01"], "no such days: 3 up to"),
        (["--days", "99999999"], "no such days: 99999999 up to"),
        (["--port", "99999"], "--port 99999: takes 0 to 65535"),
        (["--port", "-1"], "--port -1: takes 0 to 65535"),
        (["--families", "0.6"], "families 0.6: takes a share, 0 to 0.5"),
        (["--families", "nan"], "families nan: takes a share"),
        (["--share", "5"], "--share 5.0: takes a share, 0 to 1"),
        (["--share", "-0.1"], "--share -0.1: takes"),
        (["--share", "nan"], "--share nan: takes"),
        (["--edits", "1.5"], "--edits 1.5: takes a share, 0 to 1"),
        (["--edits", "nan"], "--edits nan: takes a share"),
        (["--validators", "md5"], "invalid choice: 'md5'"),
        (["--rhythm", "jazz"], "invalid choice: 'jazz'"),
        (["--clock", "noon"], "--clock 'noon': takes a time, like 2026-11-20T09:00"),
        (["--clock", "2026-11-21"], "the site's articles are of 2026-11-17T18:00 to 2026-11-20T18:00"),
        (["--clock", "2026-11-20", "--speed", "-2"], "--speed -2.0: takes 0 to 1000000"),
        (["--clock", "2026-11-20", "--speed", "nan"], "--speed nan: takes"),
        (["--speed", "2"], "--speed: needs a --clock"),
        (["--list-depth", "-1"], "--list-depth -1: takes 0 or more rows"),
        (["--list-depth", "many"], "invalid int value: 'many'"),
        (["--feed-lag", "soon"], "--feed-lag 'soon': takes seconds, like 300 or 60-900"),
        (["--feed-lag", "900-60"], "--feed-lag '900-60': takes"),
        (["--feed-lag", "inf"], "--feed-lag 'inf': takes"),
        (["--sitemaps", "all"], "invalid choice: 'all'"),
        (["--log", "/proc/x/requests.jsonl"], "cannot write to /proc/x/requests.jsonl"),
    ],
)
def test_bad_options_are_said_plainly(options: list[str], message: str) -> None:
    ended = scrapy("newsroom", "--articles", "40", "--end", "2026-11-20T18:00", *options)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr
