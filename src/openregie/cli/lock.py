"""One run at a time in one municipality's folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openregie.cli.outcome import Exit, Stop


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Hold the folder's run lock; the operating system lets go of it when the process ends.

    Raises `Stop` when another run holds it.
    """
    with (directory / "run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Stop(
                f"folder `{directory}`: another run is busy here",
                remedy="wait until it has ended, then run again",
                code=Exit.BUSY,
            ) from error
        yield
