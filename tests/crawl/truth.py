"""Comparing what a crawl exported with what the newsroom knows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from newscrawl.newsroom import Expected, Newsroom
from newscrawl.schema import RECORD

Record = dict[str, Any]

SCHEMA = Draft202012Validator(RECORD)
# Fields that the truth cannot know: how this run found the article, when it read it, which layer gave what. Checked apart.
OF_THE_RUN = {
    *(
        "found",
        "first_seen_at",
        "fetched_at",
        "archived",
        "revision",
        "changed",
        "previous_hash",
        "fields_from",
        "hash",
    ),
}


def differences(records: list[Record], expected: Expected) -> list[str]:
    """Every field of every record that is not the truth; also what is missing, and what should not be there."""
    numbers = [record["id"].rpartition(":")[2] for record in records]
    found = [f"missing: {number}" for number in sorted(expected.missing(numbers))]
    found += [f"unwanted: {number}" for number in sorted(expected.unwanted(numbers))]
    found += [f"twice: {number}" for number in sorted({number for number in numbers if numbers.count(number) > 1})]
    for number, record in zip(numbers, records, strict=True):
        truth = expected.record(number)
        assert set(record) == set(truth) | OF_THE_RUN
        found += [
            f"{number} {name}: {record[name]!r} is not {truth[name]!r}" for name in truth if record[name] != truth[name]
        ]
    return found


def faults_of_form(record: Record, room: Newsroom) -> list[str]:
    """What the schema says of a record, and of the fields of the run what the newsroom can tell."""
    found = [f"{record['id']} {error.json_path}: {error.message}" for error in SCHEMA.iter_errors(record)]
    named = record["found"]
    number = record["id"].rpartition(":")[2]
    moved = room.faults.get(named["from"][-14:]) == "moved"  # a redirect names its target like a related link
    if not moved and not _names(room, named["from"], number, named["via"]):
        found.append(f"{record['id']} found by {named['via']} in {named['from']}, which does not name it")
    extracted = {name for name, value in record.items() if value not in (None, []) and name not in _NO_LAYER}
    if set(record["fields_from"]) != extracted:
        found.append(f"{record['id']} fields_from names {set(record['fields_from']) ^ extracted}")
    return found


def _names(room: Newsroom, address: str, number: str, via: str) -> bool:
    """Whether a page of the newsroom names an article in that way."""
    if via in ("list", "topbar", "sidebar", "related"):
        return _place(address) in map(_place, room.site.found(number).pages(via))
    parts = urlsplit(address)
    return number.encode() in room.desk.answer(parts.hostname or "", _place(address).rstrip("?")).body


def _place(address: str) -> str:
    """An address without its host: the mobile host shows the same pages."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


_NO_LAYER = OF_THE_RUN | {"schema", "id", "source", "url", "story", "duplicate", "status", "extractor"}
