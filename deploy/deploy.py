"""Puts the project as an egg on a Scrapyd (`make deploy`), and takes it away again when Scrapyd cannot load it.

`scrapyd-deploy` alone ends with 0 in that case, and Scrapyd keeps the egg: each job from then on would run it, and fail.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from scrapyd_client import ScrapydClient
from scrapyd_client.exceptions import ErrorResponse, MalformedResponse
from scrapyd_client.utils import get_config

PROJECT = Path(__file__).resolve().parent.parent
TOOL = Path(sys.executable).with_name("scrapyd-deploy")


class NotDeployedError(Exception):
    """The egg is not on the Scrapyd; the message says why and what to do, in one line."""


def main() -> int:
    """Deploy to the target that is named, by default that of scrapy.cfg. Exit code 1 when Scrapyd does not take it."""
    parser = argparse.ArgumentParser(prog="deploy", description="Put the project as an egg on a Scrapyd")
    parser.add_argument("target", nargs="?", default="default", help="its name in scrapy.cfg or ~/.config/scrapy.cfg")
    parser.add_argument("--egg", metavar="FILE", type=Path, help="this egg, in place of one that is built now")
    given = parser.parse_args()
    egg = given.egg.absolute() if given.egg else None
    os.chdir(PROJECT)  # scrapyd-client looks for scrapy.cfg from here upwards
    try:
        if egg and not egg.is_file():
            raise NotDeployedError(f"there is no file {egg}")
        deploy(given.target, egg)
    except NotDeployedError as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    return 0


def deploy(target: str, egg: Path | None) -> None:
    """Send the egg, or one that is built now. Raises NotDeployedError."""
    wanted = look_up(target)
    client = ScrapydClient(wanted["url"], wanted.get("username"), wanted.get("password", ""))
    ask(client)
    version = str(int(time.time()))  # with a dot in it, it would be compared as text
    options = ["--version", version, *(("--egg", str(egg)) if egg else ())]
    done = subprocess.run([str(TOOL), target, *options], stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout.strip(), flush=True)
    if done.returncode:
        raise NotDeployedError("it could not be built or sent, the words above say why")
    if not is_taken(done.stdout):
        take_back(client, wanted["project"], version)
        raise NotDeployedError("Scrapyd did not take it, its words are above; its jobs run the version before")


def look_up(target: str) -> Mapping[str, str]:
    """The target's address, user, password and project; what it does not name is that of `[deploy]`. Raises NotDeployedError."""
    config = get_config()
    named = {"default": "deploy"} | {name.partition(":")[2]: name for name in config if name.startswith("deploy:")}
    if target not in named:
        raise NotDeployedError(f"no target {target!r} in scrapy.cfg or ~/.config/scrapy.cfg; known: {', '.join(named)}")
    return {**config["deploy"], **config[named[target]]}


def ask(client: ScrapydClient) -> None:
    """Whether a Scrapyd is there and knows us, before anything is built. Raises NotDeployedError."""
    try:
        client.daemonstatus()
    except MalformedResponse as error:  # what it says to a stranger is no JSON
        answer = (str(error).strip() or "nothing").splitlines()[0]
        hint = "set SCRAPYD_USERNAME and SCRAPYD_PASSWORD as the daemon has them"
        raise NotDeployedError(f"{client.url} answers {answer!r}; {hint}") from error
    except OSError as error:
        hint = "start it, or name another target (make deploy ARGS=NAME)"
        raise NotDeployedError(f"no Scrapyd answers at {client.url}; {hint}") from error


def is_taken(answer: str) -> bool:
    """Whether Scrapyd could load the egg, by its answer."""
    try:
        return bool(json.loads(answer)["status"] == "ok")
    except (ValueError, KeyError):
        return False


def take_back(client: ScrapydClient, project: str, version: str) -> None:
    """Delete the version, if Scrapyd kept it."""
    try:
        client.delversion(project, version)
    except ErrorResponse as error:  # it kept none: what was sent is no egg at all
        print(f"deploy: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
