from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from openregie.synth import days
from openregie.synth.bsns import RANGE, BsnSequence, reserved, with_check_digit
from openregie.synth.days import PartialDay
from openregie.terms import is_bsn

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(DAYS, st.integers(0, 105), st.integers(0, 1_000))
def test_a_birthday_at_an_age_gives_that_age(on, years, seed):
    born = days.birth_at_age(Random(seed), years, on=on)
    assert days.age(days.partial(born), on=on) == years


def test_an_unknown_month_counts_as_the_first():
    assert days.age(PartialDay(1980, 0, 0), on=date(2026, 1, 1)) == 46
    assert days.earliest(PartialDay(1980, 3, 0)) == date(1980, 3, 1)
    assert not PartialDay(1980, 3, 0).complete


@given(DAYS, st.integers(0, 30))
def test_months_back_end_on_the_last_day_of_a_month(on, back):
    end = days.month_end(on, months_back=back)
    assert (on.year - end.year) * 12 + on.month - end.month == back


def test_ten_prefixes_out_of_eleven_have_a_number():
    made = [with_check_digit(number) for number in range(90_000_000, 90_001_100)]
    assert all(number is None or is_bsn(number) for number in made)
    assert sum(number is None for number in made) == 100


def test_numbers_of_a_sequence_differ_and_never_touch_the_reserved_ones():
    sequence = BsnSequence(7)
    given_out = [sequence.next() for _ in range(50_000)]
    assert len(set(given_out)) == 50_000
    assert not set(given_out) & set(reserved())
    assert max(given_out) < str(90_000_000 + RANGE) + "0"
