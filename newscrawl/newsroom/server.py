"""The HTTP server, fast enough never to be the limit."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection
from datetime import date, datetime
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import IO

import orjson

from . import known
from .answers import Desk
from .clock import Clock
from .connection import Connection, Log, Request
from .expect import FOLLOW, Expected, expected
from .faults import Faults
from .site import Site
from .truth import Record
from .ways import Ways

MOST_PORT = 0xFFFF


async def listen(
    desk: Desk, port: int, log: Log, open_ones: set[Connection], host: str = "127.0.0.1"
) -> asyncio.Server:
    """Listen on an address of this machine; `OSError` when the port is taken."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(desk, log, open_ones), host, port, backlog=512)


class Newsroom:
    """A site on a port of this machine, for the length of a `with` block; it runs in a thread of its own.

    `host` is an address of this machine, like 127.0.0.2: several newsrooms are several hosts then.

    `log` is a file to which each request is written as a line of JSON (`at`, `method`, `host`, `path`, `status`). `validators` and
    `edits` are the desk's. With a `clock`, which runs from the start of the server on, only what has appeared is there;
    `ways` says what lists, feeds and sitemaps show of it. ValueError for a host that is not this machine, and for a port,
    validators, edits or ways that there are not.
    """

    def __init__(
        self,
        site: Site,
        port: int = 0,
        faults: Faults | None = None,
        log: str | Path | None = None,
        validators: str = "none",
        edits: float = 0.0,
        clock: Clock | None = None,
        ways: Ways | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        if not ip_address(host).is_loopback:
            raise ValueError(f"host {host}: takes an address of this machine, like 127.0.0.2")
        if not 0 <= port <= MOST_PORT:  # uvloop would take it modulo 65536
            raise ValueError(f"port {port}: takes 0 to {MOST_PORT}")
        self.site = site
        self.desk = Desk(site, faults or Faults.none(), validators, edits, clock, ways)
        self.host, self.port = host, port
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
        return f"http://{self.host}:{self.port}"

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
        standing = self.desk.standing
        if robots == "503":
            return Expected(standing)
        with self.site.lock:
            standing.tick()
            return expected(standing, struck, self.desk.moves, since, until, sections, follow, topbar)

    def published(self, since: datetime | None = None, until: datetime | None = None) -> list[str]:
        """The ids of the articles that had appeared in `since <= appeared_at < until` (aware times), in that order.

        Up to now, with those that were withdrawn since, without the hidden ones.
        """
        return known.published(self.desk.standing, since, until)

    def appeared_at(self, id: str) -> datetime:
        """When an article appears, or will; `KeyError` for an unknown id."""
        return known.appeared_at(self.desk.standing, id)

    def named(self, way: str) -> frozenset[str]:
        """The ids that one of `known.WAYS` names now; ValueError for another."""
        return known.named(self.desk.standing, self.desk.atlas, way)

    def named_by(self, way: str, id: str) -> bool:
        """Whether one of `known.WAYS` names an article now; KeyError for an unknown id, ValueError for another way."""
        return self.site.by_id[id].id in self.named(way)

    def truth(self, id: str, host: str = "www.newspim.com") -> Record:
        """The true record of an article as its page on that host shows it now; `KeyError` for an unknown id."""
        return self.desk.standing.truth(id, host)

    def edit(self, id: str, *kinds: str) -> int:
        """`Site.edit`, made at the present moment of the clock."""
        return self.site.edit(id, *kinds, at=None if self.desk.clock is None else self.desk.clock.now())

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
            server = await listen(self.desk, self.port, self._record, open_ones, self.host)
        except OSError as error:
            self._error = error
            self._started.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self.desk.begin()
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
