"""What records are compared with: lines that are none are said, whatever is wrong with them."""

from __future__ import annotations

import pytest

from newscrawl.reextraction.comparing import compare

ID = b'"id": "newspim:20261120000001"'


@pytest.mark.parametrize(
    "line",
    [
        b"no json",
        b"[1]",
        b"{}",
        b'{"id": 5}',
        b'{"id": "abc"}',
        b'{%s, "revision": null}' % ID,
        b'{%s, "published_at": "gestern"}' % ID,
        b'{%s, "published_at": 5}' % ID,
        b'{%s, "published_at": "2026-11-20T09:00:00"}' % ID,
    ],
)
def test_a_line_that_is_no_record_is_said(line: bytes) -> None:
    with pytest.raises(ValueError, match="no record: "):
        compare([line], lambda _: True, lambda *_: None)


def test_a_record_of_an_old_schema_is_compared() -> None:
    found, met = compare([b'{%s, "schema": 1}' % ID], lambda _: True, lambda *_: b'{%s, "revision": 1}' % ID)
    assert (found.same + found.others, met) == (1, {(20261120000001, 1)})
