"""One row of the bench: what was measured, several times, beside its peer in the same minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from openregie.terms import Progress, silent

RUNS = 5
"""How often a quick figure is measured; slow ones say their own number."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who does the same, or the least it could take, measured in turns with ours."""

    name: str
    runs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. `runs` are in `unit`; of what goes by the second more is better, else less."""

    name: str
    what: str
    unit: str
    runs: tuple[float, ...]
    peer: Peer | None = None

    @property
    def higher(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith("/s")

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer, turn by turn, and of these the median."""
        if self.peer is None:
            return None
        return median(one / other for one, other in zip(self.runs, self.peer.runs, strict=True))

    def to_json(self) -> dict[str, Any]:
        """For `openregie bench --json`."""
        peer = self.peer
        return {
            "name": self.name,
            "what": self.what,
            "unit": self.unit,
            "better": "higher" if self.higher else "lower",
            **_spread(self.runs),
            "peer": {"name": peer.name, **_spread(peer.runs)} if peer else None,
            "ratio": round(self.ratio, 3) if self.ratio is not None else None,
        }


def _spread(runs: Sequence[float]) -> dict[str, Any]:
    return {
        "median": round(median(runs), 3),
        "min": round(min(runs), 3),
        "max": round(max(runs), 3),
        "runs": [round(run, 3) for run in runs],
    }


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a bench works: an empty folder of its own, the content, and who watches."""

    folder: Path
    content: Path
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Bench:
    """One entry of the registry: figures that belong together and are measured together."""

    name: str
    what: str
    measure: Callable[[Scene], list[Figure]]


def per_second(work: Callable[[], object], amount: int) -> float:
    """How many of `amount` the work does in a second."""
    started = time.perf_counter()
    work()
    return amount / (time.perf_counter() - started)


def in_turns(
    ours: Callable[[], object], theirs: Callable[[], object], *, amount: int, runs: int = RUNS
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Measure ours and theirs by turns, so that a busy machine slows both; both per second.

    One round before counts for nothing: it warms caches.
    """
    ours()
    theirs()
    pairs = [(per_second(ours, amount), per_second(theirs, amount)) for _ in range(runs)]
    return tuple(one for one, _ in pairs), tuple(other for _, other in pairs)
