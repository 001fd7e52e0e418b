"""Dated parameters: an amount or a term, from when to when, and by which article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from openregie.rules.units import Unit
from openregie.rules.words import Words

UNITS = (Unit.CENTS, Unit.DAYS, Unit.MONTHS, Unit.NUMBER)
"""Units a parameter can have."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value and the days on which it holds, both ends included; None is no end."""

    value: int
    valid_from: date
    valid_until: date | None
    article: str
    certainty: str

    def holds(self, on: date) -> bool:
        """Whether it holds on the day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number with its unit; `open_term` means a municipality fills it in itself."""

    name: str
    unit: Unit
    title: Words
    values: tuple[DatedValue, ...]
    open_term: bool = False

    def on(self, day: date) -> DatedValue | None:
        """The value that holds on a day."""
        return next((value for value in self.values if value.holds(day)), None)


def overlaps(values: tuple[DatedValue, ...]) -> bool:
    """Whether two values hold on one day."""
    ordered = sorted(values, key=lambda value: value.valid_from)
    return any(
        one.valid_until is None or one.valid_until >= other.valid_from
        for one, other in pairwise(ordered)
    )
