"""Settings from the environment, typed like their defaults."""

from __future__ import annotations

import os
import sys
from typing import TypeVar

T = TypeVar("T", str, int, float, bool)

_TRUE = frozenset(("1", "yes", "on", "true"))
_FALSE = frozenset(("0", "no", "off", "false", ""))


def from_environment(name: str, default: T) -> T:
    """The variable's value as the default's type. Ends the process with exit code 2 and one line for a value of another type:
    settings are read before anything could catch an error and say it well."""
    text = os.environ.get(name)
    if text is None:
        return default
    try:
        if isinstance(default, bool):
            return _boolean(text)
        return type(default)(text)
    except ValueError:
        sys.stderr.write(f"{name}={text!r} in the environment: takes a value like {default!r}\n")
        raise SystemExit(2) from None


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError(text)
