"""The articles that are to go: by what one is known in a record, a row, an address. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from newscrawl.forgetting.words import Words
from newscrawl.identity import article_id, article_number
from newscrawl.site import Site

MOST_BY_WORDS = 100
"""Articles whose words are looked for: each has some thirty sentences, and every line of every file is held against all of them."""
_FEW = 5  # numbers that are looked for one by one faster than all numbers of a page are read
_NUMBERS = re.compile(r"(?<!\d)\d{14}(?!\d)", re.ASCII)  # of articles, in links and ids


@dataclass(frozen=True, slots=True)
class Sought:
    """Articles of a site, by their numbers, and their words as far as they are known; of very many, words are not looked for."""

    site: Site
    numbers: frozenset[int]
    words: Words = field(default_factory=Words)

    @classmethod
    def of(cls, site: Site, numbers: Iterable[int]) -> Sought:
        """These."""
        return cls(site, frozenset(numbers))

    @property
    def by_words(self) -> bool:
        """Whether their words are looked for, and not their numbers and addresses alone."""
        return len(self.numbers) <= MOST_BY_WORDS

    def learn(self, line: bytes) -> None:
        """A record of theirs."""
        if not self.by_words:
            return
        try:
            self.words.add(orjson.loads(line))
        except orjson.JSONDecodeError:  # half a line
            return

    @property
    def ids(self) -> frozenset[str]:
        """As records have them."""
        return frozenset(article_id(str(number), self.site) for number in self.numbers)

    def is_address(self, url: str) -> bool:
        """Whether it is one of theirs."""
        number = article_number(url, self.site)
        return number is not None and int(number) in self.numbers

    def is_of(self, record: Mapping[str, Any]) -> bool:
        """Whether a record is one of theirs: by its id, else by its address, else by its body, for others may have its title (`[인사] …`);
        by the title where it has no more."""
        id, url = record.get("id"), record.get("url")
        if isinstance(id, str) and id:
            return id in self.ids
        if isinstance(url, str) and url:
            return self.is_address(url)
        title, body = record.get("title"), record.get("body")
        return body in self.words.bodies if body else title in self.words.titles

    def check_columns(self, names: Collection[str]) -> None:
        """Raises ValueError for records in which the articles cannot be told from others: by words alone, which are not looked for."""
        if not self.by_words and not {"id", "url"} & set(names):
            raise ValueError(
                "has neither ids nor addresses, and so many articles are not looked for by words: export it again"
            )

    def is_in_line(self, line: bytes) -> bool:
        """Whether a line of JSON is a record of theirs. One that is no JSON is, if it has their words."""
        told = number_of(line)
        if told is not None and told not in self.numbers:
            return False
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            return told is not None or self.words.are_in(line)
        return isinstance(record, dict) and self.is_of(record)

    def are_named(self, data: bytes) -> bool:
        """Whether some text has a number of theirs."""
        if len(self.numbers) <= _FEW:
            return any(b"%d" % number in data for number in self.numbers)
        return any(int(number) in self.numbers for number in _NUMBERS.findall(data.decode("latin-1")))


def number_of(line: bytes) -> int | None:
    """The article of a record's line by its `id`, which is nearly always its second field, so that most lines need not be parsed; None for a line
    that is to be parsed."""
    _, found, rest = line.partition(b'"id":')
    digits = rest[:80].lstrip().removeprefix(b'"').partition(b'"')[0].rpartition(b":")[2]
    return int(digits) if found and len(digits) == 14 and digits.isdigit() else None
