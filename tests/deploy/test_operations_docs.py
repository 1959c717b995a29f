"""Each command of docs/operations.md does what the page says: on a machine below a folder, with a newsroom in place of the site."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom, generate
from tests.crawl.conftest import wait_until

from . import page
from .machine import Machine
from .scrapyd import BIN, ROOT, ids

BLOCKS = page.blocks()
TRY, PACKAGE, CONTAINER = "Try it here", "As a package", "In a container"
DEPLOY = ".venv.scrapyd/bin/python deploy/deploy.py"
SCHEDULES = ("latest", "nightly", "monthly")

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="the page is for Linux")


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    """Small, and of the last two days: the commands ask for ages."""
    with Newsroom(generate(articles=60, days=2, seed=3)) as room:
        yield room


# Try it here


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory, room: Newsroom) -> Iterator[Machine]:
    """With the daemon that the page's first command starts; it and its jobs are ended."""
    machine = Machine(tmp_path_factory.mktemp("tried"), room)
    machine.environment |= {"SCRAPYD_HTTP_PORT": machine.port}
    daemon = subprocess.Popen(
        ["make", "scrapyd", f"BIN={BIN}", "SETUP=@true"],
        cwd=machine.code,
        env=machine.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code, printed = machine.run("deploy/ready.py")
        assert (code, daemon.poll()) == (0, None), printed
        yield machine
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()


def done(machine: Machine, command: str, meant: int = 0) -> str:
    """A command that ends as it is meant to; what it printed."""
    code, printed = machine.run(command)
    assert code == meant, f"{command}: {printed}"
    assert '"status": "error"' not in printed, f"{command}: {printed}"
    if "deploy.py" in command or command.startswith("make deploy"):
        assert '"spiders": 1' in printed
    return printed


def section(machine: Machine, heading: str, but: str = "") -> str:
    """The commands of a heading, one after the other, but for one that was run already; what the last of them printed."""
    assert not but or but in BLOCKS[heading]
    printed = ""
    for command in BLOCKS[heading]:
        if command == but or (command.startswith("curl") and not shutil.which("curl")):
            continue  # what curl asks for, the other tests ask for too, from Python
        printed = done(machine, command)
        if "deploy/environment.example" in command:
            machine.fill_in()
    return printed


def test_it_can_be_tried_in_the_projects_folder(tried: Machine) -> None:
    first, *then = BLOCKS[TRY]
    assert first == "make scrapyd"
    before = {path.name for path in tried.code.iterdir()}
    too_early = "schedule latest: project 'newscrawl' not found; deploy it first\n"
    assert tried.run("deploy/schedule.py latest") == (1, too_early)
    for command in then:
        done(tried, command)
    data = tried.code / "data"
    wait_until(lambda: bool(ids(data)), "a job writes below data/")
    assert {path.name for path in data.iterdir()} == {"newspim", "scrapyd"}
    assert {path.name for path in tried.code.iterdir()} - before == {"build", "data", "newscrawl.egg-info"} - before


def test_the_working_copy_is_no_project_of_its_own(tried: Machine) -> None:
    assert "default" not in done(tried, ".venv/bin/scrapyd-client projects")


def test_a_second_scrapyd_on_the_same_port_is_said_in_one_line(tried: Machine) -> None:
    code, printed = tried.run("make scrapyd")
    assert code == 2
    assert printed.splitlines()[0] == (
        f"scrapyd: port {tried.port} is taken, by a Scrapyd that runs already? SCRAPYD_HTTP_PORT names another"
    )


def test_a_working_copy_is_deployed_and_an_egg_that_scrapyd_cannot_load_is_taken_back(
    tried: Machine, egg: Path, tmp_path: Path
) -> None:
    config = tried.root / "root/.config/scrapy.cfg"
    config.parent.mkdir()
    config.write_text(tried.below(page.target()))
    whole_one = re.search(r'"version": "(\d+)"', section(tried, "Deploy", but="make deploy"))
    assert whole_one
    with zipfile.ZipFile(egg) as whole, zipfile.ZipFile(tmp_path / "broken.egg", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"import not_here" if name == "newscrawl/settings.py" else whole.read(name))
    code, printed = tried.run(f"make deploy ARGS='--egg {tmp_path / 'broken.egg'}'")
    assert code == 2
    assert "No module named 'not_here'" in printed
    assert "deploy: Scrapyd did not take it" in printed
    kept = sorted(path.stem for path in tried.code.glob("data/scrapyd/eggs/newscrawl/*.egg"))
    assert kept[-1] == whole_one[1]


def test_what_is_no_egg_is_not_taken(tried: Machine) -> None:
    code, printed = tried.run("make deploy ARGS='--egg Makefile'")
    assert code == 2
    assert "egg is not a ZIP file" in printed
    assert "Traceback" not in printed


# Everything else


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, room: Newsroom) -> Iterator[Machine]:
    """A machine with nothing on it but the project and what its set-up downloads."""
    machine = Machine(tmp_path_factory.mktemp("installed"), room)
    machine.make_environment()
    try:
        yield machine
    finally:
        machine.end()


