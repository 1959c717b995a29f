"""The record as a JSON Schema (draft 2020-12). `docs/record.md` says the same in words."""

from __future__ import annotations

from typing import Any

from newscrawl.items import ACCESS, COMPARED, DUPLICATE, KINDS, RESTATED, SCHEMA_VERSION, STATUS, VIA

_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$"
_KST = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+09:00$"
_HASH = "^[0-9a-f]{64}$"
_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_TEXT_OR_NULL = {"type": ["string", "null"], "minLength": 1}
_ID = {"type": "string", "pattern": r"^[a-z]+:\d{14}$"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_DUPLICATE = _object({"of": _ID, "kind": {"enum": list(DUPLICATE)}, "similarity": _SHARE, "containment": _SHARE})
_ARCHIVED = _object({"file": _TEXT, "offset": {"type": "integer", "format": "int64", "minimum": 0}})

RECORD: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "newscrawl record",
    **_object(
        {
            "schema": {"const": SCHEMA_VERSION},
            "id": _ID,
            "source": {"type": "string", "pattern": "^[a-z]+$"},
            "url": {"type": "string", "pattern": "^https://"},
            "title": _TEXT,
            "marks": _TEXTS,
            "deck": _TEXTS,
            "section": _TEXT_OR_NULL,
            "subsection": _TEXT_OR_NULL,
            "language": {"enum": ["ko", "zh", "en", "ja", None]},
            "kind": {"enum": list(KINDS)},
            "access": {"enum": list(ACCESS)},
            "published_at": {"type": ["string", "null"], "pattern": _KST},
            "modified_at": {"type": ["string", "null"], "pattern": _KST},
            "place": _TEXT_OR_NULL,
            "authors": _array(_object({"name": _TEXT_OR_NULL, "role": _TEXT_OR_NULL, "email": _TEXT_OR_NULL})),
            "body": _TEXT_OR_NULL,
            "tables": _array(_array(_array(_TEXT_OR_NULL))),
            "images": _array(_object({"url": _TEXT_OR_NULL, "caption": _TEXT_OR_NULL, "credit": _TEXT_OR_NULL})),
            "notices": _TEXTS,
            "ai_summary": _TEXTS,
            "tickers": {**_array({"type": "string", "pattern": r"^\d{6}$"}), "uniqueItems": True},
            "related": {**_array(_ID), "uniqueItems": True},
            "story": _ID,
            "duplicate": {"anyOf": [{"type": "null"}, _DUPLICATE]},
            "found": _object(
                {
                    "via": {"enum": list(VIA)},
                    "from": _TEXT_OR_NULL,
                    "at": {"type": "string", "pattern": _TIME},
                }
            ),
            "first_seen_at": {"type": "string", "pattern": _TIME},
            "fetched_at": {"type": "string", "pattern": _TIME},
            "archived": {"anyOf": [{"type": "null"}, _ARCHIVED]},
            "revision": {"type": "integer", "minimum": 1},
            "status": {"enum": list(STATUS)},
            "changed": {
                **_array({"enum": [*COMPARED, *RESTATED]}),
                "uniqueItems": True,
            },
            "previous_hash": {"type": ["string", "null"], "pattern": _HASH},
            "fields_from": {"type": "object", "additionalProperties": _TEXT},
            "extractor": _TEXT,
            "hash": {"type": "string", "pattern": _HASH},
        }
    ),
}
