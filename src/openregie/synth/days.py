"""Days and partial days, as a register knows them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

MONTHS_A_YEAR = 12


class PartialDay(NamedTuple):
    """A day of which month and day may be unknown (0), as the register writes 19680000."""

    year: int
    month: int
    day: int

    @property
    def complete(self) -> bool:
        """Whether year, month and day are all known."""
        return self.month > 0 and self.day > 0


def partial(on: date) -> PartialDay:
    """The same day, as the register writes it."""
    return PartialDay(on.year, on.month, on.day)


def earliest(day: PartialDay) -> date:
    """The first calendar day it can have been."""
    return date(day.year, day.month or 1, day.day or 1)


def age(day: PartialDay, *, on: date) -> int:
    """Whole years of age; an unknown month or day counts as the first."""
    had_birthday = (on.month, on.day) >= (day.month or 1, day.day or 1)
    return on.year - day.year - (0 if had_birthday else 1)


def month_end(on: date, *, months_back: int) -> date:
    """Last day of the calendar month so many months before the month of `on`."""
    months = on.year * MONTHS_A_YEAR + on.month - 1 - months_back
    year, month = divmod(months, MONTHS_A_YEAR)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def years_before(on: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def some_day(random: Random, from_on: date, until_on: date) -> date:
    """A day between two days, both included."""
    return from_on + timedelta(days=int(random.random() * ((until_on - from_on).days + 1)))


def birth_at_age(random: Random, years: int, *, on: date) -> date:
    """A birthday that makes someone exactly so many years old on the day."""
    return years_before(on, years) - timedelta(days=int(random.random() * 365))
