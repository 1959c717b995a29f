"""A reader of the newsroom that knows nothing of the generator: plain requests, and the links that a parser sees."""

from __future__ import annotations

import http.client
import re
import unicodedata
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from newscrawl.newsroom import Newsroom
from newscrawl.newsroom.stories import KST
from newscrawl.newsroom.truth import Record

END = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
HOSTS = ("www.newspim.com", "m.newspim.com")
CONTAINER = "#news-contents, #news_contents, .viewcontents, #viewcontents"
INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\x00-\x08\x7f]")
Answer = tuple[int, dict[str, str], bytes]

ID = re.compile(r"(?:/(?:news/view|newsamp/view|anda/view)/|/view\.jsp\?newsId=)(\d{14})(?!\d)")


def links(page: bytes) -> list[str]:
    """The absolute addresses of a page's anchors."""
    found = (node.attributes.get("href") for node in LexborHTMLParser(page).css("a[href]"))
    return [urljoin("https://www.newspim.com/", href) for href in found if href]


def ids(page: bytes) -> set[str]:
    """The ids of the articles that a page links to."""
    return {match[1] for address in links(page) if (match := ID.search(address))}


def walk(room: Newsroom) -> set[str]:
    """The ids that one can read by following every list, top bar and article link from the front page."""
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        answer = room.desk.answer("www.newspim.com", waiting.pop())
        if answer.status != 200:
            continue
        for address in links(answer.body):
            match = ID.search(address)
            parts = urlsplit(address)
            if not match and parts.netloc != "www.newspim.com":
                continue
            path = f"/news/view/{match[1]}" if match else f"{parts.path}?{parts.query}".rstrip("?")
            if path not in seen:
                seen.add(path)
                waiting.append(path)
    return {path[-14:] for path in seen if path.startswith("/news/view/")}


def ask(room: Newsroom, path: str, host: str = "www.newspim.com", method: str = "GET", **headers: str) -> Answer:
    """One request as a crawler makes it: to 127.0.0.1, with the site's Host."""
    connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def squeeze(text: str) -> str:
    """A text without white space and what cannot be seen."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", INVISIBLE.sub("", text)))


def says(html: str, record: Record, host: str) -> None:
    """Asserts that a page shows what a record has."""
    page = LexborHTMLParser(html)
    inside = page.css_first(CONTAINER)
    assert inside is not None
    text = squeeze(inside.text())
    paragraphs = (record["body"] or "").split("\n\n")
    captions = [image["caption"] or "" for image in record["images"]]
    assert all(squeeze(one) in text for one in [*paragraphs, *captions, *record["notices"]])
    head = page.css_first("#titlArea1" if host.startswith("m.") else ".header h1")
    assert head is not None
    assert " ".join(head.text().split()) == record["title"]
    assert all(
        squeeze(line) in squeeze(page.html or "") for line in record["deck"] if '"' not in line and "&" not in line
    )
    cells = [cell for table in record["tables"] for row in table for cell in row if cell]
    assert all(squeeze(cell) in text for cell in cells)
    assert all(image["url"] in html for image in record["images"] if image["url"])
