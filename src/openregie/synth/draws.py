"""Chance, repeatable: one child generator per purpose, and weighted draws."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


def child(seed: int, *purpose: str) -> Random:
    """A generator for one purpose: what one part draws never shifts what another part draws.

    Seeding with text hashes it with SHA-512, so PYTHONHASHSEED plays no part.
    """
    return Random(f"openregie/synth/{seed}/{'/'.join(purpose)}")  # noqa: S311 - repeatable, not secret


class Weighted(Generic[Thing]):
    """Things to draw, each as often as its weight says."""

    __slots__ = ("cumulative", "things", "total")

    def __init__(self, pairs: Iterable[tuple[Thing, float]]) -> None:
        """Takes (thing, weight) pairs; weights are relative."""
        listed = list(pairs)
        self.things: Sequence[Thing] = [thing for thing, _ in listed]
        self.cumulative = list(accumulate(weight for _, weight in listed))
        self.total = self.cumulative[-1]

    def pick(self, random: Random) -> Thing:
        """Draw one thing."""
        return self.things[bisect_right(self.cumulative, random.random() * self.total)]


def by_rank(things: Sequence[Thing], *, shift: float, exponent: float) -> Weighted[Thing]:
    """Zipf-Mandelbrot weights: the first thing is the most frequent one."""
    return Weighted(
        (thing, (rank + shift) ** -exponent) for rank, thing in enumerate(things, start=1)
    )
