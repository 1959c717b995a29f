"""A request as the frontier keeps it, and back."""

from __future__ import annotations

from typing import Any

import orjson
from scrapy import Request, Spider
from scrapy.utils.request import RequestFingerprinterProtocol, request_from_dict

from newscrawl.lease import KEY, OWN_KEYS, RANK, REACH, STAT
from newscrawl.state import Task

_NO_PARTS = frozenset(("url", "priority", "encoding", "dont_filter", "meta"))


class TaskForm:
    """Turns requests of a spider into tasks and tasks into requests. A task's text is JSON, not pickle: it runs no code when read."""

    def __init__(self, spider: Spider, fingerprinter: RequestFingerprinterProtocol) -> None:
        self._spider = spider
        self._fingerprinter = fingerprinter

    def task(self, request: Request) -> Task:
        """Raises TypeError for a request that holds what JSON has no form for."""
        meta = request.meta
        parts = self._parts(request)
        parts["meta"] = {name: value for name, value in meta.items() if name not in OWN_KEYS}
        return Task(
            meta.get(KEY) or self._fingerprinter.fingerprint(request).hex(),
            request.url,
            orjson.dumps({name: value for name, value in parts.items() if value}, default=_text).decode(),
            request.priority,
            meta.get(RANK, 0),
            meta.get(REACH, 0),
            meta.get(STAT),
        )

    def request(self, task: Task) -> Request:
        """Raises ValueError for a task that another version wrote, whose spider had other methods."""
        parts = orjson.loads(task.request)
        for name, values in parts.get("headers", {}).items():
            parts["headers"][name] = [value.encode("latin-1") for value in values]
        if "body" in parts:
            parts["body"] = parts["body"].encode("latin-1")
        request = request_from_dict({"url": task.url, "priority": task.priority, **parts}, spider=self._spider)
        request.meta[KEY], request.meta[RANK], request.meta[REACH] = task.key, task.rank, task.reach
        return request

    def _parts(self, request: Request) -> dict[str, Any]:
        """What of a request is no default, by Scrapy's names."""
        if request.method == "GET" and not (request.headers or request.body or request.cookies or request.flags):
            callback, errback = getattr(request.callback, "__name__", None), getattr(request.errback, "__name__", None)
            # Nearly all, in a fifth of the time.
            return {"callback": callback, "errback": errback, "cb_kwargs": request.cb_kwargs}
        parts = {name: value for name, value in request.to_dict(spider=self._spider).items() if name not in _NO_PARTS}
        parts["headers"] = {name.decode("latin-1"): values for name, values in parts["headers"].items()}
        return parts


def _text(value: object) -> str:
    """Headers and bodies are bytes, of which latin-1 makes letters one by one; all else that JSON has no form for is a mistake of the
    spider's."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    raise TypeError(f"a request that is to be kept cannot hold a {type(value).__name__}: {value!r}")
