"""Two revisions of a record -> the lines that show a reader what changed. Pure.

White space is no difference, as in `newscrawl.revisions`. Every text comes out in normal form, so nothing that a page says can send a
control sequence to a terminal. The time grows about as the size of the texts: what is quadratic has a bound, and what lies beyond the
bound is shown as replaced.
"""

from newscrawl.differences.fields import differences
from newscrawl.differences.style import COLOURED, PLAIN, Style

__all__ = ["COLOURED", "PLAIN", "Style", "differences"]
