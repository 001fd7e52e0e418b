import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.blind.linkage.addresses import (
    read_addition,
    read_house,
    read_postcode,
    read_street,
)


@pytest.mark.parametrize(
    ("letter", "addition", "expected"),
    [
        ("a", "bis", "ABIS"),
        (None, "A-bis", "ABIS"),
        (None, "abis", "ABIS"),
        (None, "II", "2"),
        (None, "2 hoog", "2"),
        (None, "02", "2"),
        (None, "huis", "HS"),
        ("", "HS", "HS"),
        (None, "begane grond", "BG"),
        (None, None, ""),
    ],
)
def test_letter_and_addition_are_one_comparable_form(letter, addition, expected):
    assert read_addition(letter, addition) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12a bis", (12, "A BIS")), ("12-2", (12, "2")), ("012", (12, "")), ("", (None, ""))],
)
def test_a_glued_house_number_is_taken_apart(text, expected):
    assert read_house(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1234 ab", "1234AB"), ("1234AB", "1234AB"), ("0123AB", ""), ("12345", ""), (None, "")],
)
def test_only_a_dutch_postcode_is_one(text, expected):
    assert read_postcode(text) == expected


def test_short_street_names_are_written_out():
    assert read_street("Burg. Jansenstr.") == read_street("Burgemeester Jansenstraat")
    assert read_street("Dijkwg") == read_street("Dykweg")


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_text_breaks_the_readers(one, other):
    assert read_addition(one, other).isascii()
    assert read_street(one).isascii()
    read_house(one)
    read_postcode(one)
