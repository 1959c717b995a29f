"""One page of an archive for a look: of any file that `scrapy reextract` reads, or a line that says why not."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newscrawl.one_page import OnePage, get_page
from newscrawl.spiders.newspim import NewspimSpider

from .test_reading import BASE, PAGE, record, written

NUMBER = f"{BASE[-13:]}1"


def look(name: str, number: str | None = None) -> OnePage:
    settings = Settings({"NEWSCRAWL_DATA_DIR": "data", "SPIDER_MODULES": ["newscrawl.spiders"]})
    process: Any = None  # asks the site
    return get_page(name, number, NewspimSpider.site, settings, process)


@pytest.mark.parametrize("ending", ["warc", "warc.gz", "warc.gz.open", "warc.zst"])
def test_a_page_of_every_form_of_archive(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path, record(1), record(2)).rename(tmp_path / f"b.{ending}")
    assert look(str(path), NUMBER).body == PAGE
    assert look(f"{path}:0").body == PAGE


def test_a_page_that_is_packed_otherwise_than_it_says_is_said(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        record(1, gzip.compress(PAGE)[:-4], "Content-Encoding: gzip\r\n"),
        record(2, PAGE, "Content-Encoding: gzip\r\n"),
    )
    with pytest.raises(UsageError, match="cannot be unpacked"):
        look(str(path), f"{BASE[-13:]}2")
