"""The record's words and its schema say the same, and the documents name what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from newscrawl import settings
from newscrawl.items import Article
from newscrawl.record import record
from newscrawl.schema import RECORD
from tests.crawl.conftest import scrapy

ROOT = Path(__file__).parents[1]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(RECORD)


def test_a_record_has_the_fields_of_the_schema_in_their_order() -> None:
    assert list(record(Article("a", "b", "c"))) == list(RECORD["properties"])


def test_the_words_name_every_field_in_the_order_of_the_record() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \|", (ROOT / "docs" / "record.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == list(RECORD["properties"])


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_the_readme_names_every_setting_of_the_project(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [name for name in dir(settings) if name.startswith("NEWSCRAWL_") and f"`{name}`" not in text] == []


def test_scrapy_schema_prints_it() -> None:
    done = scrapy("schema")
    assert done.returncode == 0
    assert json.loads(done.stdout) == RECORD
