"""Reading a file that a stranger laid down: once, never a link, pipe or device, never too much."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


class NotAFile(OSError):
    """What lies there is a link, a pipe, a device or a folder."""


class TooLarge(OSError):
    """The file holds more bytes than were allowed."""


def read_own(file: Path, *, at_most: int, judge: Callable[[BinaryIO], None] | None = None) -> bytes:
    """The bytes of a plain file, opened once. Raises NotAFile, TooLarge, OSError.

    `judge` sees the open file before it is read whole, and refuses by raising.
    INVARIANT: never waits for a writer and never holds more than `at_most` bytes and one.
    """
    with _opened(file) as opened:
        if os.fstat(opened.fileno()).st_size > at_most:
            raise TooLarge
        if judge:
            judge(opened)
            opened.seek(0)
        data = opened.read(at_most + 1)
    if len(data) > at_most:  # it grew meanwhile
        raise TooLarge
    return data


def has_endless_line(opened: BinaryIO, *, at_most: int, reads: Callable[[bytes], bool]) -> bool:
    """Whether a stretch of `at_most` bytes has no line end, in a file whose head `reads` as lines.

    Holds one stretch at a time, so that a giant line is found before it fills the memory.
    """
    stretch = opened.read(at_most)
    if not reads(stretch):
        return False
    while len(stretch) == at_most:
        if b"\n" not in stretch and b"\r" not in stretch:
            return True
        stretch = opened.read(at_most)
    return False


def _opened(file: Path) -> BinaryIO:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError as error:  # a NUL in the name
        raise NotAFile from error
    except OSError as error:
        if file.is_symlink():
            raise NotAFile from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFile
    return os.fdopen(descriptor, "rb")
