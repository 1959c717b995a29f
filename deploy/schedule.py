#!/usr/bin/env python3
"""Schedules one job on a Scrapyd, for timers and people. Needs nothing but Python; takes the address and password from the environment.

    deploy/schedule.py latest|nightly|monthly        one of the schedules below
    deploy/schedule.py NAME since=7d sections=정치 setting=LOG_LEVEL=DEBUG …

Prints the job's id, which is also the name of its log and of its file of articles. Exit code 1, and one line, when Scrapyd does not take it.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

# What each schedule asks for. The time limits end a run that hangs or has too much to do; the next one goes on with what is left.
SCHEDULES = {
    # Every ten minutes. Two hours back, so that a short outage of this machine or of the site needs nobody.
    "latest": ("since=2h", "setting=NEWSCRAWL_TIME_LIMIT=1500"),
    # Each night. The lists of three days once more, and every look at articles that is due: what was corrected or withdrawn.
    "nightly": ("since=3d", "setting=NEWSCRAWL_TIME_LIMIT=14400"),
    # Each month. The days that are known to be complete are not asked for again.
    "monthly": ("since=35d", "order=oldest", "priority=-1", "setting=NEWSCRAWL_TIME_LIMIT=86400"),
}
PATIENCE = 60  # seconds; Scrapyd loads the project when it is asked for the first time


class NotScheduledError(Exception):
    """Scrapyd did not take the job; the message says why."""


def main(arguments: list[str]) -> int:
    """Schedule what is asked for."""
    if not arguments or arguments[0].startswith("-") or not all("=" in one for one in arguments[1:]):
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    name, given = arguments[0], arguments[1:] or SCHEDULES.get(arguments[0], ())
    job = time.strftime(f"{name}-%Y-%m-%dT%H-%M-%S")
    try:
        print(schedule(fields(job, given), os.environ))
    except NotScheduledError as error:
        print(f"schedule {name}: {error}", file=sys.stderr)
        return 1
    return 0


def fields(job: str, given: list[str] | tuple[str, ...]) -> list[tuple[str, str]]:
    """What schedule.json is sent."""
    pairs = [(key, value) for key, _, value in (one.partition("=") for one in given)]
    return [("project", "newscrawl"), ("spider", "newspim"), ("jobid", job), *pairs]


def schedule(sent: list[tuple[str, str]], environment: os._Environ[str]) -> str:
    """The id of the job. Raises NotScheduledError."""
    address = environment.get("SCRAPYD_URL") or "http://127.0.0.1:6800"
    request = urllib.request.Request(f"{address.rstrip('/')}/schedule.json", urllib.parse.urlencode(sent).encode())
    if user := environment.get("SCRAPYD_USERNAME"):
        login = base64.b64encode(f"{user}:{environment.get('SCRAPYD_PASSWORD', '')}".encode()).decode()
        request.add_header("Authorization", f"Basic {login}")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        hint = "; set SCRAPYD_USERNAME and SCRAPYD_PASSWORD as the daemon has them" if error.code == 401 else ""
        raise NotScheduledError(f"{address} answers {error.code} {error.reason}{hint}") from error
    except (OSError, ValueError) as error:
        raise NotScheduledError(f"no Scrapyd answers at {address} ({error}); SCRAPYD_URL names another") from error
    if answer.get("status") != "ok":
        raise NotScheduledError(str(answer.get("message", answer)).strip().splitlines()[-1])
    return str(answer["jobid"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
