"""How many articles a second are compared and stored, as the state grows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks._shelf import BATCH, Filling, records
from benchmarks._tables import Aim, table
from newscrawl.newsroom import generate
from newscrawl.newsroom.stories import KST

_END = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
_A_DAY = 1200
_AIM = 1000  # articles a CPU second
_PARTS = 5


def measure(stored: int) -> list[Aim]:
    """Fill a state with so many articles, and print what the last of each part cost."""
    site = generate(stored, max(1, stored // _A_DAY), 5, _END, rhythm="wire", families=0.2)
    every, rows = stored // _PARTS, list[tuple[int, ...]]()
    with TemporaryDirectory() as folder:
        filling = Filling(Path(folder))
        for count, (number, record) in enumerate(records(site), start=1):
            filling.add(number, record)
            if count % every == 0:
                size = (Path(folder) / "state.sqlite").stat().st_size
                spent = filling.comparing, filling.comparing + filling.committing
                rows.append((count, *(round(every / one) for one in spent), size // count))
                filling.comparing = filling.committing = 0.0
        filling.end()
    print(f"\n### Speed: {_A_DAY:,} articles a day, 20 % in families; commits of {BATCH}\n")
    head = (
        "articles stored",
        "articles a CPU second, of the last fifth",
        "with the commits",
        "bytes of the state an article",
    )
    print(table(head, rows))
    last = rows[-1]
    return [
        Aim(
            f"{_AIM:,} articles a CPU second at {last[0]:,} stored, signatures, look-up and comparison",
            f"{last[1]:,}",
            last[1] >= _AIM,
        )
    ]
