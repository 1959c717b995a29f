"""Pages that are served in a wrong or worn dress; what they say stays the same."""

from __future__ import annotations

import re

META_CHARSET = re.compile(
    rb'<meta charset="utf-8">|<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'
)
# End tags that HTML lets a page leave out: where they are followed by what ends the element anyway.
LOOSE_ENDS = re.compile(
    rb"</p>(?=\s*(?:<p[ >]|</div>))|</li>(?=\s*(?:<li[ >]|</[uo]l>))|</t[dh]>(?=\s*(?:<t[dh][ >]|</tr>))|</tr>(?=\s*<tr[ >])"
)
HUGE = 1_000_000


def in_cp949(page: bytes) -> bytes:
    """The page in CP949, its meta tag too; letters that CP949 lacks become character references."""
    meta = b'<meta http-equiv="Content-Type" content="text/html; charset=euc-kr" />'
    return META_CHARSET.sub(meta, page, count=1).decode().encode("cp949", "xmlcharrefreplace")


def without_charset(page: bytes) -> bytes:
    """The page without the meta tag that names its charset."""
    return META_CHARSET.sub(b"", page, count=1)


def huge(page: bytes) -> bytes:
    """The page with so much script in its head that it weighs 1 MB."""
    line = b"var chunk = [0.1, 0.2, 0.3]; if (chunk[0] < 1 && chunk[1] > 0) { chunk = '<div>' + chunk; }\n"
    missing = max(0, HUGE - len(page))
    return page.replace(b"</head>", b"<script>\n" + line * (missing // len(line) + 1) + b"</script></head>", 1)


def broken(page: bytes) -> bytes:
    """The page with end tags left out, stray end tags, bare ampersands and no end."""
    worn = LOOSE_ENDS.sub(b"", page).replace(b"&amp;", b"&").replace(b"</body>", b"").replace(b"</html>", b"")
    return worn.replace(b"<h1>", b"</font></center><h1>").replace(b"</h1>", b"</h1></span>")
