from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.rules.workdays import add_working_days, easter, holidays, is_working_day, run_on

days = st.dates(date(2000, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2000, (4, 23)), (2008, (3, 23)), (2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)),
     (2027, (3, 28)), (2038, (4, 25)), (2100, (3, 28))],
)  # fmt: skip
def test_easter_falls_where_the_almanac_says(year, sunday):
    assert easter(year) == date(year, *sunday)


def test_the_holidays_of_2026_are_those_of_the_law():
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),  # Good Friday: art. 3 lid 2
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


@pytest.mark.parametrize(("year", "day"), [(2025, 26), (2026, 27), (2031, 26), (2036, 26)])
def test_kings_day_on_a_sunday_is_kept_the_day_before(year, day):
    assert date(year, 4, day) in holidays(year)
    assert date(year, 4, 53 - day) not in holidays(year)


def test_two_holidays_may_fall_together():
    assert date(2008, 5, 5) in holidays(2008)
    assert len(holidays(2016)) == 8  # Ascension on 5 May


def test_a_decreed_day_is_no_working_day():
    friday = date(2026, 5, 15)
    assert is_working_day(friday)
    assert not is_working_day(friday, decreed={friday})
    assert add_working_days(date(2026, 5, 13), 1, decreed={friday}) == date(2026, 5, 18)


def test_the_day_itself_does_not_count():
    assert add_working_days(date(2026, 11, 2), 1) == date(2026, 11, 3)
    assert add_working_days(date(2026, 11, 2), 0) == date(2026, 11, 2)


def test_a_term_that_ends_on_a_free_day_runs_on():
    assert run_on(date(2026, 12, 25)) == date(2026, 12, 28)
    assert run_on(date(2026, 11, 3)) == date(2026, 11, 3)


@given(days, st.integers(1, 60))
def test_there_are_exactly_so_many_working_days_up_to_the_end(day, number):
    end = add_working_days(day, number)
    between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
    assert sum(is_working_day(one) for one in between) == number
    assert is_working_day(end)


@given(days)
def test_every_year_has_at_most_nine_holidays_and_none_on_a_kings_sunday(day):
    found = holidays(day.year)
    assert 8 <= len(found) <= 9
    assert not (date(day.year, 4, 27) in found and date(day.year, 4, 27).weekday() == 6)
