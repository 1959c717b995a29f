"""`scrapy reextract` that is stopped says so in a line, and SIGTERM is as good as Ctrl-C."""

from __future__ import annotations

import signal
from types import SimpleNamespace

import pytest
from scrapy.exceptions import UsageError

from newscrawl.commands import reextract


def test_who_stops_it_reads_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: dict[int, object] = {}
    monkeypatch.setattr(reextract.signal, "signal", handlers.__setitem__)
    monkeypatch.setattr(reextract.Command, "_done", _stopped)
    options = SimpleNamespace(output="out.jsonl", compare=None)
    with pytest.raises(UsageError, match="stopped; nothing was written"):
        reextract.Command().run([], options)  # type: ignore[arg-type]  # all that is read of one
    assert handlers == {signal.SIGTERM: signal.default_int_handler}


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt
