"""One run at a time in one municipality's folder, and one intake."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from openregie.cli.outcome import Exit, Stop

_TRIES = 5
_PAUSE_SECONDS = 0.1


@contextmanager
def only_one(directory: Path, what: str = "run") -> Iterator[None]:
    """Hold the folder's lock on `what`; the operating system lets go when the process ends.

    A lock file that a killed process left holds nobody up. Its time is when the last one began.
    Raises `Stop` when another process holds it.
    """
    with (directory / f"{what}.lock").open("a+", encoding="ascii") as file:
        if not _locked(file):
            raise Stop(
                f"folder `{directory}`: another {what} is busy here{_whose(file)}",
                remedy=f"wait until it has ended, then {what.replace('-', ' ')} again",
                code=Exit.BUSY,
            )
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _locked(file: TextIO) -> bool:
    """Try for half a second: the page that shows progress looks at the lock for a moment."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False


def _whose(file: TextIO) -> str:
    file.seek(0)
    holder = file.read(12).strip()
    return f" (process {holder})" if holder.isdecimal() else ""
