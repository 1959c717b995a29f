"""The project as an egg, and as a package in Scrapyd's environment: all of it is there, and its commands work."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom
from newscrawl.schema import RECORD

from . import page
from .conftest import ALL, Settings
from .image import Image
from .scrapyd import ROOT, Scrapyd, ids


def test_an_egg_has_every_file_of_the_package(egg: Path) -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / "newscrawl").rglob("*") if path.is_file()}
    packed = set(zipfile.ZipFile(egg).namelist())
    assert {name for name in ours if "__pycache__" not in name} <= packed


def test_building_it_changes_no_file_of_the_project(egg: Path, copy: Path) -> None:
    for name in ("setup.py", "pyproject.toml", "scrapy.cfg"):
        assert (copy / name).read_bytes() == (ROOT / name).read_bytes()


def in_egg(scrapyd: Scrapyd, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`scrapy …` with the code of the newest egg, as docs/operations.md says."""
    return subprocess.run(
        [sys.executable, "-m", "scrapyd.runner", *arguments],
        cwd=scrapyd.folder,
        env=scrapyd.environment | {"SCRAPY_PROJECT": "newscrawl", "NEWSCRAWL_DATA_DIR": str(scrapyd.folder / "data")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_schema_is_read_from_the_egg(scrapyd: Scrapyd) -> None:
    done = in_egg(scrapyd, "schema")
    assert json.loads(done.stdout) == RECORD
    assert done.stderr == ""


def test_the_demo_runs_from_the_egg(scrapyd: Scrapyd) -> None:
    done = in_egg(scrapyd, "demo", "--articles", "60")
    assert "One of them" in done.stdout, done.stdout + done.stderr


def test_the_ledger_is_shown_from_the_egg(scrapyd: Scrapyd) -> None:
    done = in_egg(scrapyd, "ledger")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_code_in_the_daemons_folder_is_not_run_in_place_of_the_egg(scrapyd: Scrapyd) -> None:
    wrong = scrapyd.folder / "newscrawl/__init__.py"
    wrong.parent.mkdir()
    wrong.write_text("raise SystemExit('the wrong code')\n")
    assert in_egg(scrapyd, "list").stdout == "newspim\n"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The project installed as a package, as deploy/Dockerfile does it."""
    return Image(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def package(image: Image) -> Iterator[Scrapyd]:
    """The daemon of the image. No egg."""
    scrapyd = Scrapyd(image.workdir, **image.variables, PYTHONPATH=str(image.site))
    try:
        scrapyd.start()
        yield scrapyd
    finally:
        scrapyd.end()


def test_it_runs_installed_as_a_package(package: Scrapyd, room: Newsroom, settings: Settings, tmp_path: Path) -> None:
    assert package.get("listprojects")["projects"] == ["newscrawl"]
    job = package.schedule(settings(), since=ALL)
    package.wait_for(job)
    assert len(ids(tmp_path)) == len(set(ids(tmp_path))) > 40, package.job_log(job) + package.log()


def test_the_image_starts_what_the_tests_start_as_a_user_of_its_own(image: Image) -> None:
    assert image.command("CMD") == ["python", "-m", "scrapyd", "--pidfile="]
    assert image.said["USER"] in (image.root / "etc/passwd").read_text()
    assert (image.root / "etc/scrapyd/scrapyd.conf").read_text() == (ROOT / "deploy/scrapyd.conf").read_text()
    assert not list(image.root.glob("opt/newscrawl/newscrawl*")), "its code stands there once, installed"


def test_the_image_is_healthy_while_its_scrapyd_answers(image: Image, package: Scrapyd) -> None:
    check = shlex.join(image.command("HEALTHCHECK"))
    assert image.run(check, SCRAPYD_URL=package.url).returncode == 0
    assert image.run(check, SCRAPYD_URL="http://127.0.0.1:9").stderr == (
        "ready: no Scrapyd answers at http://127.0.0.1:9\n"
    )


def test_what_the_page_runs_in_the_container_runs_in_the_image(image: Image) -> None:
    commands = [line for line in page.blocks()["In a container"] if line.startswith("docker exec")]
    assert commands
    for command in commands:
        done = image.run(command.removeprefix("docker exec newscrawl "))
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
