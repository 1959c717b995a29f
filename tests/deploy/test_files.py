"""The files of deploy/: each is understood by the program that it is for, and promises what docs/operations.md says."""

from __future__ import annotations

import inspect
import json
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import zoneinfo
from configparser import ConfigParser
from datetime import datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl import exporters, retry, robots, scheduler, time_limit, verdict
from newscrawl.arguments import Arguments
from newscrawl.clock import MACHINE
from newscrawl.commands.crawl import check_settings
from newscrawl.korean import KST
from newscrawl.spiders.newspim import NewspimSpider
from newscrawl.state import runs

from .scrapyd import ROOT, Scrapyd, clean

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
DOCS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SCHEDULES = ("latest", "nightly", "monthly")
INSTALLED = "/opt/newscrawl"


def scheduled(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DEPLOY / "schedule.py"), *arguments],
        env=clean() | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# scrapyd.conf


def test_the_configuration_is_for_real_use() -> None:
    conf = ConfigParser()
    conf.read(DEPLOY / "scrapyd.conf")
    given = dict(conf["scrapyd"])
    assert given["bind_address"] == "127.0.0.1"
    assert given["jobstorage"].endswith("SqliteJobStorage")
    assert given["items_dir"] == given["jobs_dir"] == ""
    assert all(Path(given[name]).is_absolute() for name in ("eggs_dir", "logs_dir", "dbs_dir"))
    assert not {"username", "password"} & set(given), "they come from the environment"


def test_a_shell_and_systemd_read_the_same_environment() -> None:
    path = DEPLOY / "environment.example"
    shell = subprocess.run(
        ["env", "-i", "sh", "-euc", f"set -a; . {path}; /usr/bin/env"], capture_output=True, text=True, check=True
    ).stdout
    named = [line.partition("=")[0] for line in path.read_text().splitlines() if not line.startswith("#") and line]
    as_systemd = shlex.split(path.read_text(), comments=True)
    assert sorted(as_systemd) == sorted(line for line in shell.splitlines() if line.partition("=")[0] in named)


# schedule.py


@pytest.mark.parametrize("name", SCHEDULES)
def test_each_schedule_asks_for_what_the_spider_knows(name: str) -> None:
    asked = runpy.run_path(str(DEPLOY / "schedule.py"))["SCHEDULES"][name]
    given = dict(one.split("=", 1) for one in asked)
    limit, seconds = given.pop("setting").split("=")
    assert limit == time_limit.SETTING
    settings = Settings()
    settings.setmodule("newscrawl.settings")
    settings.set(limit, seconds)
    check_settings(settings)
    given.pop("priority", None)
    assert Arguments.parse(given, NewspimSpider.site, MACHINE.now()).since


def test_no_scrapyd_is_said_in_one_line() -> None:
    done = scheduled("latest", SCRAPYD_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.startswith("schedule latest: no Scrapyd answers at http://127.0.0.1:9 (")
    assert done.stderr.count("\n") == 1


def test_a_wrong_password_is_said_in_one_line(scrapyd: Scrapyd) -> None:
    done = scheduled("latest", SCRAPYD_URL=scrapyd.url)
    assert done.returncode == 1
    assert done.stderr == (
        f"schedule latest: {scrapyd.url} answers 401 Unauthorized; set SCRAPYD_USERNAME and SCRAPYD_PASSWORD as the daemon has them\n"
    )


def test_what_scrapyd_does_not_take_is_said_in_one_line(scrapyd: Scrapyd) -> None:
    login = {name: scrapyd.environment[name] for name in ("SCRAPYD_USERNAME", "SCRAPYD_PASSWORD")}
    done = scheduled("old", "_version=1", SCRAPYD_URL=scrapyd.url, **login)
    assert (done.returncode, done.stderr) == (1, "schedule old: version '1' not found\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("latest", "since"), "'since' is no NAME=VALUE"),
        (("nightlyy",), "'nightlyy' is none of latest, nightly, monthly; say what it asks for, such as since=7d"),
        (
            ("latest", "project=x"),
            "project= is not yours to say: project newscrawl, spider newspim, and an id made of the name",
        ),
        (("../here", "since=7d"), "'../here' cannot be the name of a log; take letters, digits, '-' and '_'"),
    ],
)
def test_what_it_cannot_ask_for_is_said_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    done = scheduled(*arguments)
    assert (done.returncode, done.stderr) == (2, f"schedule: {words}\n")


