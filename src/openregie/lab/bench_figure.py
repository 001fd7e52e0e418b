"""One row of the bench: what was measured, several times, beside its peers in the same minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Literal

from openregie.terms import Progress, silent

RUNS = 5
"""How often a quick figure is measured; slow ones say their own number."""
SHARE = "share"
"""Unit of what lies between 0 and 1 and is better when higher: precision, recall."""
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Peer:
    """Who does the same, or the least it could take, measured in turns with ours."""

    name: str
    runs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A bound that was set before measuring. `of` is our median, or its ratio to the first peer."""

    at_least: float | None = None
    at_most: float | None = None
    of: Literal["median", "ratio"] = "median"

    def is_met(self, found: float) -> bool:
        """Whether what was found lies within the bound."""
        return (self.at_least is None or found >= self.at_least) and (
            self.at_most is None or found <= self.at_most
        )

    def to_json(self, found: float) -> dict[str, Any]:
        """For `openregie bench --json`."""
        told = {"at_least": self.at_least, "at_most": self.at_most}
        bounds = {name: bound for name, bound in told.items() if bound is not None}
        return {**bounds, "of": self.of, "met": self.is_met(found)}


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. `runs` are in `unit`; of shares and of what goes by the second more is better.

    `size` is how much was worked through, for what is plotted against it. `detail` is kept beside
    the row for plots: plain values only. The ratio to a peer is taken turn by turn, so a peer has
    as many runs as we have.
    """

    name: str
    what: str
    unit: str
    runs: tuple[float, ...]
    peers: tuple[Peer, ...] = ()
    target: Target | None = None
    size: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def higher(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith("/s") or self.unit == SHARE

    def to_json(self) -> dict[str, Any]:
        """For `openregie bench --json` and the file of results."""
        peers = [
            {"name": peer.name, **_spread(peer.runs), "ratio": _spread(_ratios(self.runs, peer))}
            for peer in self.peers
        ]
        told: dict[str, Any] = {
            "name": self.name,
            "what": self.what,
            "unit": self.unit,
            "better": "higher" if self.higher else "lower",
            **_spread(self.runs),
            "peers": peers,
        }
        if self.target is not None:
            of_ratio = self.target.of == "ratio"
            found = peers[0]["ratio"]["median"] if of_ratio else told["median"]
            told["target"] = self.target.to_json(found)
        if self.size is not None:
            told["size"] = self.size
        return {**told, "detail": dict(self.detail)} if self.detail else told


def _ratios(runs: Sequence[float], peer: Peer) -> list[float]:
    return [one / other for one, other in zip(runs, peer.runs, strict=True)]


def _spread(runs: Sequence[float]) -> dict[str, Any]:
    return {
        "median": round(median(runs), DIGITS),
        "min": round(min(runs), DIGITS),
        "max": round(max(runs), DIGITS),
        "runs": [round(run, DIGITS) for run in runs],
    }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that could not be measured here. `why` says what is missing and how to get it."""

    name: str
    why: str

    def to_json(self) -> dict[str, Any]:
        """For `openregie bench --json` and the file of results."""
        return {"name": self.name, "left_out": self.why}


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a group works: an empty folder of its own, the content, and who watches.

    `quick` asks for small sizes and few runs: to see that it works, never for the page.
    """

    folder: Path
    content: Path
    progress: Progress = silent
    quick: bool = False

    def runs(self, usual: int = RUNS) -> int:
        """How often to measure."""
        return 1 if self.quick else usual


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a group cannot do without. `remedy` says how to get it."""

    what: str
    is_met: Callable[[Scene], bool]
    remedy: str


@dataclass(frozen=True, slots=True)
class Group:
    """One entry of the registry: figures that belong together and are measured together.

    `section` is the heading it stands under. `seconds` is about how long it takes on two cores.
    `large` groups run only when asked for. A row whose own need is missing is given as LeftOut;
    when one of `needs` is missing, all of it is left out.
    """

    name: str
    what: str
    section: str
    measure: Callable[[Scene], Sequence[Figure | LeftOut]]
    seconds: int
    needs: tuple[Need, ...] = ()
    large: bool = False


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
