"""Golden pages: bytes as a site serves them, and the record that each must give, field by field. See tests/pages/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newscrawl.extraction import Gone, NoContainer, Page, extract
from newscrawl.record import record
from newscrawl.spiders.newspim import NEWSPIM

CASES = sorted((Path(__file__).parent / "pages").glob("*.json"))


def read(case: Path) -> tuple[dict[str, Any], Page]:
    expected = json.loads(case.read_text(encoding="utf-8"))
    address = f"https://www.newspim.com/news/view/{expected['id']}"
    return expected, Page.from_bytes(case.with_suffix(".html").read_bytes(), address, expected["content_type"])


@pytest.mark.parametrize(
    "case", [case for case in CASES if "outcome" not in json.loads(case.read_text())], ids=lambda case: case.stem
)
def test_a_golden_page_gives_its_record(case: Path) -> None:
    expected, page = read(case)
    given = record(extract(page, expected["id"], NEWSPIM))
    assert {name: given[name] for name in expected["record"]} == expected["record"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if "outcome" in json.loads(case.read_text())], ids=lambda case: case.stem
)
def test_a_page_without_an_article_says_which_way(case: Path) -> None:
    expected, page = read(case)
    with pytest.raises({"gone": Gone, "no_container": NoContainer}[expected["outcome"]]):
        extract(page, expected["id"], NEWSPIM)


def test_extraction_twice_gives_the_same(subtests: pytest.Subtests) -> None:
    for case in CASES[:10]:
        with subtests.test(case.stem):
            expected, page = read(case)
            if "outcome" not in expected:
                first = extract(page, expected["id"], NEWSPIM)
                assert extract(page, expected["id"], NEWSPIM) == first