def written(machine: Machine) -> set[str]:
    """The articles of all feeds."""
    return set(ids(machine.root / "var/lib/newscrawl/data"))


def jobs(machine: Machine) -> dict[str, list[str]]:
    """What Scrapyd names as pending, running and finished."""
    told = json.loads(machine.ask("listjobs.json?project=newscrawl"))
    return {state: [job["id"] for job in told[state]] for state in ("pending", "running", "finished")}


def timers_elapse(machine: Machine) -> None:
    """What systemd does when their time has come. The month is crawled; the others, which were and will be, are taken back."""
    for name in SCHEDULES:
        done(machine, f"systemctl start newscrawl-schedule@{name}.service")
        job = (machine.root / f"var/log/journal/newscrawl-schedule@{name}.service").read_text().strip()
        assert re.fullmatch(rf"{name}-20[\dT-]+", job)
        if name != "monthly":
            machine.cancel(job)


def cron_runs(machine: Machine) -> None:
    """Each line of the table, as the user's; its jobs are taken back."""
    before = Counter(chain(*jobs(machine).values()))
    rows = (machine.root / "var/spool/cron/newscrawl").read_text().splitlines()
    for command in [row.split(maxsplit=5)[5] for row in rows if re.match(r"[*\d]", row)]:
        assert machine.as_user(command) == (0, ""), command
    added = Counter(chain(*jobs(machine).values())) - before
    assert sorted(job.split("-")[0] for job in added.elements()) == sorted(SCHEDULES)
    for job in added:
        machine.cancel(job)


def only(machine: Machine, *names: str) -> dict[str, str]:
    """The ids of the jobs of these names; others that wait are taken back."""
    for job in jobs(machine)["pending"]:
        if job.split("-")[0] not in names:
            machine.cancel(job)
    return {job.split("-")[0]: job for job in chain(*jobs(machine).values())}


def logged(machine: Machine, name: str, words: str) -> bool:
    """Whether a job of this name has logged this."""
    logs = (machine.root / "var/lib/newscrawl/logs/newscrawl/newspim").glob(f"{name}-*.log")
    return any(words in log.read_text() for log in logs)


def run_from_the_text(machine: Machine, examples: dict[str, str], ended: int) -> None:
    """What stands in the text, and in no block; where it names an example of a job or a run, one that is there. The job ended so."""
    known = {command for heading in BLOCKS for command in BLOCKS[heading]}
    for written in page.in_text():
        command = re.sub("^(/opt/newscrawl/deploy/)?scrapy ", "deploy/scrapy ", written)
        for example, one in examples.items():
            command = command.replace(example, one)
        if written not in page.NOT_RUN and command not in known and not command.startswith("docker"):
            done(machine, command, meant=ended if "--job" in command else 0)


def test_the_page_from_the_top_to_the_bottom(installed: Machine) -> None:
    machine = installed
    first = section(machine, "Install", but="deploy/scrapy runs").strip()  # which is run under Look, with more to see
    section(machine, "Schedule")
    section(machine, "Cancel")
    timers_elapse(machine)
    cron_runs(machine)
    watch = only(machine, "latest", "nightly", "watch", "monthly")["watch"]
    wait_until(lambda: logged(machine, "watch", "Spider opened"), "the watch runs")
    runs = section(machine, "Look")
    ended = re.search(rf" finished  +exit (\d)  exported \d+  job {first}$", runs, re.MULTILINE)
    number = re.search(rf"^ +(\d+) .* running .* job {watch}", runs, re.MULTILINE)
    assert ended
    assert number
    examples = {"--end 12": f"--end {number[1]}", "report 12": "report 1", "--job week": f"--job {first}"}
    run_from_the_text(machine, examples, int(ended[1]))
    crawled = "Spider closed (finished)"
    wait_until(lambda: all(logged(machine, name, crawled) for name in SCHEDULES), "each schedule crawls")
    before = written(machine)
    section(machine, "Back up and restore")
    section(machine, "Upgrade", but=DEPLOY)
    assert before <= written(machine)
    section(machine, PACKAGE)


def test_a_container_beside_the_schedules_of_its_host(tmp_path_factory: pytest.TempPathFactory, room: Newsroom) -> None:
    machine = Machine(tmp_path_factory.mktemp("container"), room)
    section(machine, CONTAINER)
    for command in page.in_text():
        if command.startswith("docker"):
            done(machine, command)


def test_every_command_of_the_page_is_run() -> None:
    run = {TRY, "Install", PACKAGE, CONTAINER, "Deploy", "Schedule", "Look", "Cancel", "Back up and restore", "Upgrade"}
    assert set(BLOCKS) == run
    assert set(page.NOT_RUN) <= set(page.in_text())
    unit = (ROOT / "deploy/systemd/newscrawl-scrapyd.service").read_text()
    assert f"\nExecStart={page.BY_HAND}\n" in unit
