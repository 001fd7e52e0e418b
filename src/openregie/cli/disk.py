"""What the disk can do to a command, in words: what happened, where, what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openregie.cli.outcome import Exit, Stop

_NO_ROOM = "no room left on the disk"
_ROOM = "make room, then run `{again}` again: it goes on where the last finished one ended"
_NO_RIGHTS = "may not be written or read here"
_RIGHTS = (
    "mount it writable, or give this account its rights (chown, chmod), then run `{again}` again"
)
_BROKEN = "the disk reported a fault"
_REPAIR = "look at the disk first (dmesg, smartctl); then restore the folder from a backup"

_OF_ERRNO = {
    errno.ENOSPC: (_NO_ROOM, _ROOM),
    errno.EDQUOT: (_NO_ROOM, _ROOM),
    errno.EFBIG: ("a file may not grow any further here", _ROOM),
    errno.EROFS: (_NO_RIGHTS, _RIGHTS),
    errno.EACCES: (_NO_RIGHTS, _RIGHTS),
    errno.EPERM: (_NO_RIGHTS, _RIGHTS),
    errno.EIO: (_BROKEN, _REPAIR),
}
_DAMAGED = (
    "the database of the sealed zone is damaged",
    (
        "stop what serves it, restore DIR/sealed from a backup, check it with "
        "`openregie log verify`, then run `{again}` again"
    ),
)
_OF_SQLITE = {
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: (_NO_ROOM, _ROOM),
    sqlite3.SQLITE_READONLY: (_NO_RIGHTS, _RIGHTS),
    sqlite3.SQLITE_CANTOPEN: (_NO_RIGHTS, _RIGHTS),
    sqlite3.SQLITE_PERM: (_NO_RIGHTS, _RIGHTS),
    sqlite3.SQLITE_IOERR: (
        "the disk is full or reported a fault",
        "look at room and disk (df, dmesg), then run `{again}` again: it goes on where it was",
    ),
}
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PRIMARY = 0xFF
"""SQLite's extended codes carry the code that matters in their lowest byte."""


@contextmanager
def told_plainly(directory: Path, again: str) -> Iterator[None]:
    """Turn what the disk or the database did into a `Stop` that says where and what to do.

    `again` is the command to give once more. Nothing of a value is told, only names of files.
    """
    try:
        yield
    except Exception as error:
        disk = _disk(error)
        if disk is not None:
            raise _stop(_place(directory, disk), _OF_ERRNO[disk.errno or 0], again) from error
        found = _sqlite(error)
        if found is None:
            raise
        if found in _BUSY:
            raise Stop(
                f"folder `{directory}`: the database is busy with something long",
                remedy=f"wait a minute, then run `{again}` again: it goes on where it was",
                code=Exit.BUSY,
            ) from error
        if found not in _OF_SQLITE:
            raise
        raise _stop(f"folder `{directory / 'sealed'}`", _OF_SQLITE[found], again) from error


def _disk(error: BaseException) -> OSError | None:
    """The error of the disk that we have words for: this one, or what it was raised from."""
    return next(
        (e for e in _causes(error) if isinstance(e, OSError) and e.errno in _OF_ERRNO), None
    )


def _sqlite(error: BaseException) -> int | None:
    """The SQLite code behind an error: its own, or of what it was raised from."""
    for one in _causes(error):
        if isinstance(one, sqlite3.Error):
            code = getattr(one, "sqlite_errorcode", None)
            return None if code is None else code & _PRIMARY
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _place(directory: Path, error: OSError) -> str:
    """The file below the folder that the error names; otherwise the folder."""
    if isinstance(error.filename, str):
        file = Path(error.filename)
        if file.is_relative_to(directory):
            return f"folder `{directory}`, `{file.relative_to(directory)}`"
    return f"folder `{directory}`"


def _stop(place: str, words: tuple[str, str], again: str) -> Stop:
    happened, remedy = words
    return Stop(f"{place}: {happened}", remedy=remedy.format(again=again), code=Exit.NOT_READY)
