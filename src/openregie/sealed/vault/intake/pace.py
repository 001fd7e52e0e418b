"""How long one transaction of the intake may go on, so that nobody waits long for the database."""

from __future__ import annotations

import time
from collections.abc import Callable

CHUNK_SECONDS = 0.1
"""No transaction of the intake should hold the database longer."""
AIM_SECONDS = CHUNK_SECONDS / 2
"""A chunk ends where one more step would pass this; the other half is for a busy machine."""
REST_SECONDS = 0.025
"""The database is left free so long after each chunk. Who waits for SQLite looks again after at
most 25 ms while it has waited less than 0.1 s (its busy handler), so it finds it free."""
STEP_LINES = 50
"""So many lines, or rows, are one step: what is done between two looks at the clock."""


class Pace:
    """The clock of one intake.

    `held` is how long each chunk held the database, in seconds; `own` is what of it was our own:
    processor time and the commit, without waiting for a processor that others use.
    """

    def __init__(
        self,
        *,
        timer: Callable[[], float] = time.monotonic,
        processor: Callable[[], float] = time.thread_time,
        rest: Callable[[float], object] = time.sleep,
    ) -> None:
        self.held: list[float] = []
        self.own: list[float] = []
        self._timer = timer
        self._processor = processor
        self._rest = rest
        self._worked = 0.0
        self._began = self._stepped = 0.0
        self._slowest_step = self._slowest_commit = 0.0

    def begin(self) -> None:
        """A chunk begins: the database is held from here."""
        self._began = self._stepped = self._timer()
        self._worked = self._processor()

    def goes_on(self) -> bool:
        """After a step: whether one more fits, as slow as the slowest of late, and the commit."""
        now = self._timer()
        self._slowest_step = max(now - self._stepped, self._slowest_step / 2)
        self._stepped = now
        return now - self._began + self._slowest_step + self._slowest_commit < AIM_SECONDS

    def commits(self) -> None:
        """The chunk's last step is done; what follows is its commit."""
        self._stepped = self._timer()
        self._worked = self._processor() - self._worked

    def end(self) -> None:
        """The chunk is committed: note how long it was, and leave the database to others."""
        now = self._timer()
        self._slowest_commit = max(now - self._stepped, self._slowest_commit / 2)
        self.held.append(now - self._began)
        self.own.append(self._worked + now - self._stepped)
        self._rest(REST_SECONDS)
