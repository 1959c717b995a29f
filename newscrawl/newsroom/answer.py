"""One response of the newsroom."""

from __future__ import annotations

from dataclasses import dataclass, field

HTML = "text/html; charset=utf-8"
XML = "application/xml"


@dataclass(slots=True)
class Answer:
    """One response. `delay` in seconds; `cut` ends the connection after that many bytes of the body.

    `article` is the id of the article whose page it is. Status 0 is no response: the connection ends.
    """

    status: int
    body: bytes = b""
    type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int | None = None
    article: str | None = None


def missing() -> Answer:
    """The answer where nothing is."""
    return Answer(404, b"<html><body>404</body></html>")
