from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.synth import mistakes
from openregie.synth.days import PartialDay
from openregie.synth.mistakes import Mistake, Report
from openregie.synth.suppliers import SUPPLIERS, Habits

KEPT = Habits(birth_missing=0.0)


def report(**changes):
    cells = {
        "given": "Johanna",
        "initials": "J.P.",
        "prefix": "van der",
        "surname": "Meijer",
        "birth": PartialDay(1980, 3, 9),
        "street": "Lindestraat",
        "postcode": "6500AA",
        "number": 12,
        "addition": "",
    }
    return Report(**{**cells, **changes})


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Y\u0131lmaz", "Yilmaz"), ("Müller", "Muller"), ("Łukasz", "Lukasz"), ("Weiß", "Weiss")],
)
def test_marks_are_lost_letter_by_letter(text, plain):
    assert mistakes.without_marks(text) == plain


def test_windows_keeps_what_it_knows_and_loses_the_rest():
    assert mistakes.latin_only("Çelik Şahin Ömer") == "Çelik Sahin Ömer"


def test_capitals_are_a_habit_that_the_truth_names():
    row = report()
    mistakes.finish(row, Habits(birth_missing=0.0, upper=True, marks="lost"))
    assert row.surname == "MEIJER"
    assert row.mistakes == [Mistake.UPPER]


@given(st.integers(0, 10_000))
def test_whatever_goes_wrong_a_row_keeps_a_surname_and_names_its_mistakes(synthetic_town, seed):
    random = Random(seed)
    person = random.choice(synthetic_town.persons)
    row = mistakes.faithful(person, person.address)
    mistakes.spoil(row, person, person.address, random.choice(SUPPLIERS).habits, random)
    assert row.surname
    assert row.number >= 1
    assert len(set(row.mistakes)) == len(row.mistakes)
    if not row.mistakes:
        assert (row.prefix, row.surname) == (person.prefix, person.surname)


def test_every_kind_of_mistake_occurs(synthetic_town):
    random = Random(5)
    seen = set()
    for person in synthetic_town.residents():
        for supplier in SUPPLIERS:
            row = mistakes.faithful(person, person.address)
            mistakes.spoil(row, person, person.address, supplier.habits, random)
            seen.update(row.mistakes)
    made_elsewhere = {
        Mistake.OLD_ADDRESS, Mistake.BUSINESS_NAME, Mistake.TWICE, Mistake.NOT_IN_REGISTER,
        Mistake.MALFORMED,
    }  # fmt: skip
    assert set(Mistake) - made_elsewhere == seen


def test_a_glued_prefix_stays_readable():
    random = Random(1)
    glued = set()
    for _ in range(3_000):
        row = report()
        mistakes._misplace_prefix(row, KEPT, random)
        glued.add((row.prefix, row.surname))
    assert ("", "VanderMeijer") not in glued
    assert ("", "Vandermeijer") in glued
    assert ("", "Meijer, van der") in glued
    assert ("v.d.", "Meijer") in glued
    assert ("", "Meijer") in glued
