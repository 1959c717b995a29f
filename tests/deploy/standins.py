"""Stand in for programs that want root or a daemon: useradd, install, runuser, crontab, journalctl, docker. They check what they are told.

python standins.py PROGRAM ARGUMENT…        on the machine below the folder $MACHINE
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ.get("MACHINE", "/nowhere"))
PASSWD = ROOT / "etc/passwd"
CONTAINER = ROOT / "run/container"
CRON = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))  # minute, hour, day, month, day of the week
FORM = re.compile(r"services:\n  (?P<service>\w+):.*\n    container_name: (?P<container>\w+)\n", re.DOTALL)


def users() -> list[str]:
    """Who has an account."""
    return [line.split(":")[0] for line in PASSWD.read_text().splitlines()]


def check_user(name: str) -> None:
    if name not in users():
        sys.exit(f"there is no user {name}")


def useradd(arguments: list[str]) -> int:
    """Add a line to the passwords."""
    parser = argparse.ArgumentParser("useradd", allow_abbrev=False)
    for option in ("--system", "--user-group", "--create-home"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("--uid", type=int, default=680)
    parser.add_argument("--home-dir", required=True)
    parser.add_argument("name")
    given = parser.parse_args(arguments)
    if given.name in users():
        sys.exit(f"useradd: user '{given.name}' already exists")
    with PASSWD.open("a") as file:
        file.write(f"{given.name}:x:{given.uid}:{given.uid}::{given.home_dir}:/bin/sh\n")
    if given.create_home:
        Path(given.home_dir).mkdir(parents=True)
    return 0


def install(arguments: list[str]) -> int:
    """The real one, without the owners, who have an account here only."""
    kept = list(arguments)
    for option in ("-o", "-g"):
        if option in kept:
            at = kept.index(option)
            check_user(kept[at + 1])
            del kept[at : at + 2]
    return subprocess.run(["/usr/bin/install", *kept], check=False).returncode


def runuser(arguments: list[str]) -> int:
    """Run as another, to whom `id` says so."""
    option, user, dashes, *command = arguments
    assert (option, dashes) == ("-u", "--")
    check_user(user)
    return subprocess.run(command, env=os.environ | {"BECAME": "680"}, check=False).returncode


def become(arguments: list[str]) -> int:
    """`id -u`: root, unless runuser is above."""
    assert arguments == ["-u"]
    sys.stdout.write(os.environ.get("BECAME", "0") + "\n")
    return 0


def crontab(arguments: list[str]) -> int:
    """Read a table as cron does, and keep it as the user's."""
    option, user, path = arguments
    assert option == "-u"
    check_user(user)
    text = Path(path).read_text()
    assert text.endswith("\n"), "cron passes over a last line without its end"
    for line in text.splitlines():
        if line and not line.startswith("#") and not re.match(r"[A-Z]+=", line):
            check_row(line)
    kept = ROOT / "var/spool/cron" / user
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(text)
    return 0


def check_row(line: str) -> None:
    """Five fields of a time, and a command that the shell can read."""
    *when, command = line.split(maxsplit=5)
    for field, (least, most) in zip(when, CRON, strict=True):
        value, _, step = field.partition("/")
        assert value == "*" or least <= int(value) <= most, line
        assert not step or 1 <= int(step) <= most, line
    assert "%" not in command, "cron takes it for the end of the line"
    subprocess.run(["/bin/sh", "-n", "-c", command], check=True)


def journalctl(arguments: list[str]) -> int:
    """The last lines of units that have run."""
    parser = argparse.ArgumentParser("journalctl")
    parser.add_argument("-u", required=True)
    parser.add_argument("-n", type=int, default=1000)
    given = parser.parse_args(arguments)
    pattern = given.u if given.u.endswith((".service", ".timer")) else f"{given.u}.service"
    found = [path for path in (ROOT / "var/log/journal").iterdir() if fnmatch.fnmatch(path.name, pattern)]
    if not found:
        sys.exit(f"-- no entries of {pattern} --")
    for path in found:
        sys.stdout.write("\n".join(path.read_text().splitlines()[-given.n :]) + "\n")
    return 0


def docker(arguments: list[str]) -> int:
    """One container, of the project's compose file; what is run in it is for the test of the image."""
    verb, *rest = arguments
    if verb == "compose":
        return compose(rest)
    where = next(word for word in rest if not word.startswith("-"))
    name, colon, path = where.partition(":")
    if not CONTAINER.exists() or CONTAINER.read_text() != name:
        sys.exit(f"Error: No such container: {name}")
    assert verb in ("exec", "stop", "start", "cp")
    assert bool(colon) == (verb == "cp")
    assert not path or Path(path).is_relative_to(ROOT / "var/lib/newscrawl"), "only the volume is worth a copy"
    return 0


def compose(arguments: list[str]) -> int:
    """Check the file and that what it wants is set, then remember the container."""
    parser = argparse.ArgumentParser("docker compose")
    parser.add_argument("--env-file", type=Path, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("verb", choices=["up"])
    parser.add_argument("--detach", action="store_true", required=True)
    parser.add_argument("--build", action="store_true")
    given = parser.parse_args(arguments)
    text = given.file.read_text()
    lines = shlex.split(given.env_file.read_text(), comments=True)
    filled = {name for name, _, value in (line.partition("=") for line in lines) if value}
    missing = set(re.findall(r"\$\{(\w+):\?", text)) - filled
    if missing:
        sys.exit(f"required variable {', '.join(sorted(missing))} is missing a value")
    assert f"env_file: {given.env_file}\n" in text, "compose and the shell read the same file"
    found = FORM.search(text)
    assert found
    CONTAINER.parent.mkdir(exist_ok=True)
    CONTAINER.write_text(found["container"])
    return 0


PROGRAMS = {
    "useradd": useradd,
    "install": install,
    "runuser": runuser,
    "id": become,
    "crontab": crontab,
    "journalctl": journalctl,
    "docker": docker,
}

if __name__ == "__main__":
    sys.exit(PROGRAMS[sys.argv[1]](sys.argv[2:]))