def test_what_is_given_changes_a_schedule_and_leaves_the_rest_of_it() -> None:
    fields = runpy.run_path(str(DEPLOY / "schedule.py"))["fields"]
    given = ["since=5d", "setting=LOG_LEVEL=DEBUG", "setting=NEWSCRAWL_WEBHOOK_URL=http://a/?b=c"]
    asked = fields("nightly", given, datetime(2026, 11, 20, 3, 30, tzinfo=KST))
    assert asked == [
        ("project", "newscrawl"),
        ("spider", "newspim"),
        ("jobid", "nightly-2026-11-20T03-30-00-000"),
        ("since", "5d"),
        ("setting", "NEWSCRAWL_TIME_LIMIT=14400"),
        ("setting", "LOG_LEVEL=DEBUG"),
        ("setting", "NEWSCRAWL_WEBHOOK_URL=http://a/?b=c"),
    ]


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_how_it_is_used_is_said(arguments: tuple[str, ...]) -> None:
    done = scheduled(*arguments)
    assert done.returncode == 2
    assert "deploy/schedule.py latest|nightly|monthly" in done.stderr


# deploy.py


def deployed(folder: Path, url: str, *arguments: str, **environment: str) -> tuple[int, str]:
    """The exit code and the words of a deployment that comes to nothing, to a target `there`."""
    (folder / "scrapy.cfg").write_text(f"[deploy:there]\nurl = {url}\n")
    done = subprocess.run(
        [sys.executable, str(DEPLOY / "deploy.py"), *arguments],
        env=clean() | {"XDG_CONFIG_HOME": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def test_nothing_is_built_when_no_scrapyd_answers(tmp_path: Path) -> None:
    words = "no Scrapyd answers at http://127.0.0.1:9; start it, or name another target (make deploy ARGS=NAME)"
    assert deployed(tmp_path, "http://127.0.0.1:9", "there") == (1, f"deploy: {words}\n")


def test_nothing_is_built_for_who_does_not_know_the_password(tmp_path: Path, scrapyd: Scrapyd) -> None:
    words = "answers 'Unauthorized'; set SCRAPYD_USERNAME and SCRAPYD_PASSWORD as the daemon has them"
    assert deployed(tmp_path, scrapyd.url, "there", SCRAPYD_USERNAME="a", SCRAPYD_PASSWORD="b") == (
        1,
        f"deploy: {scrapyd.url} {words}\n",
    )


def test_a_target_that_no_file_names_is_said(tmp_path: Path) -> None:
    words = "no target 'her' in scrapy.cfg or ~/.config/scrapy.cfg; known: default, there"
    assert deployed(tmp_path, "http://127.0.0.1:9", "her") == (1, f"deploy: {words}\n")


def test_an_egg_that_is_not_there_is_said(tmp_path: Path) -> None:
    egg = tmp_path / "no.egg"
    assert deployed(tmp_path, "http://127.0.0.1:9", "there", "--egg", str(egg)) == (
        1,
        f"deploy: there is no file {egg}\n",
    )


# Timers and crontab


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this machine has no systemd-analyze")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = (
            unit.read_text()
            .replace(f"{INSTALLED}/.venv.scrapyd/bin/python", sys.executable)
            .replace(INSTALLED, str(ROOT))
        )
        (tmp_path / unit.name).write_text(text.replace("User=newscrawl", "User=root"))
    timers = [str(tmp_path / unit.name) for unit in UNITS if unit.suffix == ".timer"]
    services = ["newscrawl-scrapyd.service", *(f"newscrawl-schedule@{name}.service" for name in SCHEDULES)]
    command = ["systemd-analyze", "verify", *timers, *(str(tmp_path / name) for name in services)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_each_schedule_has_a_timer_that_starts_it() -> None:
    for name in SCHEDULES:
        timer = (DEPLOY / f"systemd/newscrawl-{name}.timer").read_text()
        assert f"\nUnit=newscrawl-schedule@{name}.service\n" in timer
        zone = re.search(r"OnCalendar=.* ([A-Z]\w+/\w+)$", timer, re.MULTILINE)
        assert zone is None or zoneinfo.ZoneInfo(zone[1])


# Containers


def test_what_the_image_copies_stands_in_the_project() -> None:
    image = (DEPLOY / "Dockerfile").read_text()
    sources = [name for line in re.findall(r"^COPY (.*)$", image, re.MULTILINE) for name in line.split()[:-1]]
    assert "newscrawl" in sources
    assert [name for name in sources if not (ROOT / name).exists()] == []
    let_in = re.findall(r"^!(.*)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert sorted(let_in) == sorted(sources), "nothing else is sent to who builds it"


def test_the_container_is_open_to_its_host_only_and_asks_for_a_password() -> None:
    compose = (DEPLOY / "compose.yaml").read_text()
    assert re.findall(r'^ +- "(.*:\d+:\d+)"$', compose, re.MULTILINE) == ["127.0.0.1:6800:6800"]
    for name in ("SCRAPYD_USERNAME", "SCRAPYD_PASSWORD", "NEWSCRAWL_CONTACT"):
        assert f"{name}: ${{{name}:?" in compose
    assert "\n    env_file: /etc/newscrawl/environment\n" in compose


def has_compose() -> bool:
    docker = shutil.which("docker")
    return (
        bool(docker)
        and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    )


def test_docker_compose_understands_the_file(tmp_path: Path) -> None:
    if not has_compose():
        pytest.skip("this machine has no docker compose")
    environment = tmp_path / "environment"
    environment.write_text(
        "SCRAPYD_USERNAME=a\nSCRAPYD_PASSWORD='b c'\nNEWSCRAWL_CONTACT=c@example.com\nNEWSCRAWL_WEBHOOK_URL=d\n"
    )
    here = tmp_path / "compose.yaml"
    here.write_text((DEPLOY / "compose.yaml").read_text().replace("/etc/newscrawl/environment", str(environment)))
    command = ["docker", "compose", "--env-file", str(environment), "--file", str(here), "config", "--format", "json"]
    done = subprocess.run(command, env=clean(), capture_output=True, text=True, check=True)
    variables = json.loads(done.stdout)["services"]["scrapyd"]["environment"]
    assert (variables["SCRAPYD_PASSWORD"], variables["NEWSCRAWL_WEBHOOK_URL"]) == ("b c", "d")


def test_no_file_names_a_registry() -> None:
    for path in (path for path in DEPLOY.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        assert not re.search(r"\b[\w-]+\.(?:io|com|org)\b", path.read_text().replace("example.com", "")), path


# docs/operations.md


def test_the_table_of_ends_has_every_reason() -> None:
    reasons = {
        *verdict.ENDED_WELL,
        *("shutdown", time_limit.REASON, runs.DIED, retry.ASKED_TO_STAY_AWAY),
        *(robots.UNREACHABLE, robots.ROBOTS_UNREACHABLE, scheduler.CANNOT_OPEN, scheduler.CANNOT_WRITE),
    }
    assert "cannot_write" in Path(exporters.__file__).read_text(encoding="utf-8")
    assert set(first_column("How a run ended")) == reasons


def test_the_table_of_counts_has_every_line_of_the_summary() -> None:
    """By its source: no run has all of them."""
    summed_up = re.findall(r'^        \("(\w+)", ', inspect.getsource(verdict.summary), re.MULTILINE)
    assert len(summed_up) > 10
    assert sorted(first_column("What a run counted")) == sorted(summed_up)


def first_column(heading: str) -> list[str]:
    """The names at the beginning of a table's rows."""
    section = DOCS.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
