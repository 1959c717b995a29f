"""Reading captures on several cores, the outcomes in the order of the captures."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import Any

from scrapy.settings import Settings

from newscrawl.archive.reading import Capture
from newscrawl.reextraction.worker import Outcome, Reader
from newscrawl.spider.news import NewsSpider

_BATCH = 25  # captures handed to a process at a time: 2 MB
_AHEAD = 3  # batches for each process
_ALONE = 200  # captures; so few are read before another process has started

_Arguments = tuple[type[NewsSpider], dict[str, Any], bool]
_here: list[Reader] = []  # of a process that reads


class Killed(Exception):
    """A process that read pages is gone: the system took it, for its memory or at someone's wish."""


def outcomes(
    captures: Iterator[Capture],
    spider: type[NewsSpider],
    settings: Settings,
    trouble: Callable[[str], object],
    *,
    everything: bool,
    processes: int,
) -> Iterator[list[Outcome]]:
    """What comes of the captures, some at a time. `processes`: that read; with one, or few captures, this one does it all. `trouble` is told
    of a page on which the code fails, as the log of a crawl would be; the others go on. Raises Killed."""
    first = list(islice(captures, _ALONE))
    everyone = chain(first, captures)
    arguments = spider, settings.copy_to_dict(), everything
    alone = processes < 2 or len(first) < _ALONE
    batches = iter(lambda: list(islice(everyone, _BATCH)), [])
    with _alone(arguments) if alone else _together(processes, arguments) as pool:
        under_way: deque[tuple[list[Capture], Future[list[Outcome]]]] = deque()
        for batch in batches:
            under_way.append((batch, _submit(pool, batch)))
            if len(under_way) >= processes * _AHEAD:
                yield _result(pool, *under_way.popleft(), trouble)
        while under_way:
            yield _result(pool, *under_way.popleft(), trouble)


def _alone(arguments: _Arguments) -> Executor:
    return ThreadPoolExecutor(1, initializer=_prepare, initargs=arguments)


def _together(processes: int, arguments: _Arguments) -> Executor:
    # Not forked: this process has a state open, and threads may run in it.
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _prepare_process, arguments)


def _submit(pool: Executor, batch: list[Capture]) -> Future[list[Outcome]]:
    try:
        return pool.submit(_read, batch)
    except BrokenExecutor as error:
        raise _killed(error) from error


def _killed(error: BrokenExecutor) -> Killed:
    return Killed(f"a process that read pages was killed ({error}): with --processes 1 it takes less memory")


def _result(
    pool: Executor, batch: list[Capture], read: Future[list[Outcome]], trouble: Callable[[str], object]
) -> list[Outcome]:
    """Where the code fails on one of them, each is read by itself."""
    error = read.exception()
    if error is None:
        return read.result()
    if isinstance(error, BrokenExecutor):
        raise _killed(error)
    if len(batch) > 1:
        return [one for capture in batch for one in _result(pool, [capture], _submit(pool, [capture]), trouble)]
    place = batch[0].place
    trouble(f"{batch[0].url} ({place.file}:{place.offset}) cannot be read: {type(error).__name__}: {error}")
    return []


def _prepare(spider: type[NewsSpider], settings: dict[str, Any], everything: bool) -> None:
    _here[:] = [Reader(spider, Settings(settings), everything=everything)]


def _prepare_process(spider: type[NewsSpider], settings: dict[str, Any], everything: bool) -> None:
    quieten()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the process that asks sees to it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _prepare(spider, settings, everything)


def _end_with_parent() -> None:
    """Who asks may be killed: without this its readers would wait for ever."""
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)


def quieten() -> None:
    """What the spider, and Scrapy, say of pages that are no use was said by the crawl; here it is counted."""
    for name in ("newscrawl", "scrapy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _read(batch: list[Capture]) -> list[Outcome]:
    return [_here[0].read(capture) for capture in batch]
