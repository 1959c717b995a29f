"""Comparing the revisions that crawls exported with the versions that the newsroom's articles had; and letting time pass."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from newscrawl.newsroom import Site

from .truth import OF_THE_RUN, SCHEMA

Record = dict[str, Any]

# Looks that come due when a test says so, and not before: the newsroom's articles get older every day that the tests are run.
AGES = "NEWSCRAWL_RECHECK_AFTER=5000w,5001w,5002w"
_STATUS = "status"


def pass_time(folder: Path, seconds: int = 700, part: tuple[int, int] = (0, 1)) -> None:
    """Make looks due, and let so much time pass since the last. `folder`: the data folder; `part`: (2, 5) is of five parts the third."""
    state = folder / "newspim" / "state.sqlite"
    if not state.exists():
        return
    connection = sqlite3.connect(state, timeout=30)
    with connection:  # a run may have been killed before it had made the tables
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'watched'").fetchone():
            chosen = "next_at IS NOT NULL AND number % ? = ?"
            connection.execute(f"UPDATE watched SET next_at = 1 WHERE {chosen}", part[::-1])
            connection.execute("UPDATE watched SET absent_since = absent_since - ?", (seconds,))
    connection.close()


def by_article(records: Iterable[Record]) -> dict[str, list[Record]]:
    """The revisions of each article, in order."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record["id"].rpartition(":")[2]].append(record)
    return {number: sorted(revisions, key=lambda one: one["revision"]) for number, revisions in found.items()}


def differences(records: Iterable[Record], site: Site, hosts: dict[str, str] | None = None) -> list[str]:
    """Every way in which the revisions of articles are not the versions that these had, in their order."""
    found = []
    for number, revisions in by_article(records).items():
        if [one["revision"] for one in revisions] != list(range(1, len(revisions) + 1)):
            found.append(f"{number}: revisions {[one['revision'] for one in revisions]}")
        found += [fault for one in revisions for fault in _faults_of_form(one, revisions)]
        found += _wrong_versions(number, revisions, site, (hosts or {}).get(number, "www.newspim.com"))
    return found


def _faults_of_form(record: Record, revisions: list[Record]) -> list[str]:
    name = f"{record['id']} revision {record['revision']}"
    found = [f"{name} {error.json_path}: {error.message}" for error in SCHEMA.iter_errors(record)]
    before = next((one for one in revisions if one["revision"] == record["revision"] - 1), None)
    if record["previous_hash"] != (before["hash"] if before else None):
        found.append(f"{name}: not the hash of the revision before")
    if bool(record["changed"]) != bool(before):
        found.append(f"{name}: changed {record['changed']}")
    if record["first_seen_at"] != revisions[0]["fetched_at"] or record["found"] != revisions[0]["found"]:
        found.append(f"{name}: was first seen otherwise")
    return found


def _wrong_versions(number: str, revisions: list[Record], site: Site, host: str) -> list[str]:
    """Each revision must be a version later than that of the one before, and name what changed between them."""
    version, status = 0, "published"
    for record in revisions:
        own = {name: value for name, value in record.items() if name not in OF_THE_RUN | {_STATUS}}
        # A revision in which only the status changed has the words of the one before.
        first = version if record["changed"] == [_STATUS] else version + 1
        fitting = [
            one for one in range(max(first, 1), site.version(number) + 1) if _words(site, number, host, one) == own
        ]
        if not fitting:
            last = _words(site, number, host, site.version(number))
            wrong = {name: (own[name], last.get(name)) for name in own if own[name] != last.get(name)}
            return [f"{number} revision {record['revision']} is no version after {version}: {wrong}"]
        changed = site.changed(number, version, fitting[0], host) if version else []
        if record[_STATUS] != status:
            changed.append(_STATUS)
        if record["changed"] != changed:
            return [f"{number} revision {record['revision']}: changed {record['changed']} is not {changed}"]
        version, status = fitting[0], record[_STATUS]
    missed = site.changed(number, version, site.version(number), host)
    return [f"{number}: {missed} of version {site.version(number)} was missed"] if missed else []


def _words(site: Site, number: str, host: str, version: int) -> Record:
    return {name: value for name, value in site.truth(number, host, version).items() if name != _STATUS}
