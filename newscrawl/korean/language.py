"""The language of a text, by its script."""

from __future__ import annotations

import re

_HANGUL = re.compile("[가-힣ㄱ-ㆎ]+")
_KANA = re.compile("[\u3041-\u30ff]+")
_HAN = re.compile("[\u4e00-\u9fff]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_WORDS = 3  # a name alone is no language
_ENOUGH = 4000  # characters; more of a text does not change the answer


def _count(script: re.Pattern[str], text: str) -> int:
    return sum(map(len, script.findall(text)))


def language(text: str) -> str | None:
    """ISO 639-1 code: ko, ja, zh or en; None where script and words do not say."""
    sample = text[:_ENOUGH]
    hangul = _count(_HANGUL, sample)
    if hangul and hangul * 5 >= len(sample):  # as below, without counting the rest: most texts end here
        return "ko"
    kana, han, latin = (_count(script, sample) for script in (_KANA, _HAN, _LATIN))
    total = hangul + kana + han + latin
    if not total:
        return None
    # One Hangul syllable is a third to a half of an English word's letters: a fifth of the letters is a Korean text full of names.
    if hangul * 5 >= total:
        return "ko"
    if kana * 10 >= total:
        return "ja"
    if han * 3 >= total:
        return "zh"
    # Newspim writes no other language in plain Latin letters; one with accents on many is none of the four.
    words = _LATIN.findall(sample)
    plain = sum(1 for word in words if word.isascii())
    return "en" if plain >= _WORDS and plain * 10 >= len(words) * 9 else None
