"""Lines on their way to a reader: whole, in order and at once; a slow reader is waited for, one that has left is noticed."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.stream import Stream, named_pipe, own_end, standard_output

LINES = [b'{"n":%d,"body":"%s"}\n' % (number, b"x" * (number * 997 % 9000)) for number in range(120)]
ALL = b"".join(LINES)  # 500 KB; a pipe holds 64, a socket somewhat more


class Ends:
    """The end that is read and the end that a shell would hand to the process; `opened` makes of that the one that is written to."""

    def __init__(self, read: int, given: int, opened: Callable[[int], int] = own_end) -> None:
        os.set_blocking(read, False)  # reader and writer are one thread here
        self.read, self.given = read, given
        self.stream = Stream("the reader", partial(opened, given))

    def some(self, most: int = 1 << 20) -> bytes:
        """What there is to read now."""
        with suppress(BlockingIOError):
            return os.read(self.read, most)
        return b""

    def rest(self) -> bytes:
        """What there is until the end of the stream, which has been closed."""
        os.close(self.given)
        data = b""
        while more := self.some():
            data += more
        return data

    def close(self) -> None:
        self.stream.close()
        for end in (self.read, self.given):
            with suppress(OSError):  # the test has closed it
                os.close(end)


@pytest.fixture(autouse=True)
def no_waiting_for_ever() -> Iterator[None]:
    """A write that blocks would wait for a reader who waits for it: here it fails instead."""

    def too_long(*_: object) -> None:
        raise AssertionError("a system call waits for the reader")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def a_pipe() -> Ends:
    return Ends(*os.pipe())


def a_pipe_that_does_not_block() -> Ends:
    """As asyncio and some supervisors make them."""
    read, given = os.pipe()
    os.set_blocking(given, False)
    return Ends(read, given, os.dup)


def a_pipe_of_another_user() -> Ends:
    """It cannot be opened anew, so the descriptor is shared."""
    return Ends(*os.pipe(), os.dup)


def a_socket() -> Ends:
    read, given = socket.socketpair()
    return Ends(read.detach(), given.detach())


@pytest.fixture(params=[a_pipe, a_pipe_that_does_not_block, a_pipe_of_another_user, a_socket])
def ends(request: pytest.FixtureRequest) -> Iterator[Ends]:
    ends = request.param()
    yield ends
    ends.close()


def write_all(stream: Stream) -> None:
    for line in LINES:
        stream.write(line)


def test_a_line_is_there_as_soon_as_it_is_written(ends: Ends) -> None:
    for line in LINES[:30]:
        assert ends.stream.write(line) == len(line)
        assert ends.some() == line


def test_what_a_slow_reader_does_not_take_waits_and_comes_whole_and_in_order(ends: Ends) -> None:
    async def slowly() -> bytes:
        write_all(ends.stream)
        drained = asyncio.create_task(ends.stream.drain())
        data = b""
        while not drained.done():
            data += ends.some(10_000)
            await asyncio.sleep(0)
        await drained
        ends.stream.close()
        return data + ends.rest()

    assert asyncio.run(slowly()) == ALL


def test_waiting_for_a_slow_reader_holds_up_nothing_else(ends: Ends) -> None:
    async def meanwhile() -> bool:
        write_all(ends.stream)
        drained = asyncio.create_task(ends.stream.drain())
        await asyncio.sleep(0.05)  # would never end, were a system call waiting
        waits = not drained.done()
        drained.cancel()
        return waits

    assert asyncio.run(meanwhile())


def test_the_mode_of_a_descriptor_that_others_share_stays_as_it_is(ends: Ends) -> None:
    async def waited() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(ends.stream.drain(), 0.05)

    before = os.get_blocking(ends.given)
    write_all(ends.stream)
    asyncio.run(waited())
    assert os.get_blocking(ends.given) == before


def test_a_closed_stream_takes_nothing_more_and_gives_what_waits(ends: Ends) -> None:
    async def closed() -> bytes:
        write_all(ends.stream)
        ends.stream.close()
        with pytest.raises(ValueError, match="closed"):
            ends.stream.write(b"{}\n")
        gone = asyncio.create_task(ends.stream.wait_closed())
        data = b""
        while not gone.done():
            data += ends.some(100_000)
            await asyncio.sleep(0)
        await gone
        return data + ends.rest()

    assert asyncio.run(closed()) == ALL


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere /dev/fd copies the descriptor")
def test_a_line_is_one_write_where_the_pipe_can_be_opened_anew() -> None:
    read, given = os.pipe()
    own = own_end(given)
    assert (os.get_blocking(given), os.get_blocking(own)) == (True, False)  # so as much is written as there is room for
    for end in (read, given, own):
        os.close(end)


def test_a_stream_without_lines_ends_at_once(ends: Ends) -> None:
    ends.stream.close()
    asyncio.run(ends.stream.wait_closed())
    assert ends.rest() == b""


def test_a_reader_that_has_left_is_an_error_for_each_line_after_it(ends: Ends) -> None:
    ends.stream.write(LINES[0])
    os.close(ends.read)
    for line in LINES[:3]:
        with pytest.raises(ConnectionError):
            ends.stream.write(line)


def test_a_reader_that_leaves_while_lines_wait_is_told_to_one_of_those_who_wait(ends: Ends) -> None:
    async def left() -> list[type[BaseException] | None]:
        write_all(ends.stream)
        waiting = [asyncio.create_task(ends.stream.drain()) for _ in range(3)]
        await asyncio.sleep(0.01)
        os.close(ends.read)
        return [type(result) if result else None for result in await asyncio.gather(*waiting, return_exceptions=True)]

    found = asyncio.run(left())
    assert found.count(None) == 2
    assert all(issubclass(error, ConnectionError) for error in found if error)


def test_that_a_reader_has_left_is_seen_without_writing_to_it(ends: Ends) -> None:
    assert not ends.stream.hung_up()
    ends.stream.write(LINES[0])
    assert not ends.stream.hung_up()
    os.close(ends.read)
    assert ends.stream.hung_up()


def test_a_reader_that_was_never_there_is_noticed() -> None:
    read, given = os.pipe()
    os.close(read)
    stream = Stream("nobody", partial(own_end, given))
    with pytest.raises(BrokenPipeError):
        stream.write(LINES[0])
    os.close(given)


def test_a_named_pipe_waits_for_somebody_to_read_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "articles.jsonl"
    os.mkfifo(path)

    async def late() -> bytes:
        with caplog.at_level(logging.INFO):
            stream = Stream(str(path), partial(named_pipe, path))
        stream.write(LINES[1])
        assert not stream.hung_up()
        read = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        await stream.drain()
        stream.write(LINES[2])
        stream.close()
        data = os.read(read, 1 << 16)
        assert os.read(read, 1) == b""
        os.close(read)
        return data

    assert asyncio.run(late()) == LINES[1] + LINES[2]
    assert "waits for somebody to read it" in caplog.text


def test_a_reader_of_a_named_pipe_that_gets_no_line_gets_the_end(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    os.mkfifo(path)
    read = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    stream = Stream(str(path), partial(named_pipe, path))
    with pytest.raises(BlockingIOError):  # there is a writer, and nothing to read yet
        os.read(read, 1)
    stream.close()
    assert os.read(read, 1) == b""
    os.close(read)


def test_a_reader_of_a_named_pipe_sees_no_end_before_the_last_line(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    os.mkfifo(path)

    async def slowly() -> bytes:
        read = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        stream = Stream(str(path), partial(named_pipe, path))
        write_all(stream)
        stream.close()
        gone = asyncio.create_task(stream.wait_closed())
        data, ended = b"", False
        while not ended:
            with suppress(BlockingIOError):
                while not ended:
                    more = os.read(read, 1 << 20)
                    data, ended = data + more, not more
            await asyncio.sleep(0)
        gone.cancel()
        os.close(read)
        return data

    assert asyncio.run(slowly()) == ALL


def test_a_named_pipe_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Stream("nothing", partial(named_pipe, tmp_path / "nothing"))


def test_a_process_without_standard_output_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert standard_output() == 1
    monkeypatch.setattr(sys, "__stdout__", None)
    with pytest.raises(OSError, match="it is closed"):
        standard_output()


@settings(deadline=None, database=None, derandomize=True, max_examples=50)
@given(
    st.lists(st.binary(max_size=20_000).map(lambda data: data.replace(b"\n", b"") + b"\n"), max_size=20),
    st.lists(st.integers(1, 30_000), min_size=1),
    st.sampled_from([a_pipe, a_pipe_that_does_not_block, a_pipe_of_another_user, a_socket]),
)
def test_however_it_is_read_it_comes_out_as_it_went_in(
    lines: list[bytes], reads: list[int], kind: Callable[[], Ends]
) -> None:
    async def through() -> bytes:
        ends = kind()
        data, turn = b"", 0
        for line in lines:
            ends.stream.write(line)
            if turn % 2:
                data += ends.some(reads[turn % len(reads)])
            turn += 1
        ends.stream.close()
        gone = asyncio.create_task(ends.stream.wait_closed())
        while len(data) < sum(map(len, lines)):
            data += ends.some(reads[turn % len(reads)])
            turn += 1
            await asyncio.sleep(0)
        await gone
        data += ends.rest()
        ends.close()
        return data

    assert asyncio.run(through()) == b"".join(lines)
