from datetime import date

import pytest

from openregie.rules.units import Unit
from openregie.rules.words import Words, enumerate_words, faults, say


@pytest.mark.parametrize(
    ("value", "unit", "nl", "en"),
    [
        (64000, Unit.CENTS, "€ 640", "€ 640"),
        (64050, Unit.CENTS, "€ 640,50", "€ 640.50"),
        (123456789, Unit.CENTS, "€ 1.234.567,89", "€ 1,234,567.89"),
        (5, Unit.CENTS, "€ 0,05", "€ 0.05"),
        (-250, Unit.CENTS, "€ -2,50", "€ -2.50"),
        (date(2026, 12, 8), Unit.DATE, "8 december", "8 December"),
        (1, Unit.DAYS, "1 dag", "1 day"),
        (60, Unit.DAYS, "60 dagen", "60 days"),
        (1, Unit.MONTHS, "1 maand", "1 month"),
        (2, Unit.NUMBER, "2", "2"),
        (True, Unit.BOOLEAN, "ja", "yes"),
        (None, Unit.CENTS, "niet bekend", "not known"),
    ],
)
def test_a_value_is_said_as_people_say_it(value, unit, nl, en):
    assert say(value, unit) == Words(nl, en)


def test_a_row_of_names_ends_with_and():
    one, two, three = (Words(x, x) for x in "abc")
    assert enumerate_words([one]) == Words("a", "a")
    assert enumerate_words([one, two]) == Words("a en b", "a and b")
    assert enumerate_words([one, two, three]).nl == "a, b en c"
    assert enumerate_words([]) == Words("", "")


def test_a_filled_text_is_not_filled_again():
    text = Words("{one} {two}", "{one}")
    assert text.fill({"one": Words("{two}", "x")}) == Words("{two} …", "x")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Dit is een signaal.", "signaal"),
        ("De Burger krijgt dit.", "burger"),
        ("U heeft een betalingsachterstand.", "betalingsachterstand"),
        ("Dit is voor je huis.", "je"),
        ("een " * 16 + "huis.", "17 words"),
    ],
)
def test_words_a_resident_stumbles_over_are_found(text, what):
    ((found, remedy),) = faults(Words(text, ""))
    assert what in found
    assert remedy


def test_two_short_sentences_are_no_long_one():
    assert faults(Words("Dit is kort. " + "een " * 14 + "huis.", "")) == []
