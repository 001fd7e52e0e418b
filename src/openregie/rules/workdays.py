"""Days on which the Dutch government works, and terms that end on one.

Source: Algemene termijnenwet art. 1 (a term that would end on a Saturday, Sunday or holiday runs
on) and art. 3: lid 1 names the holidays, lid 2 puts Good Friday on a par with them. Days that a
royal decree adds (lid 3) change by the year and are given as `decreed`.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import cache

_SATURDAY, _SUNDAY = 5, 6
_NONE: frozenset[date] = frozenset()


@cache
def easter(year: int) -> date:
    """Easter Sunday (Gregorian computus, Meeus/Jones/Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, left = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - correction + 15) % 30
    skipped, kept = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * skipped - epact - kept) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Generally recognised holidays of a year, Good Friday included (art. 3 lid 1 and 2)."""
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == _SUNDAY:  # celebrated the day before
        kings_day = date(year, 4, 26)
    return frozenset(
        {
            date(year, 1, 1),
            sunday - timedelta(days=2),
            sunday + timedelta(days=1),
            kings_day,
            date(year, 5, 5),
            sunday + timedelta(days=39),
            sunday + timedelta(days=50),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


def is_working_day(day: date, *, decreed: AbstractSet[date] = _NONE) -> bool:
    """Whether the day is no Saturday, Sunday or holiday."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year) and day not in decreed


def add_working_days(day: date, number: int, *, decreed: AbstractSet[date] = _NONE) -> date:
    """The `number`-th working day after `day`; the day itself does not count."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day, decreed=decreed)
    return day


def run_on(day: date, *, decreed: AbstractSet[date] = _NONE) -> date:
    """The day itself, or the first working day after it (art. 1 lid 1)."""
    while not is_working_day(day, decreed=decreed):
        day += timedelta(days=1)
    return day
