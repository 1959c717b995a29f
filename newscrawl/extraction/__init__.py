"""A page -> an Article, by layers, saying which layer gave each field. Pure: no crawler, no settings, no state."""

from newscrawl.extraction.article import Gone, NoContainer, extract
from newscrawl.extraction.filling import awaits_script, shown
from newscrawl.extraction.page import Page, decode

__all__ = ["Gone", "NoContainer", "Page", "awaits_script", "decode", "extract", "shown"]
