"""Does long work in short transactions: as many steps in each as its pace allows."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from django.db import connection, transaction

from openregie.sealed.vault.intake.pace import Pace

Step = TypeVar("Step")
Step_contra = TypeVar("Step_contra", contravariant=True)
_AHEAD = 20
"""So many steps are read before a transaction begins, so that reading holds nobody up."""
_CHUNKS_A_CHECKPOINT = 20
_PAGES = 1_000
"""SQLite's own default for moving its journal into the database file."""


class Work(Protocol[Step_contra]):
    """What is done in chunks. All three are called inside the chunk's transaction."""

    def begin(self) -> None:
        """First of all in each chunk."""

    def step(self, step: Step_contra, /) -> None:
        """One step."""

    def end(self, last: Step_contra, /) -> None:
        """After the chunk's last step."""


def in_chunks(work: Work[Step], steps: Iterator[Step], pace: Pace) -> None:
    """Do every step, in order, each once. What raises undoes the chunk it is in, and stops."""
    ahead: deque[Step] = deque()
    with _journal_kept():
        for number in itertools.count(1):
            ahead.extend(itertools.islice(steps, _AHEAD - len(ahead)))
            if not ahead:
                return
            _one_chunk(work, ahead, pace)
            if number % _CHUNKS_A_CHECKPOINT == 0:
                _pragma("wal_checkpoint(PASSIVE)")


def _one_chunk(work: Work[Step], ahead: deque[Step], pace: Pace) -> None:
    with transaction.atomic():
        pace.begin()
        work.begin()
        work.step(last := ahead.popleft())
        while pace.goes_on() and ahead:
            work.step(last := ahead.popleft())
        work.end(last)
        pace.commits()
    pace.end()


@contextmanager
def _journal_kept() -> Iterator[None]:
    """Move SQLite's journal into its file between chunks, when nobody waits, not at a commit."""
    _pragma("wal_autocheckpoint(0)")
    try:
        yield
    finally:
        _pragma(f"wal_autocheckpoint({_PAGES})")


def _pragma(words: str) -> None:
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {words}")
