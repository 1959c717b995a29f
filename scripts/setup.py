"""Makes the virtual environment that the Makefile's targets run in, unless it stands already.

    python3 scripts/setup.py [--exact] [requirements/development.txt [.venv]]

Whichever Python starts this, the environment is made with one that newscrawl runs on; `--exact` takes the starting
one or none. What is installed is what the lock names, each file checked against its hash. A stamp written last says
of what the environment was made: with the same lock, Python and place there is nothing to do, and an environment
without its stamp, left by a killed set-up, is made anew. Two set-ups at once wait for each other.

Syntax and start: any Python 3.6, so that a machine whose `python3` is old is told so. Nothing but the standard library.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

OLDEST = (3, 11)
NEWEST = (3, 14)  # the newest for which each pinned package has a ready-made file; newer ones only if there is no other
ROOT = Path(__file__).resolve().parent.parent
PROBE = "import sys; print(*sys.version_info[:2], sys.executable, sep='\\n')"
NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Failed to establish a new connection",
    "Cannot connect to proxy",
)
# A user's pip may be set to install elsewhere or to leave out what is needed; an index or a proxy of theirs is kept.
NOT_OURS = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT", "PIP_NO_BINARY", "PYTHONHOME", "PYTHONPATH")


class SetupError(Exception):
    """What went wrong and what to do about it, in one line."""


def main(arguments: "list[str]") -> int:
    exact = "--exact" in arguments
    paths = [argument for argument in arguments if argument != "--exact"]
    lock = ROOT / (paths[0] if paths else "requirements/development.txt")
    venv = ROOT / (paths[1] if len(paths) > 1 else ".venv")
    try:
        if not stands(venv, lock, exact):
            with Path(str(venv) + ".lock").open("w") as turn:
                wait(turn, venv)
                if not stands(venv, lock, exact):
                    make(venv, lock, choose_python(exact), turn)
    except (SetupError, OSError) as error:
        print("setup: {}".format(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; the next run makes {} anew".format(venv.name), file=sys.stderr)
        return 130
    return 0


def stands(venv: Path, lock: Path, exact: bool) -> bool:
    """Whether the environment is whole and made of this lock, at this place, by a Python that still is there."""
    interpreter = Path(sys.executable) if exact else venv / "bin" / "python"
    try:
        return interpreter.exists() and (venv / "stamp").read_text() == stamp(venv, lock, interpreter)
    except FileNotFoundError:
        return False


def stamp(venv: Path, lock: Path, interpreter: Path) -> str:
    """What the environment is made of. The Python's real path has its version; the scripts inside name the place."""
    return "{}\n{}\n{}\n".format(hashlib.sha256(lock.read_bytes()).hexdigest(), interpreter.resolve(), venv)


def wait(turn: "IO[str]", venv: Path) -> None:
    """Take the turn, waiting for another set-up of the same environment."""
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("waiting for another set-up of {}".format(venv.name))
        fcntl.flock(turn, fcntl.LOCK_EX)


def choose_python(exact: bool) -> str:
    """The path of the Python to use: the starting one if it fits, else the newest on PATH that does."""
    here = sys.version_info[:2]
    # In an activated environment, the Python that it was made with: the environment may be the one to be made anew.
    start = sys.executable if sys.prefix == sys.base_prefix else str(Path(sys.executable).resolve())
    if OLDEST <= here <= NEWEST or (exact and here >= OLDEST):
        return start
    if not exact:
        for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
            found = probe("python3.{}".format(minor))
            if found:
                return found
        if here > NEWEST:
            return start
    raise SetupError(
        "newscrawl needs Python {}.{} or later and this is {}.{} ({}); install one and, if it is not found by itself, "
        "say which: make PYTHON=/path/to/python3".format(OLDEST[0], OLDEST[1], here[0], here[1], sys.executable)
    )


def probe(name: str) -> "str | None":
    """The path of the Python of this name, if it runs: pyenv leaves names on PATH that do not."""
    if not shutil.which(name):
        return None
    answer = subprocess.run([name, "-c", PROBE], check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = answer.stdout.decode().split("\n")
    return lines[2] if answer.returncode == 0 and (int(lines[0]), int(lines[1])) >= OLDEST else None


def make(venv: Path, lock: Path, python: str, turn: "IO[str]") -> None:
    """Build the environment from nothing and stamp it."""
    began = time.monotonic()
    version = output([python, "-c", "import platform; print(platform.python_version())"])
    check_venv_module(python, version)
    say("making {} with Python {} from {}, about half a minute".format(venv.name, version, lock.name))
    if (venv / "stamp").exists():
        (venv / "stamp").unlink()
    log = Path(str(venv) + ".log")
    inside = venv / "bin" / "python"
    pip = [str(inside), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    with log.open("w") as sink:
        run([python, "-I", "-m", "venv", "--clear", str(venv)], sink, turn)
        run([*pip, "install", "--require-hashes", "--no-deps", "--requirement", str(lock)], sink, turn)
        run([*pip, "check"], sink, turn)  # the lock was installed as it stands: does it satisfy itself?
    done = venv / "stamp.new"
    done.write_text(stamp(venv, lock, inside))
    done.replace(venv / "stamp")
    say("{} is ready, after {:.0f} s".format(venv.name, time.monotonic() - began))


def check_venv_module(python: str, version: str) -> None:
    """Debian and its like leave ensurepip out of their Python."""
    asked = subprocess.run([python, "-c", "import venv, ensurepip"], check=False, stderr=subprocess.DEVNULL)
    if asked.returncode != 0:
        short = ".".join(version.split(".")[:2])
        raise SetupError(
            "{} cannot make virtual environments (no venv or ensurepip module); "
            "on Debian or Ubuntu: apt install python{}-venv".format(python, short)
        )


def run(command: "list[str]", sink: "IO[str]", turn: "IO[str]") -> None:
    """Run a step, its words to the log. It holds the turn too, so that a killed set-up's pip is waited for."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environment["PIP_USER"] = "0"
    status = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=sink,
        stderr=subprocess.STDOUT,
        env=environment,
        pass_fds=[turn.fileno()],
    ).returncode
    if status == 0:
        return
    said = Path(sink.name).read_text(errors="replace")
    if any(sign in said[-4000:] for sign in NO_NETWORK):  # the end only: an earlier try that failed was tried again
        raise SetupError("no network: the package registry could not be reached; pip's words are in " + sink.name)
    print(said, file=sys.stderr)
    raise SetupError("failed with exit code {}: {}".format(status, " ".join(command)))


def output(command: "list[str]") -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def say(words: str) -> None:
    print("setup: {}".format(words), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
