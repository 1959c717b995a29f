"""Without a browser: what is said, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom, Site
from tests.crawl.conftest import PACE, scrapy

from .conftest import Crawl, faults


def crawled(room: Newsroom, tmp_path: Path, *settings: str, **environment: str) -> Crawl:
    """Of a machine on which no program can be found."""
    (number,) = room.faults
    url = f"https://www.newspim.com/news/view/{number}"
    given = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={tmp_path / 'data'}", *settings]
    options = [part for setting in given for part in ("-s", setting)]
    nowhere = {"PATH": str(tmp_path), "HOME": str(tmp_path), **environment}
    done = scrapy("crawl", "newspim", *options, "-a", f"urls={url}", **nowhere)
    return Crawl(done.returncode, done.stderr)


def test_one_line_says_how_to_get_one(small: Site, tmp_path: Path) -> None:
    with Newsroom(small, faults=faults(small, filled_created=1)) as room:
        run = crawled(room, tmp_path, "NEWSCRAWL_BROWSER=auto")
    (line,) = (line for line in run.log.splitlines() if "NEWSCRAWL_BROWSER=off" in line)
    assert " INFO: Pages whose body a script fills are lost: a Chromium is not here." in line
    assert "apt install chromium-headless-shell" in line
    assert run.code == 1
    assert run.stat("newscrawl/no_container") == 1


def test_off_says_nothing(small: Site, tmp_path: Path) -> None:
    with Newsroom(small, faults=faults(small, filled_created=1)) as room:
        run = crawled(room, tmp_path, "NEWSCRAWL_BROWSER=off")
    assert "browser" not in run.log.lower()
    assert run.stat("newscrawl/no_container") == 1


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("NEWSCRAWL_BROWSER=perhaps", "NEWSCRAWL_BROWSER='perhaps': takes off, auto, always"),
        ("NEWSCRAWL_BROWSER=always", "NEWSCRAWL_BROWSER=always: a Chromium is not here: pip install"),
        ("NEWSCRAWL_BROWSER_PATH=/no/such", "NEWSCRAWL_BROWSER_PATH='/no/such': takes the path of a Chromium"),
        ("NEWSCRAWL_BROWSER_WAIT=soon", "NEWSCRAWL_BROWSER_WAIT='soon': takes seconds, like 10"),
    ],
)
def test_a_setting_that_is_no_use_is_refused_before_anything_is_asked(
    small: Site, tmp_path: Path, setting: str, said: str
) -> None:
    with Newsroom(small, faults=faults(small, filled_created=1)) as room:
        run = crawled(room, tmp_path, setting, NEWSCRAWL_BROWSER="auto")
        assert not room.requests
    assert run.code == 2
    assert said in run.log


def test_a_browser_that_does_not_start_costs_its_pages_and_says_why_once(small: Site, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'no library libnss3' >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    with Newsroom(small, faults=faults(small, filled_created=1)) as room:
        run = crawled(room, tmp_path, "NEWSCRAWL_BROWSER=auto", PATH=f"{tmp_path}:/usr/bin:/bin")
    assert run.log.count(f"ERROR: Cannot start {broken}: no library libnss3") == 1
    assert run.code == 1
    assert run.stat("newscrawl/failed/browser/cannot_start") == 1


def test_a_text_that_asks_to_wait_is_never_a_body(small: Site, tmp_path: Path) -> None:
    with Newsroom(small, faults=faults(small, filled_late=1)) as room:
        run = crawled(room, tmp_path, "NEWSCRAWL_BROWSER=off")
    assert run.stat("newscrawl/exported") == 0
    assert run.stat("newscrawl/no_container") == 1
