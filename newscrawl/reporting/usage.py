"""What a run took of the machine, and which settings it ran with that are not the project's own."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

# SLACK_TOKEN, SMTP_PASSWORD, DISCORD_WEBHOOK_URL: who has these can write in our name
_SECRET = re.compile(r"TOKEN|PASSW|PASS$|SECRET|KEY$|WEBHOOK|CREDENTIAL")
_PASSWORD = re.compile(r"(//[^/@:\s]*:)[^/@\s]+@")  # postgresql://news:opensesame@127.0.0.1/news
_IN_QUERY = re.compile(r"([?&]password=)[^&#]*", re.IGNORECASE)  # of a database's address
_HIDDEN = "…"
_OF_THE_COMMAND = frozenset(
    ("FEEDS", "LOG_FILE", "LOG_ENABLED", "SPIDER_MODULES")
)  # said elsewhere, or without a meaning


def cpu_seconds() -> float:
    """Of this process, in all its threads."""
    return round(sum(os.times()[:2]), 1)


def peak_memory() -> int | None:
    """Bytes that this process had at most; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # getrusage(2): kilobytes, on macOS bytes


def free_space(folder: Path) -> int | None:
    """Bytes that are free where a folder is, or will be; None when the system does not tell."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    try:
        return shutil.disk_usage(there).free if there else None
    except OSError:
        return None


def size_of(paths: list[Path]) -> int:
    """Bytes of files; one that is gone has none."""
    return sum(path.stat().st_size for path in paths if path.exists())


def changed_settings(settings: BaseSettings, environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that a command line, a spider, a schedule or the environment gave; secrets are hidden."""
    given = {name for name in environment if name.startswith("NEWSCRAWL_") and name in settings}
    given |= {
        str(name) for name in settings if (settings.getpriority(name) or 0) > SETTINGS_PRIORITIES["project"]
    } - _OF_THE_COMMAND
    return {name: _shown(name, settings[name]) for name in sorted(given)}


def _shown(name: str, value: Any) -> Any:
    if value and _SECRET.search(name):
        return _HIDDEN
    if isinstance(value, str):
        return _IN_QUERY.sub(rf"\1{_HIDDEN}", _PASSWORD.sub(rf"\1{_HIDDEN}@", value))
    return value if isinstance(value, (bool, int, float)) or value is None else str(value)
