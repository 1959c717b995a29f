"""The forms of Korean wire text: datelines, bylines, captions, closing lines, notices, title marks, dates, language. Pure.

The source of each form is `Text forms` of the evidence. A text is expected in normal form (`newscrawl.text.fold`).
"""

from newscrawl.korean.bylines import Closing, Dateline, Person, closing, dateline, inline_closing, people
from newscrawl.korean.captions import Caption, caption, looks_like_caption
from newscrawl.korean.dates import KST, label_date, parse_date
from newscrawl.korean.language import language
from newscrawl.korean.notices import is_copyright, notice
from newscrawl.korean.titles import is_flash, marks

__all__ = [
    "KST",
    "Caption",
    "Closing",
    "Dateline",
    "Person",
    "caption",
    "closing",
    "dateline",
    "inline_closing",
    "is_copyright",
    "is_flash",
    "label_date",
    "language",
    "looks_like_caption",
    "marks",
    "notice",
    "parse_date",
    "people",
]
