"""The file for Prometheus: as its own parser reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from newscrawl.report.figures import Begun, Beside, Ending, figures
from newscrawl.report.tally import Tally
from newscrawl.reporting.metrics import write_metrics

BEGUN = 1_795_132_803


def run(kind: str, **more: Any) -> dict[str, Any]:
    begun = Begun(12, "newspim", None, kind, {}, "0.1.0", "box", 4711, BEGUN)
    stats = {"newscrawl/exported": 28, "downloader/request_count": 60, "newscrawl/no_container": 2}
    return figures(begun, Ending(BEGUN + 60, "finished", 1, []), stats, Tally(), Beside(free=5_000_000_000)) | more


def read(path: Path) -> dict[tuple[str, ...], float]:
    """Each number by its name and its labels but for the site."""
    found = {}
    for family in text_string_to_metric_families(path.read_text(encoding="utf-8")):
        assert family.documentation
        for one in family.samples:
            assert one.labels["site"] == "newspim"
            found[(one.name, *(value for name, value in one.labels.items() if name != "site"))] = one.value
    return found


def test_each_kind_of_run_has_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "newscrawl.prom"
    write_metrics(path, [run("latest"), run("backfill", exit_code=0)])
    found = read(path)
    assert found["newscrawl_articles_exported", "latest"] == 28
    assert found["newscrawl_pages_without_body", "latest"] == 2
    assert found["newscrawl_run_ended_timestamp_seconds", "backfill"] == BEGUN + 60
    assert [found["newscrawl_run_exit_code", kind] for kind in ("latest", "backfill")] == [1, 0]
    assert found["newscrawl_disk_free_bytes", "latest"] == 5_000_000_000


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "newscrawl.prom"
    write_metrics(path, [run("latest")])
    assert not any(name[0].startswith(("newscrawl_lateness", "newscrawl_peak_memory")) for name in read(path))


def test_each_monitor_is_one_or_zero(tmp_path: Path) -> None:
    path = tmp_path / "newscrawl.prom"
    monitors = [{"name": name, "passed": name != "disk space", "text": 'of "12"\n'} for name in ("disk space", "items")]
    write_metrics(path, [run("latest", monitors=monitors)])
    found = read(path)
    assert found["newscrawl_monitor_failed", "latest", "disk space"] == 1
    assert found["newscrawl_monitor_failed", "latest", "items"] == 0


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        write_metrics(tmp_path / "nowhere" / "newscrawl.prom", [run("latest")])
