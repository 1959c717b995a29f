"""`NEWSCRAWL_WARC`: on, off, or told what is wrong."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

from newscrawl import archive


@pytest.mark.parametrize(
    ("value", "on"), [("on", True), ("ON", True), ("1", True), ("off", False), ("", False), (False, False)]
)
def test_it_is_on_or_off(value: object, *, on: bool) -> None:
    assert archive.is_on(Settings({archive.SETTING: value})) is on


def test_without_the_package_the_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.archive.extra.find_spec", lambda _: None)
    with pytest.raises(ValueError, match="pip install fastwarc"):
        archive.check("NEWSCRAWL_WARC=on")
