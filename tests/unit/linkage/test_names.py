import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.blind.linkage.names import (
    fold,
    key,
    read_given,
    read_initials,
    read_surname,
    sound,
)

WORDS = st.text(alphabet=string.ascii_lowercase + "ëïöéşłøß\u0131", min_size=3, max_size=12)
ANY = st.text(max_size=40)


@pytest.mark.parametrize(
    ("surname", "prefix"),
    [
        ("Berg", "van den"),
        ("van den Berg", None),
        ("Berg, van den", None),
        ("Berg van den", None),
        ("v.d. Berg", None),
        ("V.D. BERG", ""),
        ("vd Berg", None),
        ("v/d Berg", None),
        ("Berg", "v.d."),
        ("BERG", "VAN DER"),
        ("Fam. van den Berg", None),
    ],
)
def test_a_prefix_is_recognised_wherever_it_stands(surname, prefix):
    read = read_surname(surname, prefix)
    assert (read.stem, read.full) == ("BERG", "VDBERG")


def test_a_glued_prefix_has_the_same_full_key():
    assert read_surname("Vandenberg", None).full == read_surname("Berg", "van den").full


def test_a_double_name_is_the_same_in_either_order():
    one, other = (
        read_surname("van den Berg-de Vries", None),
        read_surname("Vries-van den Berg", "de"),
    )
    assert one.full == other.full == "DEVRIES|VDBERG"
    assert one.parts == ("BERG", "VRIES")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Y\u0131ld\u0131z", "YILDIZ"),
        ("Şahin", "SAHIN"),
        ("Łukasz", "LUKASZ"),
        ("Søren", "SOREN"),
        ("Groß", "GROSS"),
        ("Noël", "NOEL"),
        ("ĳsbrand", "IJSBRAND"),
    ],
)
def test_diacritics_fold_to_plain_letters(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("Dijkstra", "Dykstra"), ("Visser", "Viser"), ("Jacobs", "Jakobs"), ("Meijer", "Meyer")],
)
def test_usual_spellings_sound_the_same(one, other):
    assert sound(key(one)) == sound(key(other))


@pytest.mark.parametrize(
    ("surname", "stem", "trade", "legal"),
    [
        ("Bakkerij Jansen", "JANSEN", True, False),
        ("Jansen h/o Snackbar De Hoek", "JANSEN", True, False),
        ("Jansen V.O.F.", "JANSEN", True, False),
        ("Jansen B.V.", "JANSEN", False, True),
        ("Stichting Thuis", "THUIS", False, True),
    ],
)
def test_business_words_are_not_the_name(surname, stem, trade, legal):
    read = read_surname(surname, None)
    assert (read.stem, read.trade, read.legal_person) == (stem, trade, legal)


@pytest.mark.parametrize("surname", ["J. de Vries", "J.M. de Vries", "Vries, J. de"])
def test_initials_in_the_surname_are_taken_out(surname):
    read = read_surname(surname, None)
    assert (read.stem, read.full, read.initials[0]) == ("VRIES", "DEVRIES", "J")


@pytest.mark.parametrize(
    ("initials", "given_names", "expected"),
    [
        ("J.M.", None, "JM"),
        ("JM", None, "JM"),
        ("j m", None, "JM"),
        ("Th.M.", None, "TM"),
        ("IJ.", None, "Y"),
        ("Jan", None, "J"),
        ("DAAN", None, "D"),
        (None, "Johannes Maria", "JM"),
        ("", "", ""),
    ],
)
def test_initials_are_read_from_every_form(initials, given_names, expected):
    assert read_initials(initials, given_names) == expected


def test_a_given_name_in_the_field_for_initials_counts_as_one():
    assert read_given(None, "Johanna") == "JOHANNA"
    assert read_given(None, "J.M.") == ""
    assert read_given("J. M.") == ""
    assert read_given("Zoë Anna") == "ZOE"


@given(ANY, st.none() | ANY)
def test_no_text_breaks_the_reader_and_keys_are_plain(surname, prefix):
    read = read_surname(surname, prefix)
    allowed = set(string.ascii_uppercase + "|")
    assert set(read.stem + read.full) <= allowed
    assert len(read.parts) == len(read.fulls) <= 2


@given(WORDS)
def test_case_and_prefix_place_do_not_matter(name):
    stem = read_surname(name, "van der").full
    assert read_surname(name.upper(), "VAN DER").full == stem
    assert read_surname(name, " van  der ").full == stem


@given(ANY)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(ANY, ANY)
def test_initials_are_letters_only(initials, given_names):
    assert set(read_initials(initials, given_names)) <= set(string.ascii_uppercase)
