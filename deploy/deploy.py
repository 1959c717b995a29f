"""Puts the project as an egg on a Scrapyd (`make deploy`), and takes it away again when Scrapyd cannot load it.

`scrapyd-deploy` alone ends with 0 in that case, and Scrapyd keeps the egg: each job from then on would run it, and fail.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from scrapyd_client import ScrapydClient
from scrapyd_client.exceptions import ErrorResponse
from scrapyd_client.utils import get_config

TOOL = Path(sys.executable).with_name("scrapyd-deploy")


def main() -> int:
    """Deploy to the target that is named, by default that of scrapy.cfg. Exit code 1 when Scrapyd does not take it."""
    parser = argparse.ArgumentParser(prog="deploy", description="Put the project as an egg on a Scrapyd")
    parser.add_argument("target", nargs="?", default="default", help="its name in scrapy.cfg or ~/.config/scrapy.cfg")
    parser.add_argument("--egg", metavar="FILE", help="this egg, in place of one that is built now")
    given = parser.parse_args()
    version = str(int(time.time()))  # with a dot in it, it would be compared as text
    options = ["--version", version, *(("--egg", given.egg) if given.egg else ())]
    done = subprocess.run([str(TOOL), given.target, *options], stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout.strip())
    if done.returncode == 0 and is_taken(done.stdout):
        return 0
    if done.returncode == 0:
        take_back(given.target, version)
    print("deploy: Scrapyd did not take it, its words are above; its jobs run the version before", file=sys.stderr)
    return 1


def is_taken(answer: str) -> bool:
    """Whether Scrapyd could load the egg, by its answer."""
    try:
        return bool(json.loads(answer)["status"] == "ok")
    except (ValueError, KeyError):
        return False


def take_back(target: str, version: str) -> None:
    """Delete the version, if Scrapyd kept it."""
    config = get_config()
    name = f"deploy:{target}" if target != "default" else "deploy"
    found = {**config["deploy"], **config[name]}  # what a target does not name is that of scrapy.cfg
    client = ScrapydClient(found["url"], found.get("username"), found.get("password", ""))
    try:
        client.delversion(found["project"], version)
    except ErrorResponse as error:  # it kept none: what was sent is no egg at all
        print(f"deploy: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
