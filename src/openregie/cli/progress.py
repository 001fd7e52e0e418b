"""Progress of long work: a bar for people, a small file of counts for the page that waits."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

DRAW_EVERY_SECONDS = 0.1


class Bars:
    """One bar per stop of the path, on standard error; silent when nobody watches.

    `file`, when given, holds {"stop","done","total"}: counts only, replaced in one step.
    """

    def __init__(self, *, quiet: bool = False, file: Path | None = None) -> None:
        console = Console(stderr=True, quiet=quiet)
        self._plain = not console.is_terminal and not quiet
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description:<28}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=quiet or self._plain,
        )
        self._console = console
        self._tasks: dict[str, TaskID] = {}
        self._file = file
        self._told_at = 0.0

    def __call__(self, stop: str, done: int, total: int) -> None:
        """Move a bar. A total of zero means: not known yet.

        Often called: what nobody could see change is not drawn, nor written, again.
        """
        now = time.monotonic()
        new = stop not in self._tasks
        if not new and done < total and now - self._told_at < DRAW_EVERY_SECONDS:
            return
        self._told_at = now
        if new:
            self._tasks[stop] = self._progress.add_task(stop, total=total or None)
            if self._plain:
                self._console.print(f"  {stop} …", highlight=False)
        self._progress.update(self._tasks[stop], completed=done, total=total or None)
        if self._file is not None:
            waiting = self._file.with_suffix(".tmp")
            waiting.write_text(json.dumps({"stop": stop, "done": done, "total": total}))
            waiting.replace(self._file)

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing; the page that waits sees that nothing is under way."""
        self._progress.stop()
        if self._file is not None:
            self._file.unlink(missing_ok=True)


@contextmanager
def bars(*, quiet: bool = False, file: Path | None = None) -> Iterator[Bars]:
    """Give the bars of one piece of work."""
    with Bars(quiet=quiet, file=file) as drawn:
        yield drawn
