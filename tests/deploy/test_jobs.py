"""Jobs of a real Scrapyd that has the project as an egg: scheduled, watched, cancelled, two at once, orphaned."""

from __future__ import annotations

import os
import signal
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import BaseSettings

from newscrawl.folders import check_absolute
from newscrawl.newsroom import Newsroom
from tests import states
from tests.crawl.conftest import wait_until
from tests.postgres import Server

from .conftest import ALL, Settings, usual
from .scrapyd import USER, Scrapyd, command, ids, lines

SLOW = {"DOWNLOAD_DELAY": "0.4", "CONCURRENT_REQUESTS": "1"}
"""Time to interfere, and few requests that wait in the job itself. With `ways=sitemap` its first pages are articles."""


@pytest.fixture(scope="module")
def everything(scrapyd: Scrapyd, room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The articles that one undisturbed job writes."""
    data = tmp_path_factory.mktemp("everything")
    job = scrapyd.schedule(usual(room, data), since=ALL)
    scrapyd.wait_for(job)
    assert "INFO: exported" in scrapyd.job_log(job), scrapyd.job_log(job) + scrapyd.log()
    assert (data / "newspim" / f"{job}.jsonl").exists(), "the feed has the job's name"
    return set(ids(data))


def assert_all_once(data: Path, everything: set[str]) -> None:
    """Nothing lost, nothing twice."""
    found = ids(data)
    assert len(found) == len(set(found))
    assert set(found) == everything


def test_arguments_and_settings_reach_the_job(scrapyd: Scrapyd, settings: Settings, tmp_path: Path) -> None:
    given = settings(LOG_LEVEL="DEBUG")
    job = scrapyd.schedule(given, since=ALL, sections="정치", follow="none", jobid="politics")
    assert job == "politics"
    scrapyd.wait_for(job)
    assert {record["section"] for record in lines(tmp_path)} == {"정치"}
    assert "DEBUG" in scrapyd.job_log(job)


def test_scrapyd_client_schedules_too(scrapyd: Scrapyd, settings: Settings, copy: Path, tmp_path: Path) -> None:
    given = [f"setting={name}={value}" for name, value in settings().items()]
    options = [part for one in (*given, f"since={ALL}", "sections=정치", "jobid=client") for part in ("--arg", one)]
    done = command(
        "scrapyd-client", "schedule", "-t", "here", "-p", "newscrawl", "newspim", *options, scrapyd=scrapyd, cwd=copy
    )
    assert done.stdout == "newscrawl / newspim => client\n", done.stdout + done.stderr
    scrapyd.wait_for("client")
    assert {record["section"] for record in lines(tmp_path)} == {"정치"}


def test_who_does_not_know_the_password_schedules_nothing(scrapyd: Scrapyd) -> None:
    stranger = Scrapyd(scrapyd.folder / "stranger", **USER | {"SCRAPYD_PASSWORD": "another"})
    stranger.url = scrapyd.url
    with pytest.raises(urllib.error.HTTPError, match="401"):
        stranger.get("daemonstatus")


def test_a_wrong_argument_is_told_in_the_jobs_own_log(scrapyd: Scrapyd, settings: Settings) -> None:
    job = scrapyd.schedule(settings(), sinse="7d")
    scrapyd.wait_for(job)
    assert "CRITICAL: Refused, nothing was asked of the site: unknown argument 'sinse' (did you mean since?)" in (
        scrapyd.job_log(job)
    )


def test_a_relative_folder_is_refused_and_nothing_lies_in_the_daemons(scrapyd: Scrapyd, settings: Settings) -> None:
    before = {path.name for path in scrapyd.folder.iterdir()}
    job = scrapyd.schedule(settings(NEWSCRAWL_DATA_DIR="data/here"), since=ALL)
    scrapyd.wait_for(job)
    assert "NEWSCRAWL_DATA_DIR='data/here' would lie in Scrapyd's own folder: set it to an absolute path" in (
        scrapyd.job_log(job)
    )
    assert "exitstatus=2" in scrapyd.log()
    assert {path.name for path in scrapyd.folder.iterdir()} - before <= {"logs"}


@pytest.mark.parametrize(
    ("relative", "outputs"),
    [
        ({"NEWSCRAWL_DATA_DIR": "data"}, []),
        ({"NEWSCRAWL_STATE": "sqlite:///state.sqlite"}, []),
        ({}, ["copy.jsonl"]),
        ({}, ["file:copy.jsonl"]),
    ],
)
def test_each_path_that_would_lie_there_is_found(relative: dict[str, str], outputs: list[str]) -> None:
    absolute = {"NEWSCRAWL_DATA_DIR": "/data", "NEWSCRAWL_STATE": ""}
    with pytest.raises(ValueError, match="Scrapyd's own folder"):
        check_absolute(BaseSettings(absolute | relative), outputs)


@pytest.mark.parametrize("state", ["", "sqlite://", "sqlite:////data/state.sqlite"])
def test_absolute_paths_and_what_is_no_path_are_taken(state: str) -> None:
    settings = BaseSettings({"NEWSCRAWL_DATA_DIR": "/data", "NEWSCRAWL_STATE": state})
    check_absolute(settings, ["/data/copy.jsonl", "file:///data/copy.jsonl", "stdout:", "s3://bucket/copy.jsonl"])


def test_a_cancelled_job_keeps_what_it_has_and_the_next_goes_on_elsewhere(
    scrapyd: Scrapyd, settings: Settings, tmp_path: Path, everything: set[str]
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    job = scrapyd.schedule(settings(**SLOW, NEWSCRAWL_DATA_DIR=str(here)), since=ALL, ways="sitemap")
    wait_until(lambda: bool(ids(here)), "an article is written")
    assert scrapyd.post("cancel", project="newscrawl", job=job)["prevstate"] == "running"
    scrapyd.wait_for(job)
    assert "ended early (shutdown)" in scrapyd.job_log(job)
    assert 0 < len(ids(here)) < len(everything)
    here.rename(there)  # as when it is moved to another machine
    again = scrapyd.schedule(settings(NEWSCRAWL_DATA_DIR=str(there)), since=ALL)
    scrapyd.wait_for(again)
    assert "requests that earlier runs left" in scrapyd.job_log(again)
    assert_all_once(there, everything)
    assert not here.exists()


def test_jobs_of_two_machines_share_one_state_in_a_server(
    scrapyd: Scrapyd, settings: Settings, postgres: Server, tmp_path: Path, everything: set[str]
) -> None:
    """A machine is a data folder; all that they have in common is the address of the state."""
    state = states.url_in(postgres, tmp_path)
    folders = [tmp_path / name for name in ("one", "other")]
    given = [settings(NEWSCRAWL_DATA_DIR=str(folder), NEWSCRAWL_STATE=state) for folder in folders]
    scrapyd.wait_for(*[scrapyd.schedule(one, since=ALL) for one in given])
    found = [one for folder in folders for one in ids(folder)]
    assert len(found) == len(set(found))
    assert set(found) == everything
    again = scrapyd.schedule(given[0], since=ALL)
    scrapyd.wait_for(again)
    assert [one for folder in folders for one in ids(folder)] == found


def test_two_jobs_at_once_share_the_work(
    scrapyd: Scrapyd, settings: Settings, tmp_path: Path, everything: set[str]
) -> None:
    given = settings(DOWNLOAD_DELAY="0.01")
    jobs = [scrapyd.schedule(given, since=ALL) for _ in range(2)]
    wait_until(lambda: all(scrapyd.state_of(job) == "running" for job in jobs), "both run")
    scrapyd.wait_for(*jobs)
    assert_all_once(tmp_path, everything)


@pytest.fixture(scope="module")
def restarted(egg: Path, copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    """A daemon that the tests may kill."""
    scrapyd = Scrapyd(tmp_path_factory.mktemp("restarted"))
    try:
        scrapyd.start()
        command("scrapyd-deploy", "here", "--egg", str(egg), scrapyd=scrapyd, cwd=copy)
        yield scrapyd
    finally:
        scrapyd.end()


def test_a_daemon_killed_and_started_again_loses_nothing_and_knows_what_ran(
    restarted: Scrapyd, settings: Settings, tmp_path: Path, everything: set[str]
) -> None:
    refused = restarted.schedule(settings(), sinse="7d")
    orphan = restarted.schedule(settings(**SLOW), since=ALL, ways="sitemap")
    wait_until(lambda: bool(ids(tmp_path)), "an article is written")
    restarted.wait_for(refused)
    restarted.kill()
    restarted.start()
    assert restarted.state_of(refused) == "finished"
    assert restarted.state_of(orphan) is None, "Scrapyd does not know it any more"
    beside = restarted.schedule(settings(), since=ALL)
    wait_until(lambda: "Spider opened" in restarted.job_log(beside), "the next job begins")
    assert "Spider closed" not in restarted.job_log(orphan), "the orphan was to go on beside it"
    restarted.wait_for(beside)
    wait_until(lambda: "Spider closed" in restarted.job_log(orphan), "the orphan ends by itself")
    assert_all_once(tmp_path, everything)


def test_a_daemon_that_systemd_stops_leaves_no_orphan(restarted: Scrapyd, settings: Settings, tmp_path: Path) -> None:
    """KillMode=control-group: one SIGTERM to each process."""
    job = restarted.schedule(settings(**SLOW), since=ALL, ways="sitemap")
    wait_until(lambda: bool(ids(tmp_path)), "an article is written")
    os.killpg(restarted.daemon.pid, signal.SIGTERM)
    wait_until(lambda: "ended early (shutdown)" in restarted.job_log(job), "the job closes in good order")
    restarted.daemon.wait()
    restarted.start()
