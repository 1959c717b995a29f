"""One client's connection to the newsroom: small, raw enough to cut a body."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from .answer import Answer
from .answers import Desk

MOST_HEAD = 64 * 1024
"""Bytes of a request's head; more is refused."""


class Request(NamedTuple):
    """One request as it was logged; status 0 if the connection was ended instead of an answer."""

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
        """Keep the transport; during an outage that refuses connections, end it."""
        self.transport = transport  # type: ignore[assignment]
        self.open_ones.add(self)
        if self.transport is not None and self.desk.outage.closed():
            self.transport.abort()

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
        if not answer.status:
            self.transport.abort()
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
