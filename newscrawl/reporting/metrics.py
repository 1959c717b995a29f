"""The figures of the latest runs as numbers for Prometheus, in a file for the node exporter's textfile collector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from newscrawl.report.figures import Figures

_Number = float | int | None
# Name, what it says, and where it is. Units as Prometheus names them (prometheus.io/docs/practices/naming).
_GAUGES: tuple[tuple[str, str, Callable[[Figures], _Number]], ...] = (
    ("run_started_timestamp_seconds", "When the latest run began", lambda one: _seconds(one["started_at"])),
    ("run_ended_timestamp_seconds", "When the latest run ended", lambda one: _seconds(one["ended_at"])),
    ("run_exit_code", "How the latest run ended: 0 is well", lambda one: one["exit_code"]),
    ("articles_exported", "New articles of the latest run", lambda one: one["articles"]["exported"]),
    ("articles_revised", "Further revisions of the latest run", lambda one: one["articles"]["revised"]),
    ("articles_left", "Requests that the latest run left for the next", lambda one: one["articles"]["left"]),
    ("requests", "Requests of the latest run", lambda one: one["pages"]["requests"]),
    ("failures", "Requests of the latest run that were lost", lambda one: one["failures"]["total"]),
    ("pages_without_body", "Pages without a body container", lambda one: one["pages"]["no_container"]),
    (
        "lateness_median_seconds",
        "From publication to the line",
        lambda one: one["lateness"].get("all", {}).get("median"),
    ),
    ("lateness_p95_seconds", "The same, 95 of 100", lambda one: one["lateness"].get("all", {}).get("p95")),
    ("cpu_seconds", "CPU time of the latest run", lambda one: one["speed"]["cpu_seconds"]),
    ("peak_memory_bytes", "Most memory of the latest run", lambda one: one["speed"]["peak_memory"]),
    ("disk_free_bytes", "Free where the data lies", lambda one: one["disk"]["free"]),
    ("state_bytes", "Size of the state", lambda one: one["disk"]["state"]),
)


def write_metrics(path: Path, latest: Iterable[Figures]) -> None:
    """Write the file anew; a collector never reads half of it. `latest`: figures of one run of each site and kind. Raises OSError."""
    # A fifth of a second to import, for those who ask for it.
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry, runs = CollectorRegistry(), list(latest)
    for name, what, value in _GAUGES:
        gauge = Gauge(f"newscrawl_{name}", what, ("site", "kind"), registry=registry)
        for one in runs:
            if (number := value(one)) is not None:
                gauge.labels(one["site"], one["kind"]).set(number)
    monitors = Gauge(
        "newscrawl_monitor_failed", "1: failed in the latest run", ("site", "kind", "monitor"), registry=registry
    )
    for one in runs:
        for monitor in one["monitors"]:
            monitors.labels(one["site"], one["kind"], monitor["name"]).set(int(not monitor["passed"]))
    write_to_textfile(str(path), registry)


def _seconds(moment: str | None) -> float | None:
    return datetime.fromisoformat(moment).timestamp() if moment else None
