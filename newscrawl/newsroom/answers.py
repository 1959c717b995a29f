"""From a request to its answer: routes by host and path, with the faults of the newsroom."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from . import absent, feeds, lists, pages, scripted
from . import validators as conditions
from .answer import Answer, missing
from .atlas import Atlas
from .clock import Clock
from .damage import broken, huge, in_cp949, without_charset
from .dice import FAULT, dice
from .fates import CORRECTED, fates
from .faults import PASSING, Faults, Redirect, redirects
from .markup import for_people
from .outage import Outage
from .site import Site
from .standing import Standing
from .stories import Story
from .unfolding import Unfolding
from .ways import Ways

ARTICLE = re.compile(r"/(?:news/view|newsamp/view|anda/view)/(\d{14})/?$")
OLD_ARTICLE = re.compile(r"/(?:news/)?view\.jsp$")
FEED = re.compile(r"/news/category/(\d+)$")
LOCAL = re.compile(r"(?:\d+\.\d+\.\d+\.\d+|localhost|\[[0-9a-f:]+\])$")
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


class Desk:
    """Answers the requests for one site; remembers how often a passing fault has shown, and which articles are still to be edited.

    `validators` is one of `validators.NAMES`; only the pages of articles have them. `edits` is the share of the articles that are
    corrected (a tenth of them: withdrawn) once they have been read. `clock` lets only what has appeared be seen; `ways` says
    what each way shows. ValueError for other values.
    """

    def __init__(
        self,
        site: Site,
        faults: Faults,
        validators: str = "none",
        edits: float = 0.0,
        clock: Clock | None = None,
        ways: Ways | None = None,
    ) -> None:
        conditions.check(validators)
        self.site = site
        self.faults = faults
        self.struck = faults.befall(site)
        self.moves: Mapping[str, Redirect] = redirects(site, self.struck, faults.seed)
        self.validators = validators
        self.fates = fates(site, edits, self.struck)
        self.clock = clock
        self.standing = Standing(site, ways) if clock is None else Unfolding(site, ways, clock)
        self.atlas = Atlas(self.standing)
        self.outage = Outage(self.standing.ways, clock)
        self._due = dict(self.fates)
        self._shown: Counter[str] = Counter()

    def begin(self) -> None:
        """The server starts: let the clock run."""
        self.outage.begin()
        if self.clock is not None:
            self.clock.begin()

    def answer(self, host: str, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET (or HEAD) of a path with query on a host; `headers` are the request's, their names in small letters."""
        asked = headers or {}
        if self.outage.now():
            return self.outage.answer()
        with self.site.lock:
            self.standing.tick()
            answer = self._for_reader(host, target, asked.get("accept-encoding", ""))
            if answer.article is not None:
                answer = self._validated(answer, answer.article, asked)
                self._read(answer)
            return answer

    def _validated(self, answer: Answer, id: str, asked: Mapping[str, str]) -> Answer:
        """The page with its validators; 304 instead of it for who has it. A page that will be cut is sent in any case."""
        if self.validators == "none":
            return answer
        given = conditions.validators(self.validators, answer.body, self.standing.made_at(id))
        answer.headers |= given
        if answer.cut is None and conditions.unchanged(given, asked):
            return Answer(304, headers=given, delay=answer.delay)
        return answer

    def _read(self, answer: Answer) -> None:
        """What becomes of an article after its first whole page."""
        if answer.article is None or answer.cut is not None:
            return
        fate = self._due.pop(answer.article, None)
        if fate == CORRECTED:
            self.site.edit(answer.article, at=self._moment)
        elif fate is not None:
            self.site.withdraw(answer.article, fate)

    @property
    def _moment(self) -> datetime | None:
        return None if self.clock is None else self.standing.now

    def _for_reader(self, host: str, target: str, encodings: str) -> Answer:
        """The answer as the site gives it, its links bent for a person who looks at it in a browser."""
        person = LOCAL.match(host) is not None
        if person:
            host = "www.newspim.com"
            if target.startswith("/@"):
                host, _, rest = target[2:].partition("/")
                target = "/" + rest
        answer = self._site_answer(host, target, encodings)
        if person and answer.type.startswith("text/html") and "Content-Encoding" not in answer.headers:
            answer.body = for_people(answer.body)
            if "Location" in answer.headers:
                answer.headers["Location"] = for_people(f'"{answer.headers["Location"]}"'.encode()).decode().strip('"')
        return answer

    def _site_answer(self, host: str, target: str, encodings: str) -> Answer:
        if host == "img.newspim.com":
            return Answer(200, PIXEL, "image/gif")
        if host != "newspim.com" and not host.endswith(".newspim.com"):
            return Answer(200, b"<html><body>another site</body></html>")
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        match = ARTICLE.match(parts.path)
        id = match[1] if match else query.get("newsId") if OLD_ARTICLE.match(parts.path) else None
        if id is not None:
            return self._article(id, host, target, encodings)
        return self._for_script(host, parts.path, target) or self._other(parts.path, target, query)

    def _other(self, path: str, target: str, query: Mapping[str, str]) -> Answer:
        """Everything that is not an article."""
        standing = self.standing
        if path in ("/news/lists", "/news/lists/"):
            return self._list(query)
        if path in ("/robots.txt", "/rules/robots.txt"):
            return self._robots(path)
        if path in ("/", ""):
            return Answer(200, lists.front(standing))
        if path in ("/quicknews", "/quicknews/"):
            return Answer(200, lists.quicknews(standing))
        if path == "/quicknews/more" and query.get("from", "").isdigit():
            return Answer(200, lists.quicknews_rows(standing, int(query["from"])).encode())
        if path.startswith("/sitemap/"):
            return self.atlas.answer(path) or missing()
        if match := FEED.match(path):
            return feeds.feed(standing, match[1])
        if path == "/search":
            return Answer(200, lists.list_page(standing, "1", _offset(query)))
        if path.startswith(("/etc/", "/news/preview/", "/news/print/", "/login", "/section")):
            return Answer(200, lists.plain(self.site, path.rsplit("/", 1)[-1]))
        address = target if "page=" not in target else re.sub(r"[?&]page=\d*", "", target)
        page = lists.topbar_page(standing, address, _offset(query))
        return missing() if page is None else Answer(200, page)

    def _list(self, query: Mapping[str, str]) -> Answer:
        code, offset = query.get("category_cd", "1"), _offset(query)
        name = f"list {code} {offset}"
        if self.faults.lists and code.isdigit():
            unlucky = dice(self.faults.seed, FAULT, 10_000_000 + int(code) * 100_000 + offset).chance(self.faults.lists)
            if unlucky and self._shows(name):
                return Answer(503, b"<html><body>503</body></html>")
        if offset and offset >= self.standing.depth(code) and self.standing.ways.list_end == "404":
            return missing()
        return Answer(200, lists.list_page(self.standing, code, offset))

    def _robots(self, path: str) -> Answer:
        if path == "/robots.txt" and self.faults.robots != "plain":
            if self.faults.robots == "redirect":
                return Answer(301, headers={"Location": "/rules/robots.txt"})
            return Answer(int(self.faults.robots), b"", "text/plain")
        lines = [
            "User-agent: *",
            "Disallow: /search",
            "Disallow: /news/preview",
            "Disallow: /news/print",
            "Allow: /news/view",
        ]
        lines += [f"Disallow: /news/view/{id}" for id, kind in self.struck.items() if kind == "forbidden"]
        return Answer(200, "\n".join([*lines, *self.atlas.robots(), ""]).encode(), "text/plain")

    def _shows(self, name: str) -> bool:
        """Whether a passing fault shows once more."""
        self._shown[name] += 1
        return self._shown[name] <= self.faults.times

    def _article(self, id: str, host: str, target: str, encodings: str) -> Answer:
        story = self.site.by_id.get(id)
        if story is None or not self.standing.has(story.number):
            return missing()
        kind = self.struck.get(id)
        if kind in PASSING and self._shows(id):
            return self._passing(kind, story, host)
        if id in self.site.withdrawn:
            return self._gone(self.site.withdrawn[id])
        if id in self.moves and (kind != "spelling" or (host, target) == ("www.newspim.com", f"/news/view/{id}")):
            return self._redirect(id, kind, target)
        if kind in ("gone404", "gone410", "empty"):
            return self._gone(kind.removeprefix("gone"))
        if kind == "no_container":
            return Answer(200, self._page(story.number, host, container=False), article=id)
        if kind in scripted.KINDS:
            return Answer(200, self._page(story.number, host, script=kind), article=id)
        answer = self._dressed(kind, id, self._page(story.number, host), encodings)
        answer.article = id
        return answer

    def _gone(self, how: str) -> Answer:
        if how == "empty":
            return Answer(200, absent.empty(self.site))
        return Answer(int(how), b"<html><body>gone</body></html>")

    def _page(self, number: int, host: str, container: bool = True, script: str | None = None) -> bytes:
        mobile = host == "m.newspim.com"
        return pages.article(self.standing, number, mobile=mobile, container=container, script=script)

    def _for_script(self, host: str, path: str, target: str) -> Answer | None:
        """What a page's script asks for; None for anything else."""
        id = scripted.asked_body(target)
        if id is None:
            return scripted.other_answer(path, self.struck)
        story = self.site.by_id.get(id)
        if self.struck.get(id) not in scripted.KINDS or story is None or not self.standing.has(story.number):
            return missing()
        return scripted.body_answer(pages.container(self.standing, story.number, mobile=host == "m.newspim.com"))

    def _passing(self, kind: str | None, story: Story, host: str) -> Answer:
        if kind == "unavailable":
            return Answer(503, b"<html><body>503</body></html>")
        if kind == "busy":
            return Answer(429, b"<html><body>429</body></html>", headers={"Retry-After": str(self.faults.retry_after)})
        page = self._page(story.number, host)
        return Answer(200, page, cut=len(page) * 6 // 10, article=story.id)

    def _redirect(self, id: str, kind: str | None, target: str) -> Answer:
        move = self.moves[id]
        where = move.address
        if kind == "loop" and "turn=1" in target:
            where = f"https://www.newspim.com/news/view/{id}"
        return Answer(move.status, headers={"Location": where})

    def _dressed(self, kind: str | None, id: str, page: bytes, encodings: str) -> Answer:
        """The page itself, in the dress of its fault."""
        odd = int(id[-1]) % 2 == 1
        if kind == "slow":
            return Answer(200, page, delay=self.faults.delay)
        if kind == "cp949":
            return Answer(200, in_cp949(page), "text/html; charset=euc-kr" if odd else "text/html")
        if kind == "wrong_charset":
            return Answer(200, page, "text/html; charset=iso-8859-1" if odd else "text/html; charset=euc-kr")
        if kind == "no_charset":
            return Answer(200, without_charset(page), "text/html")
        if kind == "huge":
            return Answer(200, huge(page))
        if kind == "broken":
            return Answer(200, broken(page))
        if kind == "gzip" and "gzip" in encodings:
            return Answer(200, gzip.compress(page, 1, mtime=0), headers={"Content-Encoding": "gzip"})
        return Answer(200, page)


def _offset(query: Mapping[str, str]) -> int:
    shown = query.get("page", "0")
    return int(shown) if shown.isdigit() and len(shown) < 8 else 0
