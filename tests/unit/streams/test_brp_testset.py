"""The official register test set, delivered as it is."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from openregie.blind.streams import brp_testset
from openregie.blind.streams.brp_testset import read_testset
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.formats import parse
from unit.streams.deliveries import BSNS, STREAMS, deliver, quarantined, read_inbox, table

POPULATION = STREAMS["population"]
PLACES = [os.environ.get("OPENREGIE_BRP_TESTSET", "")] + [
    str(parent / "shared" / "data" / "brp" / "testset_persoonslijsten.csv")
    for parent in Path(__file__).resolve().parents
]
TESTSET = next((Path(place) for place in PLACES if place and Path(place).is_file()), None)

HEADER = (
    ["", "01.01.10", "01.01.20", "01.02.10", "01.02.30", "01.02.40", "01.03.10", "01.04.10"]
    + ["01.61.10", "02.01.20", "03.01.20", "05.01.20", "05.02.30", "05.02.40", "05.06.10"]
    + ["05.07.10", "05.84.10", "05.H", "06.08.10", "06.88.10", "06.88.10", "07.67.10", "07.67.20"]
    + ["07.70.10", "08.10.10", "08.10.30", "08.11.10", "08.11.20", "08.11.30", "08.11.40"]
    + ["08.11.60", "08.11.70", "08.11.80", "08.13.20", "08.84.10", "08.H", "11.32.10", "11.33.10"]
    + [
        f"{c}.83.{g}"
        for c in ("01", "02", "03", "04", "05", "06", "08", "11")
        for g in ("10", "30")
    ]
    + [""]
)


def person_lists(*rows):
    """A file of person lists; each row gives its cells by element."""
    lines = [";".join(HEADER)]
    for name, cells in rows:
        line = [cells.get(code, "") for code in HEADER]
        line[0] = name
        lines.append(";".join(line))
    return ("\ufeff" + "\n".join(lines) + "\n").encode()


PERSON = {"01.01.20": BSNS[0], "01.02.40": "Vries", "01.02.30": "de", "01.03.10": "19680000"}
HOME = {"08.10.10": "W", "08.11.60": "1234AB", "08.11.20": "12"}


def people(tmp_path, *rows):
    deliver(tmp_path, person_lists(*rows), "population")
    con, report = read_inbox(tmp_path)
    return {row["person"]: row for row in table(con, "register")}, report.files[0], con


def test_rows_that_continue_a_list_are_folded_into_it(tmp_path):
    found, file, _ = people(
        tmp_path,
        ("een", PERSON | HOME | {"08.H": "58"}),
        ("", {"08.11.60": "9999ZZ", "08.11.20": "1", "08.84.10": "O", "08.H": "58"}),
        ("", {"08.11.60": "5678CD", "08.11.20": "7", "08.11.30": "b", "08.H": "58"}),
        ("", {"08.11.60": "1111AA", "08.11.20": "3"}),
        ("twee", PERSON | {"01.01.20": BSNS[1]}),
    )
    assert (file.rows, file.accepted) == (2, 2)
    een = found[BSNS[0]]
    assert (een["prefix"], een["birth_on"], een["birth_year"]) == ("de", None, 1968)
    assert (een["postcode"], een["house_number"]) == ("1234AB", 12)
    assert (
        een["previous_postcode"],
        een["previous_house_number"],
        een["previous_house_letter"],
    ) == ("5678CD", 7, "b")


def test_the_partner_is_the_one_of_the_marriage_in_force(tmp_path):
    ended = {"05.01.20": BSNS[2], "05.02.40": "Oud", "05.06.10": "19900101"}
    now = {"05.01.20": BSNS[3], "05.02.40": "Nieuw", "05.06.10": "20000101"}
    found, *_ = people(
        tmp_path,
        ("een", PERSON | ended | {"05.07.10": "19990101", "05.H": "55"}),
        ("", ended | {"05.H": "05"}),
        ("", now),
        ("twee", PERSON | {"01.01.20": BSNS[1]} | ended | {"05.07.10": "19990101"}),
    )
    assert (found[BSNS[0]]["partner_bsn"], found[BSNS[0]]["partner_surname"]) == (BSNS[3], "Nieuw")
    assert found[BSNS[1]]["partner_bsn"] is None


def test_death_departure_secrecy_investigation_and_curatele_come_along(tmp_path):
    found, *_ = people(
        tmp_path,
        ("een", PERSON | {"06.08.10": "20200000", "07.67.10": "20200501", "07.67.20": "O"}),
        ("twee", PERSON | {"01.01.20": BSNS[1], "07.67.10": "20190203", "07.67.20": "E"}),
        ("drie", PERSON | {"01.01.20": BSNS[2], "07.70.10": "7", "08.83.10": "081100"}),
        (
            "vier",
            PERSON
            | {
                "01.01.20": BSNS[3],
                "11.33.10": "1",
                "11.32.10": "1D",
                "01.83.10": "010000",
                "01.83.30": "20200101",
            },
        ),
    )
    een, twee, drie, vier = (found[bsn] for bsn in BSNS[:4])
    assert (een["died_on"], een["left_on"]) == (date(2020, 1, 1), None)
    assert (twee["died_on"], twee["left_on"]) == (None, date(2019, 2, 3))
    assert (drie["secrecy"], drie["under_investigation"]) == (7, True)
    assert (vier["curatele"], vier["authority"], vier["under_investigation"]) == (True, "1D", False)


def test_what_is_left_out_is_listed_by_its_place(tmp_path):
    _, file, _ = people(tmp_path, ("een", PERSON))
    assert file.dropped == (
        "2 (01.01.10)",
        "20 (06.88.10)",
        "21 (06.88.10)",
        f"{len(HEADER)} (no header)",
    )


def test_a_header_that_is_no_element_is_left_out_without_repeating_it():
    data = person_lists(("een", PERSON)).replace(b"06.88.10", b"Zeehond")
    raw = read_testset(data, POPULATION)
    assert raw.dropped[1:3] == ("20 (another header)", "21 (another header)")


def test_a_marker_without_end_is_no_marker():
    data = person_lists(("een", PERSON | {"08.H": "9" * 5_000}), ("", HOME))
    assert read_testset(data, POPULATION).table.column("vorigePostcode").to_pylist() == [""]


def test_a_list_larger_than_any_test_set_is_refused(monkeypatch):
    monkeypatch.setattr(brp_testset, "MAX_TESTSET_BYTES", 100)
    with pytest.raises(DeliveryRefused, match="above 100 bytes"):
        read_testset(person_lists(("een", PERSON)), POPULATION)


def test_a_list_with_a_ragged_row_waits_whole(tmp_path):
    data = person_lists(("een", PERSON), ("twee", PERSON | {"01.01.20": BSNS[1]}))
    deliver(tmp_path, data + b";too;short\n", "population")
    con, report = read_inbox(tmp_path)
    assert table(con, "register", "person") == [(BSNS[0],)]
    ((number, _, reason, row),) = quarantined(con)
    assert (number, reason) == (2, "a person list with ragged rows")
    assert len(row["cells"]) == 2
    assert report.files[0].rows == 2


def test_a_row_before_any_list_waits(tmp_path):
    found, file, con = people(tmp_path, ("", PERSON), ("een", PERSON))
    assert list(found) == [BSNS[0]]
    assert (file.rows, file.quarantined, len(quarantined(con))) == (2, 1, 1)


def test_a_missing_element_is_named():
    data = person_lists(("een", PERSON)).replace(b"07.70.10", b"07.70.11")
    with pytest.raises(DeliveryRefused, match=r"element 07\.70\.10: missing"):
        read_testset(data, POPULATION)


def test_only_the_population_takes_this_shape():
    data = person_lists(("een", PERSON))
    assert parse(data, POPULATION).format == "brp-testset"
    with pytest.raises(DeliveryRefused, match="the first line has no header"):
        parse(data, STREAMS["benefits"])


@pytest.mark.skipif(TESTSET is None, reason="the official test set is not on this machine")
def test_the_official_person_lists_come_in_whole(tmp_path):
    accepted = deliver(tmp_path, TESTSET.read_bytes(), "population")
    assert (accepted.rows, accepted.format) == (687, "brp-testset")
    con, report = read_inbox(tmp_path)
    (file,) = report.files
    assert (file.rows, file.accepted + file.quarantined) == (687, 687)
    assert file.accepted == 671
    assert len(file.dropped) == 206
    assert Counter(column for _, column, _, _ in quarantined(con)) == {
        "gezag": 6,  # combinations with C, which the register's tables do not have
        None: 5,  # one person on two lists
        "burgerservicenummer": 2,
        "geboortedatum": 1,
        "datumOverlijden": 1,
        "datumVertrek": 1,
    }
    counts = con.execute(
        "SELECT count(birth_year) - count(birth_on), count(partner_bsn), count(parent1_bsn), "
        "count(previous_postcode), count(died_on), count(left_on), count(authority), "
        "count(*) FILTER (under_investigation), count(*) FILTER (curatele), "
        "count(*) FILTER (secrecy > 0) FROM register"
    ).fetchall()
    assert counts == [(8, 148, 271, 470, 20, 80, 16, 37, 14, 45)]
