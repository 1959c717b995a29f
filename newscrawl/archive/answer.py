"""What the archive is given, and what it remembers of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

RESTATED = "restated"
"""An event of a run, noted among its answers: it wrote what had turned out later of articles' stories."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: the address, the request's and the answer's head (with the empty line), the body, the time, and who answered."""

    url: str
    request: bytes
    head: bytes
    body: bytes
    at: datetime
    address: str | None  # IP
    context: Mapping[str, Any]  # what of the crawl is needed to read it again
