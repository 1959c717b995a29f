"""The forms of Korean wire text: datelines, bylines, captions, closing lines, notices, title marks, dates, language. Pure.

The source of each form is `Text forms` of the evidence. A text is expected in normal form (`newscrawl.text.fold`).
"""

from newscrawl.korean.bylines import Closing, Dateline, Person, byline, closing, dateline, inline_closing, people
from newscrawl.korean.captions import (
    Caption,
    caption,
    is_several_sentences,
    is_surely_caption,
    looks_like_caption,
    may_be_caption,
    photo_credit,
)
from newscrawl.korean.dates import KST, is_only_date, label_date, parse_date
from newscrawl.korean.language import language
from newscrawl.korean.notices import is_copyright, is_editor_label, notice
from newscrawl.korean.numbers import numbers
from newscrawl.korean.titles import is_correction, is_flash, marks, step, unmarked

__all__ = [
    "KST",
    "Caption",
    "Closing",
    "Dateline",
    "Person",
    "byline",
    "caption",
    "closing",
    "dateline",
    "inline_closing",
    "is_copyright",
    "is_correction",
    "is_editor_label",
    "is_flash",
    "is_only_date",
    "is_several_sentences",
    "is_surely_caption",
    "label_date",
    "language",
    "looks_like_caption",
    "marks",
    "may_be_caption",
    "notice",
    "numbers",
    "parse_date",
    "people",
    "photo_credit",
    "step",
    "unmarked",
]
