"""The record's JSON Schema -> the kind of each column, which every format spells in its own types. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from newscrawl.schema import RECORD

_A_TIME = "2026-11-20T09:00:00+09:00"


class Plain(Enum):
    """What one value is."""

    TEXT = "text"
    WHOLE = "whole number"
    LONG = "whole number that may have more than 32 bits"
    REAL = "number"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class ListOf:
    """Any number of one kind."""

    item: Kind


@dataclass(frozen=True, slots=True)
class Struct:
    """Named parts, each of its own kind."""

    parts: tuple[tuple[str, Kind], ...]


Kind = Plain | ListOf | Struct


def columns(schema: Mapping[str, Any]) -> dict[str, Kind]:
    """The kind of each field of a record, in its order. Raises ValueError for a form of description that is not known here."""
    names = tuple(schema["properties"])
    return {name: _kind(described, names) for name, described in schema["properties"].items()}


def _kind(described: Mapping[str, Any], names: tuple[str, ...]) -> Kind:
    """`names`: the fields of the record. An object whose keys are not described says something of each field."""
    if "anyOf" in described:
        (described,) = (one for one in described["anyOf"] if one != {"type": "null"})
    found = {*_types(described)} - {"null"}
    if found == {"array"}:
        return ListOf(_kind(described["items"], names))
    if found == {"object"}:
        parts = described.get("properties") or dict.fromkeys(names, described["additionalProperties"])
        return Struct(tuple((name, _kind(part, names)) for name, part in parts.items()))
    if found == {"number"}:
        return Plain.REAL
    if found == {"integer"}:
        return Plain.LONG if described.get("format") == "int64" else Plain.WHOLE
    if found == {"string"}:
        return Plain.TIME if _is_time(described) else Plain.TEXT
    raise ValueError(f"no column is known for {described}")


def _types(described: Mapping[str, Any]) -> list[str]:
    """The names of its types; of a constant, or of one of several values, by these."""
    if "type" in described:
        given = described["type"]
        return [given] if isinstance(given, str) else list(given)
    values = described.get("enum", [described.get("const")])
    return [{str: "string", int: "integer", type(None): "null"}.get(type(value), "") for value in values]


def _is_time(described: Mapping[str, Any]) -> bool:
    """The schema says of a time how it is spelled: the only pattern that a time fits."""
    pattern = described.get("pattern")
    return pattern is not None and re.search(pattern, _A_TIME) is not None


COLUMNS = columns(RECORD)
"""Of this version of the record."""
