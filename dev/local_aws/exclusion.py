"""What one process at a time may do, of all that run on this machine."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


@contextlib.contextmanager
def exclusively(path: Path) -> Iterator[TextIO]:
    """While no other process has this file, which is made where it is missing, and may be read and appended to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file
