"""A comparison -> what a person reads of it."""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl.differences import Style, differences
from newscrawl.reextraction.comparing import Comparison, Example

_LINES = 12  # of an example


def shown(found: Comparison, style: Style) -> Iterator[str]:
    """How many records are the same; each field that is other, how often, and examples of it."""
    yield ""
    yield f"{found.same:,} records say the same, {found.others:,} say something else"
    for count, ids, words in (
        (found.gone, found.gone_ids, ("is not there any more", "are not there any more")),
        (found.new, found.new_ids, ("was not there before", "were not there before")),
    ):
        if count:
            yield f"{count:,} {words[count > 1]}: {', '.join(ids)}{' …' if count > len(ids) else ''}"
    for name in found.fields:
        yield ""
        yield f"{name}  {found.changed[name]:,}"
        for example in found.examples[name]:
            yield from _example(name, example, style)


def _example(name: str, example: Example, style: Style) -> Iterator[str]:
    lines = differences({name: example.before}, {name: example.now}, [name], style) or ["(white space only)"]
    yield f"  {example.id}, revision {example.revision}"
    yield from (f"    {line}" for line in lines[:_LINES])
    if len(lines) > _LINES:
        yield f"    … {len(lines) - _LINES} lines more"
