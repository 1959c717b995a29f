"""Receivers of notices on this machine: HTTP and SMTP."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What it was told. `status`, `answer`: what it says to that; `headers`: of what it was told."""

    port: int = 0
    status: int = 200
    answer: Any = field(default_factory=lambda: {"ok": True})
    paths: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def http_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.paths.append(self.path)
            receiver.headers.append(dict(self.headers))
            receiver.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            text = json.dumps(receiver.answer).encode()
            self.send_response(receiver.status)
            self.send_header("Location", receiver.url)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Nothing: pytest shows what is written."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler), receiver):
        yield receiver


@contextmanager
def smtp_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            for line in self.rfile:
                command = line[:4].upper().strip()
                if command == b"DATA":
                    self._say("354 go on")
                    self._take()
                self._say("221 bye" if command == b"QUIT" else "250 well")
                if command == b"QUIT":
                    return

        def _take(self) -> None:
            lines = list(iter(self.rfile.readline, b".\r\n"))
            receiver.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), receiver):
        yield receiver


@contextmanager
def _serving(server: socketserver.TCPServer, receiver: Receiver) -> Iterator[None]:
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
