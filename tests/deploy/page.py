"""The commands of docs/operations.md: its blocks by heading, what stands in the text, and what no test can run."""

from __future__ import annotations

import re

from .scrapyd import ROOT

TEXT = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^##+ (.*)$", re.MULTILINE)
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
# In the text: code of more than a word, of which the first is a program, or a path of ours.
COMMAND = re.compile(
    r"(?:systemctl|journalctl|scrapy|python3?|pip|docker|ssh|crontab|install|make|cp|tar|mv|useradd|curl|cd|deploy/\w+(?:\.py)?|/opt/\S+) .+"
)
BY_HAND = "/opt/newscrawl/.venv.scrapyd/bin/python -m scrapyd --pidfile="
NOT_RUN = {
    "ssh -L 6800:127.0.0.1:6800 HOST": "wants another machine",
    "scrapy crawl": "what the README is about",
    BY_HAND: "what the unit runs; a test holds the two together",
}


def blocks() -> dict[str, list[str]]:
    """The commands of `sh` and `bash` blocks, by the heading above them."""
    found: dict[str, list[str]] = {}
    _, *parts = HEADING.split(TEXT)
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        lines = [line for kind, block in BLOCK.findall(text) if kind in ("sh", "bash") for line in block.splitlines()]
        if lines:
            found[heading] = lines
    return found


def in_text() -> list[str]:
    """The commands that stand in the text, each once."""
    spans = re.findall(r"(?<!`)`([^`]+)`(?!`)", BLOCK.sub("", TEXT))
    return list(dict.fromkeys(code for span in spans if COMMAND.fullmatch(code := " ".join(span.split()))))


def target() -> str:
    """The file in which a Scrapyd gets a name."""
    return next(block for kind, block in BLOCK.findall(TEXT) if kind == "ini")
