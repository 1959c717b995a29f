"""Which machine this is, for those that share a state: by a word in the folder where it keeps its feeds.

A host's name is none: containers get a new one at each start, and two machines may have the same.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

_NAME = "node"


def node_of(folder: Path) -> str:
    """The word of a folder; made when there is none. Raises OSError."""
    path = folder / _NAME
    folder.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{_NAME}.{uuid.uuid4().hex}")
    if not path.exists():
        made.write_text(f"{uuid.uuid4().hex}\n", encoding="ascii")
        try:
            os.link(made, path)  # whole, or not at all; of two at once one is the first
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            made.replace(path)
        made.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()
