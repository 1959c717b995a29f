"""Words in both languages of a report: phrases with values put into them, names of the code."""

from __future__ import annotations

from typing import NamedTuple

from newscrawl.report.phrases import PHRASES


class Both(NamedTuple):
    """One text in the two languages of a report."""

    ko: str
    en: str


WORDS = {key: Both(*texts) for key, texts in PHRASES.items()}
"""Every phrase, by its key."""


def same(text: str) -> Both:
    """What reads the same in both languages: a number, a name that the site or the code gave."""
    return Both(text, text)


def say(key: str, **values: str | Both) -> Both:
    """A phrase with values put into its {names}. Raises KeyError for a phrase or a name that is not there."""
    phrase = WORDS[key]
    parts = {name: same(value) if isinstance(value, str) else value for name, value in values.items()}
    return Both(
        phrase.ko.format(**{name: value.ko for name, value in parts.items()}),
        phrase.en.format(**{name: value.en for name, value in parts.items()}),
    )


def name_of(room: str, name: str) -> Both:
    """What a name of the code is called: `way.list` -> lists; one that has no words is shown as it is."""
    return WORDS.get(f"{room}.{name}", same(name))
