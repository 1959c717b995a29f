"""Several machines on one state: killed, added, cut off from the database."""

from __future__ import annotations

import random
import re
import signal
from pathlib import Path

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate
from tests.postgres import server

from .kills import END, PASSING
from .nodes import Nodes, disturbed, wrong_with


@pytest.mark.usefixtures("postgres")  # which says so where there is none
def test_machines_that_are_killed_and_added_write_each_article_once_and_true(tmp_path: Path) -> None:
    site = generate(articles=200, days=2, seed=61, end=END)
    faults = Faults(dict.fromkeys(PASSING, 0.02), lists=0.05, seed=61)
    with Newsroom(site, faults=faults) as room, server(synchronous_commit="on") as database:
        nodes = Nodes(room, database, tmp_path, random.Random(61))
        codes = disturbed(nodes, 3, 2, lambda: nodes.restart_database(2, signal.SIGQUIT))
        codes += nodes.make_whole()
        (tmp_path / "undisturbed").mkdir()
        assert wrong_with(nodes, tmp_path / "undisturbed") == []
    assert nodes.killed == 2
    assert set(codes) == {0}
    said = nodes.logs()
    assert re.search(r"the state postgres on 127\.0\.0\.1: .* waiting for it, 300 seconds at most", said)
    assert "the state postgres on 127.0.0.1 is there again" in said
    assert "it helps those of the same schedule" in said
    wrote = [folder for folder in nodes.folders if any((folder / "newspim").glob("*.jsonl"))]
    assert len(wrote) >= 2
