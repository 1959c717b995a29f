"""The project as an egg, and as a package in Scrapyd's environment: all of it is there, and its commands work."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom
from newscrawl.schema import RECORD

from .conftest import ALL, Settings
from .scrapyd import ROOT, Scrapyd, clean, ids, project


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


@pytest.mark.parametrize("name", ["status", "ledger"])
def test_a_command_runs_from_the_egg(scrapyd: Scrapyd, name: str) -> None:
    done = in_egg(scrapyd, name)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_code_in_the_daemons_folder_is_not_run_in_place_of_the_egg(scrapyd: Scrapyd) -> None:
    wrong = scrapyd.folder / "newscrawl/__init__.py"
    wrong.parent.mkdir()
    wrong.write_text("raise SystemExit('the wrong code')\n")
    assert in_egg(scrapyd, "list").stdout == "newspim\n"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    """A daemon in whose environment the project is installed; in its folder a scrapy.cfg that names it. No egg."""
    folder = tmp_path_factory.mktemp("package")
    source = project(folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(folder / "site"), str(source)], env=clean(), check=True)
    scrapyd = Scrapyd(folder / "daemon", PYTHONPATH=str(folder / "site"))
    (scrapyd.folder / "scrapy.cfg").write_text((ROOT / "deploy/package/scrapy.cfg").read_text())
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
