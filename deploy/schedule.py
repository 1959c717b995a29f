#!/usr/bin/env python3
"""Schedules one job on a Scrapyd, for timers and people. Needs nothing but Python; takes the address and password from the environment.

    deploy/schedule.py latest|nightly|monthly                    one of the schedules below
    deploy/schedule.py nightly setting=LOG_LEVEL=DEBUG           the same, and what is added or said otherwise
    deploy/schedule.py NAME since=7d sections=정치               a name of yours, and all that is asked for

Prints the job's id, which is also the name of its log and of its file of articles. Exit code 1, and one line, when Scrapyd does not take it.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

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
OURS = ("project", "spider", "jobid")  # what this script says itself; Scrapyd would take the first of two
KOREA = timezone(timedelta(hours=9))  # as in the log; it has no hour that comes twice, and so no id does


class NotScheduledError(Exception):
    """Scrapyd did not take the job; the message says why."""


def main(arguments: list[str]) -> int:
    """Schedule what is asked for."""
    if not arguments or arguments[0].startswith("-"):
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    name, *given = arguments
    if wrong := mistake(name, given):
        print(f"schedule: {wrong}", file=sys.stderr)
        return 2
    try:
        print(schedule(fields(name, given, datetime.now(KOREA)), os.environ))
    except NotScheduledError as error:
        print(f"schedule {name}: {error}", file=sys.stderr)
        return 1
    return 0


def mistake(name: str, given: list[str]) -> str | None:
    """What is wrong with what was asked for, if anything is. The spider's arguments are for the spider to judge."""
    if not re.fullmatch(r"\w[\w.-]*", name):  # letters of any script, digits, "_", ".", "-"
        return f"{name!r} cannot be the name of a log; take letters, digits, '-' and '_'"
    if not given and name not in SCHEDULES:
        return f"{name!r} is none of {', '.join(SCHEDULES)}; say what it asks for, such as since=7d"
    for one in given:
        key, sign, _ = one.partition("=")
        if not key or not sign:
            return f"{one!r} is no NAME=VALUE"
        if key in OURS:
            return f"{key}= is not yours to say: project newscrawl, spider newspim, and an id made of the name"
    return None


def fields(name: str, given: list[str], now: datetime) -> list[tuple[str, str]]:
    """What schedule.json is sent: what the schedule of that name asks for, if there is one, changed by what is given."""
    asked: dict[str, tuple[str, str]] = {}
    for one in (*SCHEDULES.get(name, ()), *given):
        key, _, value = one.partition("=")
        asked[f"setting {value.partition('=')[0]}" if key == "setting" else key] = (key, value)
    job = f"{name}-{now:%Y-%m-%dT%H-%M-%S-%f}"[
        :-3
    ]  # to the millisecond: Scrapyd would run the same id twice, into one log
    return [("project", "newscrawl"), ("spider", "newspim"), ("jobid", job), *asked.values()]


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
        words = str(answer.get("message", answer)).strip().splitlines()[-1]
        hint = "; deploy it first" if words.endswith("'newscrawl' not found") else ""
        raise NotScheduledError(f"{words}{hint}")
    return str(answer["jobid"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
