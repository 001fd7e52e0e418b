"""What a value is: every value in a rule has one unit, and only like units meet."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """The unit of a value."""

    BOOLEAN = "boolean"
    DATE = "date"
    TEXT = "text"
    NUMBER = "number"
    CENTS = "cents"
    DAYS = "days"
    MONTHS = "months"
    PERSONS = "persons"


COUNTED = frozenset({Unit.NUMBER, Unit.PERSONS})
"""Plain numbers may be compared with these."""

WHOLE = frozenset({Unit.NUMBER, Unit.CENTS, Unit.DAYS, Unit.MONTHS, Unit.PERSONS})
"""Units whose values are whole numbers."""

ORDERED = WHOLE | {Unit.DATE}
"""Units that know less and more."""

Value = bool | int | str | date | None
"""What an expression can give; None is `not known`."""


def alike(one: Unit, other: Unit) -> bool:
    """Whether values of these units may be compared, added or subtracted."""
    return one is other or {one, other} <= COUNTED
