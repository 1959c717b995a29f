"""Stands in for systemctl on a machine below a folder: reads the units that were loaded and starts, stops and lists them.

It knows what the units of deploy/systemd/ say, and refuses what it does not know, so that nothing in them is passed over.
"""

from __future__ import annotations

import fnmatch
import os
import shlex
import signal
import subprocess
import sys
import time
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(os.environ.get("MACHINE", "/nowhere"))
FILES, LOADED, ACTIVE = ROOT / "etc/systemd/system", ROOT / "run/loaded", ROOT / "run/active"
JOURNAL = ROOT / "var/log/journal"
# What keeps a service from doing harm: systemd-analyze reads it, and nothing here can act on it.
WALLS = {"NoNewPrivileges", "PrivateTmp", "ProtectHome", "ProtectSystem", "UMask"}
RULES = {"Type", "Restart", "RestartSec", "KillMode", "TimeoutStopSec", "TimeoutStartSec"}
READ = {"User", "EnvironmentFile", "StateDirectory", "WorkingDirectory", "ExecStart", "ExecStartPost"}


def main(arguments: list[str]) -> int:
    """The exit code of `systemctl …`."""
    verb, *names = arguments
    now = "--now" in names
    units = [name for name in names if name != "--now"]
    if verb == "daemon-reload":
        return reload()
    if verb == "enable":
        assert all(section(unit, "Install") for unit in units)
        return start(units) if now else 0
    if verb == "restart":
        return stop(units) or start(units)
    return {"start": start, "stop": stop, "status": status, "list-timers": list_timers}[verb](units)


def reload() -> int:
    """Read the unit files; those that were copied later are not known before the next time."""
    LOADED.mkdir(parents=True, exist_ok=True)
    for path in FILES.iterdir():
        (LOADED / path.name).write_text(path.read_text())
    return 0


def section(unit: str, name: str) -> dict[str, str]:
    """A section of a unit that is loaded, or of the template that it is made of."""
    stem, at, rest = unit.partition("@")
    instance, _, kind = rest.rpartition(".")
    path = LOADED / (f"{stem}@.{kind}" if at else unit)
    if not path.exists():
        sys.exit(f"Unit {unit} could not be found.")
    parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text().replace("%i", instance))
    return dict(parser[name]) if parser.has_section(name) else {}


def start(units: list[str]) -> int:
    """Each that does not run; the code of the first that fails."""
    ACTIVE.mkdir(parents=True, exist_ok=True)
    JOURNAL.mkdir(parents=True, exist_ok=True)
    return next((code for unit in units if not is_active(unit) and (code := start_one(unit))), 0)


def start_one(unit: str) -> int:
    if unit.endswith(".timer"):
        section(section(unit, "Timer")["Unit"], "Service")  # what it will start is there
        (ACTIVE / unit).write_text("0")
        return 0
    service = section(unit, "Service")
    assert set(service) <= WALLS | RULES | READ, f"{unit}: the test's systemctl does not know all of {set(service)}"
    environment = of_user(service["User"]) | of_file(service["EnvironmentFile"])
    folder = state_directory(service["StateDirectory"]) if "StateDirectory" in service else ROOT
    assert service.get("WorkingDirectory", str(folder)) == str(folder)
    with (JOURNAL / unit).open("ab") as journal:

        def begin(key: str) -> subprocess.Popen[bytes]:
            command = shlex.split(service[key])
            return subprocess.Popen(
                command, cwd=folder, env=environment, stdout=journal, stderr=journal, start_new_session=True
            )

        process = begin("ExecStart")
        if service.get("Type") == "oneshot":
            return process.wait()
        (ACTIVE / unit).write_text(str(process.pid))
        return begin("ExecStartPost").wait() if "ExecStartPost" in service else 0


def of_user(name: str) -> dict[str, str]:
    """What systemd gives to a service, and nothing of who starts it."""
    rows = [line.split(":") for line in (ROOT / "etc/passwd").read_text().splitlines()]
    home = next((row[5] for row in rows if row[0] == name), None)
    if home is None:
        sys.exit(f"Failed to determine user credentials: no user {name}")
    return {"PATH": os.environ["PATH"], "HOME": home, "USER": name, "MACHINE": str(ROOT)}


def of_file(path: str) -> dict[str, str]:
    """An environment file as systemd reads it."""
    lines = shlex.split(Path(path).read_text(), comments=True)
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def state_directory(name: str) -> Path:
    """Made for the service. Scrapyd looks for its configuration below /etc, a place that is fixed in its code, and in its user's home."""
    folder = ROOT / "var/lib" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".scrapyd.conf").unlink(missing_ok=True)
    (folder / ".scrapyd.conf").symlink_to(ROOT / "etc/scrapyd/scrapyd.conf")
    return folder


def stop(units: list[str]) -> int:
    """One signal to all processes of each, as KillMode=control-group says; then wait until none is left."""
    known = [path.name for path in ACTIVE.glob("*")]
    for unit in [name for pattern in units for name in fnmatch.filter(known, pattern)]:
        group = int((ACTIVE / unit).read_text())
        (ACTIVE / unit).unlink()
        if group:
            os.killpg(group, signal.SIGTERM)
            end = time.monotonic() + 60
            while members(group):
                assert time.monotonic() < end, f"{unit} does not stop"
                time.sleep(0.02)  # no event tells of the end of processes that are not our children
    return 0


def members(group: int) -> list[str]:
    """The processes of a group that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it ended meanwhile
            continue
        if int(of) == group and state != "Z":
            found.append(path.parent.name)
    return found


def is_active(unit: str) -> bool:
    path = ACTIVE / unit
    return path.exists() and (path.read_text() == "0" or bool(members(int(path.read_text()))))


def status(units: list[str]) -> int:
    """0 when all are active, 3 otherwise."""
    for unit in units:
        section(unit, "Unit")
        sys.stdout.write(f"{unit}: {'active' if is_active(unit) else 'inactive'}\n")
    return 0 if all(is_active(unit) for unit in units) else 3


def list_timers(patterns: list[str]) -> int:
    """Those that wait for their time."""
    for pattern in patterns:
        sys.stdout.writelines(f"{path.name}\n" for path in sorted(ACTIVE.glob(pattern)) if path.suffix == ".timer")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
