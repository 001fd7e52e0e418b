"""The same work on every core: batches go to processes of our own, results come back in order.

What a batch needs, keys too, goes through a pipe and is nowhere on disk. The order of the results
is that of the input, whatever the number of cores: what is made of them does not depend on it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import chain, islice
from types import TracebackType
from typing import Self, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

BATCH = 200
FEW = 1_500
"""Below so many a process that starts costs more than it saves: they are done right here."""
WAITING_A_CORE = 3
"""Batches under way for each process: enough to keep it busy, little enough to hold in memory."""


class CoreLost(Exception):
    """A process that worked for us ended before its work was done."""


class Cores:
    """Processes that start when there is enough to do, and end with this object."""

    def __init__(self, processes: int | None = None, *, few: int = FEW) -> None:
        """Use so many processes, as many as there are cores when None; 1 stays in this one."""
        self.processes = processes or len(os.sched_getaffinity(0))
        self._few = few
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Nothing starts yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes; what is under way is dropped when something went wrong."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def map(
        self,
        work: Callable[[list[Given]], Sequence[Made]],
        given: Iterable[Given],
        *,
        batch: int = BATCH,
    ) -> Iterator[Made]:
        """Yield what `work` makes of each batch, in the order of `given`. Raises CoreLost.

        `work` and what it is given must be plain enough to be sent to another process.
        """
        rest = iter(given)
        first = list(islice(rest, self._few))
        rest = chain(first, rest)
        batches = iter(lambda: list(islice(rest, batch)), [])
        if self.processes == 1 or len(first) < self._few:
            for some in batches:
                yield from work(some)
            return
        yield from self._spread(work, batches)

    def _spread(
        self, work: Callable[[list[Given]], Sequence[Made]], batches: Iterator[list[Given]]
    ) -> Iterator[Made]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.processes,
                # Spawned: a fork would copy the threads' locks of the engine, and all its tables.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_leave_interrupts_to_the_parent,
            )
        pool = self._pool
        under_way: deque[Future[Sequence[Made]]] = deque()
        try:
            for some in batches:
                under_way.append(pool.submit(work, some))
                if len(under_way) > WAITING_A_CORE * self.processes:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        except BrokenProcessPool as error:
            self._pool = None
            raise CoreLost(
                "a process that worked for this run ended too early (killed, or out of memory); "
                "nothing of it was used: free some memory, then run again"
            ) from error
        finally:
            for future in under_way:
                future.cancel()


def _leave_interrupts_to_the_parent() -> None:
    """^C reaches the whole group; only the run answers it, and ends us."""
    with suppress(ValueError):  # not in the main thread of this process
        signal.signal(signal.SIGINT, signal.SIG_IGN)
