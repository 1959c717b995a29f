"""An FTP server of a few commands, in memory, on this machine."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

USER, PASSWORD = "news", "opensesame"


class Server(socketserver.ThreadingTCPServer):
    """What it was given; and `breaks`: whether it hangs up in the middle of a file."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.breaks = False
        super().__init__(("127.0.0.1", 0), Session)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Session(socketserver.StreamRequestHandler):
    """One client. https://www.rfc-editor.org/rfc/rfc959"""

    def handle(self) -> None:
        self.folder, self.old, self.user = "", "", ""
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            command, _, rest = line.partition(" ")
            self.say(self.answer(command.upper(), rest))

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())

    def answer(self, command: str, rest: str) -> str:
        """What is said to a command, when it is done."""
        server = cast("Server", self.server)
        match command:
            case "USER":
                self.user = rest
                return "331 password?"
            case "PASS":
                return "230 in" if (self.user, rest) == (USER, PASSWORD) else "530 Login incorrect."
            case "CWD":
                self.folder = rest.rstrip("/")
                return "250 there"
            case "PASV":
                self.data = socket.create_server(("127.0.0.1", 0))
                high, low = divmod(self.data.getsockname()[1], 256)
                return f"227 Entering (127,0,0,1,{high},{low})"
            case "STOR":
                return self.store(server, f"{self.folder}/{rest}")
            case "RNFR":
                self.old = rest
                return "350 to?"
            case "RNTO":
                server.files[rest] = server.files.pop(self.old)
                return "250 renamed"
            case "TYPE" | "QUIT":
                return "200 fine"
        return "502 not here"

    def store(self, server: Server, name: str) -> str:
        """Take a file, or the first half of it."""
        self.say("150 go on")
        connection, _ = self.data.accept()
        with self.data, connection, connection.makefile("rb") as file:
            data = file.read()
        server.files[name] = data[: len(data) // 2] if server.breaks else data
        return "426 Connection closed; transfer aborted." if server.breaks else "226 all there"


@contextmanager
def serving() -> Iterator[Server]:
    """One that runs."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
