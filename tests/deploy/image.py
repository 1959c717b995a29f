"""The image of deploy/Dockerfile, built below a folder: each of its lines is done, with this Python in place of the one it starts from."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from . import standins
from .scrapyd import BIN, ROOT, clean

# What the lock names stands in this Python, from the same lock: pip says so, or that something is missing. No index is asked.
PIP = """export PIP_NO_INDEX=1
case "$*" in
  install*--requirement*) exec {pip} "$@" --dry-run ;;
  install*) exec {pip} "$@" --target {site} ;;
esac"""
PATHS = re.compile(r"(?<![\w.}/-])/(opt|etc|var)(?![\w.-])")


class Image:
    """Its folders, its environment, and what it says of itself. Raises ValueError for a line that is not known here."""

    def __init__(self, folder: Path) -> None:
        self.root = folder.resolve()
        self.site = self.root / "site"  # where its pip puts what it builds
        self.workdir = self.root
        self.variables: dict[str, str] = {}
        self.said: dict[str, str] = {}  # FROM, USER, EXPOSE, HEALTHCHECK, CMD
        for name in ("bin", "etc", "opt", "var/lib"):
            (self.root / name).mkdir(parents=True)
        (self.root / "etc/passwd").touch()
        self._put("useradd", f'exec {sys.executable} {standins.__file__} useradd "$@"')
        self._put("pip", PIP.format(pip=BIN / "pip", site=self.site))
        text = (ROOT / "deploy/Dockerfile").read_text().replace("\\\n", " ")
        for line in (line for line in text.splitlines() if line and not line.startswith("#")):
            word, rest = line.split(maxsplit=1)
            self._step(word, PATHS.sub(lambda path: f"{self.root}{path[0]}", rest))

    def _put(self, name: str, script: str) -> None:
        path = self.root / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def _step(self, word: str, rest: str) -> None:
        if word == "RUN":
            done = self.run(f"umask 022; {rest}")
            if done.returncode:
                raise ValueError(f"RUN {rest}: {done.stdout}{done.stderr}")
        elif word == "COPY":
            self._copy(rest.split())
        elif word == "WORKDIR":
            self.workdir = self.root / rest
            self.workdir.mkdir(parents=True, exist_ok=True)
        elif word == "ENV":
            self.variables |= dict(one.split("=", 1) for one in shlex.split(rest))
        elif word in ("FROM", "USER", "EXPOSE", "HEALTHCHECK", "CMD"):
            self.said[word] = rest
        else:
            raise ValueError(f"the test does not know {word}")

    def _copy(self, names: list[str]) -> None:
        """A folder's content, or files; a target that ends in a slash is a folder."""
        *sources, target = names
        for name in sources:
            source, there = ROOT / name, self.workdir / target
            if source.is_dir():
                shutil.copytree(source, there, ignore=shutil.ignore_patterns("__pycache__"))
                continue
            path = there / source.name if target.endswith("/") else there
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, path)

    @property
    def environment(self) -> dict[str, str]:
        """As a process in it has it."""
        paths = {"PATH": f"{self.root / 'bin'}{os.pathsep}{BIN}{os.pathsep}{os.environ['PATH']}"}
        return clean() | paths | {"MACHINE": str(self.root), "PYTHONPATH": str(self.site)} | self.variables

    def run(self, command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command of a shell in it."""
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.workdir,
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def command(self, word: str) -> list[str]:
        """The words of CMD or HEALTHCHECK."""
        found: list[str] = json.loads(self.said[word][self.said[word].index("[") :])
        return found
