#!/usr/bin/env python3
"""Waits until Scrapyd answers: for the unit that starts it, and for the image's health. Needs nothing but Python.

    deploy/ready.py [SECONDS]        the most to wait, by default 60

Exit code 1, and one line, when it does not answer.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request

OFTEN = 0.2  # seconds between two tries


def main(arguments: list[str]) -> int:
    """Wait, and say whether it answers."""
    address = os.environ.get("SCRAPYD_URL") or "http://127.0.0.1:6800"
    end = time.monotonic() + float(arguments[0] if arguments else 60)
    while not answers(address):
        if time.monotonic() >= end:
            print(f"ready: no Scrapyd answers at {address}", file=sys.stderr)
            return 1
        time.sleep(OFTEN)  # no event tells that another program has begun to listen
    return 0


def answers(address: str) -> bool:
    """Whether anything comes back. To a stranger that is "Unauthorized"."""
    try:
        with urllib.request.urlopen(address, timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
