"""What five weeks of a run every ten minutes cost at the end of each run: `make bench-monitors` begins with it."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, insert, select

from newscrawl.state import Database
from newscrawl.state.history import history
from newscrawl.state.reports import keep
from newscrawl.state.schema import reports, runs, sites

WEEKS, EVERY = 36 / 7, 600  # seconds


def fill(path: Path) -> None:
    """A state with the history."""
    from benchmarks import _weeks

    made = _weeks.runs(_weeks.Plan(every=EVERY, weeks=6))[-int(WEEKS * 7 * 86_400 / EVERY) :]
    database = Database(f"sqlite:///{path}")
    with database.transaction() as connection:
        connection.execute(insert(sites).values(id=1, name="newspim"))
        rows = [{"id": one["id"], "site": 1, "host": "", "process": 1, "scope": "", "started_at": 0} for one in made]
        connection.execute(insert(runs), rows)
    for one in made:
        keep(database, one | {"part": None}, 0)


def measure(path: Path) -> None:
    """Read it, and judge the last run by the others."""
    from newscrawl.monitors.checks import judge
    from newscrawl.monitors.finding import Limits

    database, before = Database(f"sqlite:///{path}"), _resident()
    with database.reading() as connection:
        last: int = connection.execute(select(func.max(reports.c.started_at))).scalar_one()
    begun = time.process_time()
    found = history(database, "newspim", "latest", last + 1)
    read, held = time.process_time() - begun, _resident() - before
    begun = time.process_time()
    judge(found[-1], found[:-1], Limits())
    judged, all_held = time.process_time() - begun, _resident() - before
    print(
        f"{len(found):,} runs: read in {read:.2f} s of CPU and {held / 1e6:.0f} MB; judged in {judged:.2f} s, {all_held / 1e6:.0f} MB in all"
    )


def _resident() -> int:
    """Bytes that this process has in memory (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def main() -> None:
    """Fill in one process, measure in another: what filling left would be counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.sqlite"
        fill(path)
        print(
            f"{platform.python_implementation()} {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}, state {path.stat().st_size / 1e6:.0f} MB"
        )
        subprocess.run([sys.executable, __file__, str(path)], check=True)


if __name__ == "__main__":
    measure(Path(sys.argv[1])) if sys.argv[1:] else main()
