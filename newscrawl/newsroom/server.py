"""The HTTP server: small, raw enough to cut a body, fast enough never to be the limit."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple

import orjson

from .answers import Answer, Desk
from .expect import FOLLOW, Expected, expected
from .faults import Faults
from .site import Site

MOST_HEAD = 64 * 1024
"""Bytes of a request's head; more is refused."""
MOST_PORT = 0xFFFF


class Request(NamedTuple):
    """One request as it was logged."""

    method: str
    host: str
    path: str
    status: int


Log = Callable[[Request], None]


class Connection(asyncio.Protocol):
    """One client's connection, kept alive; one request at a time, the next one waits in the buffer."""

    def __init__(self, desk: Desk, log: Log, open_ones: set[Connection]) -> None:
        self.desk, self.log, self.open_ones = desk, log, open_ones
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport  # type: ignore[assignment]
        self.open_ones.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the transport."""
        self.transport = None
        self.open_ones.discard(self)

    def data_received(self, data: bytes) -> None:
        """Gather a request's head."""
        self.buffer += data
        if len(self.buffer) > MOST_HEAD and self.transport is not None:
            self.transport.close()
            return
        self.work()

    def work(self) -> None:
        """Answer the requests that are complete."""
        while not self.busy and self.transport is not None:
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return
            self.buffer = rest
            self.take(head.decode("latin-1"))

    def take(self, head: str) -> None:
        """Answer one request."""
        first, *lines = head.split("\r\n")
        method, _, tail = first.partition(" ")
        target = tail.rpartition(" ")[0]
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            name = name.lower()
            headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
        host = headers.get("host", "").rsplit(":", 1)[0].lower()
        refused = Answer(405, headers={"Allow": "GET, HEAD"})
        answer = self.desk.answer(host, target, headers) if method in ("GET", "HEAD") else refused
        self.log(Request(method, host, target, answer.status))
        last = (
            headers.get("connection", "").lower() == "close"
            or tail.endswith("HTTP/1.0")
            or method not in ("GET", "HEAD")
        )
        if answer.delay:
            self.busy = True
            asyncio.get_running_loop().call_later(answer.delay, self.late, answer, method, last)
        else:
            self.send(answer, method, last)

    def late(self, answer: Answer, method: str, last: bool) -> None:
        """Send an answer that was held back."""
        self.busy = False
        self.send(answer, method, last)
        self.work()

    def send(self, answer: Answer, method: str, last: bool) -> None:
        """Write the answer."""
        if self.transport is None:
            return
        cut = answer.cut is not None and method == "GET"
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            *_of_body(answer),
            *(f"{name}: {value}" for name, value in answer.headers.items()),
            "Connection: close" if last or cut else "Connection: keep-alive",
        ]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        body = b"" if method == "HEAD" else answer.body[: answer.cut] if cut else answer.body
        self.transport.writelines([head, body])
        if last or cut:
            self.transport.close()


def _of_body(answer: Answer) -> list[str]:
    """The headers of a body; 304 has none, and needs none to end (RFC 9112, 6.3)."""
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return []
    return [f"Content-Type: {answer.type}", f"Content-Length: {len(answer.body)}"]


async def listen(desk: Desk, port: int, log: Log, open_ones: set[Connection]) -> asyncio.Server:
    """Listen on 127.0.0.1; `OSError` when the port is taken."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(desk, log, open_ones), "127.0.0.1", port, backlog=512)


class Newsroom:
    """A site on a port of 127.0.0.1, for the length of a `with` block; it runs in a thread of its own.

    `log` is a file to which each request is written as a line of JSON (`at`, `method`, `host`, `path`, `status`). `validators` and
    `edits` are the desk's. ValueError for a port, validators or edits that there are not.
    """

    def __init__(
        self,
        site: Site,
        port: int = 0,
        faults: Faults | None = None,
        log: str | Path | None = None,
        validators: str = "none",
        edits: float = 0.0,
    ) -> None:
        if not 0 <= port <= MOST_PORT:  # uvloop would take it modulo 65536
            raise ValueError(f"port {port}: takes 0 to {MOST_PORT}")
        self.site = site
        self.desk = Desk(site, faults or Faults.none(), validators, edits)
        self.port = port
        self._logged: list[Request] = []
        self._log_path = None if log is None else Path(log)
        self._file: IO[bytes] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._started = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="newsroom", daemon=True)

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[Request]:
        """The requests so far, in order."""
        return list(self._logged)

    @property
    def faults(self) -> dict[str, str]:
        """The kind of fault of each article that has one, by id."""
        return dict(self.desk.struck)

    @property
    def fates(self) -> dict[str, str]:
        """What becomes of each article that is edited once it has been read (`fates.CORRECTED`, or how it is withdrawn), by id."""
        return dict(self.desk.fates)

    def expected(
        self,
        since: date | datetime | None = None,
        until: date | datetime | None = None,
        sections: Collection[str] | None = None,
        follow: Collection[str] = FOLLOW,
        topbar: bool = True,
    ) -> Expected:
        """What a complete, polite crawl should export, the faults considered.

        Nothing when robots.txt answers 503 (RFC 9309, 2.3.1.4: then a crawler must assume complete disallow); what only
        robots.txt forbids is allowed when it answers 404.
        """
        robots = self.desk.faults.robots
        struck = self.desk.struck
        if robots == "404":
            struck = {id: kind for id, kind in struck.items() if kind != "forbidden"}
        if robots == "503":
            return Expected(self.site)
        return expected(self.site, struck, self.desk.moves, since, until, sections, follow, topbar)

    def __enter__(self) -> Newsroom:
        if self._log_path is not None:
            # Unbuffered: whoever watches the file sees each request at once.
            self._file = self._log_path.open("ab", buffering=0)
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            self._close_log()
            raise self._error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._close_log()

    def _close_log(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _record(self, request: Request) -> None:
        self._logged.append(request)
        if self._file is not None:
            self._file.write(orjson.dumps({"at": time.time(), **request._asdict()}) + b"\n")

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=_fast_loop()) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        open_ones: set[Connection] = set()
        try:
            server = await listen(self.desk, self.port, self._record, open_ones)
        except OSError as error:
            self._error = error
            self._started.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for connection in list(open_ones):
            if connection.transport is not None:
                connection.transport.abort()


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's loop if it is installed (it serves about a third more pages a second), else asyncio's own."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
