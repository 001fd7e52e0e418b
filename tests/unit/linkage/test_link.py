import json
import random
from datetime import date

import pytest

from openregie.blind.linkage.config import read_config
from openregie.blind.linkage.errors import TableMissing
from openregie.blind.linkage.link import link
from unit.linkage.small_town import CONTENT, bsn, links, person, record, tables

CONFIG = read_config(CONTENT)
TOWN = 600
BORN = date(1979, 4, 12)
FAMILY = {
    "surname": "Zwaluwsteen", "street": "Kerkweg", "postcode": "4399ZZ", "address_id": "home-z",
}  # fmt: skip


def _people():
    people = [person(n) for n in range(TOWN)]
    changes = {
        10: {"birth_on": BORN},
        # twins
        20: {**FAMILY, "given_names": "Sanne Iris", "birth_on": BORN, "house_number": 1},
        21: {**FAMILY, "given_names": "Tim Iris", "birth_on": BORN, "house_number": 1},
        # father and son of one name
        30: {**FAMILY, "given_names": "Jan", "house_number": 3, "address_id": "home-3"},
        31: {**FAMILY, "given_names": "Jan", "house_number": 3, "address_id": "home-3"},
        # a secret address, one under investigation, someone who died, someone who left
        40: {"secrecy": 7},
        50: {"under_investigation": True},
        60: {"died_on": date(2026, 9, 1)},
        70: {"left_on": date(2026, 9, 1)},
        # a partner's name in use, and a move
        80: {"surname": "Ooievaar", "partner_surname": "Kievitsnest", "partner_prefix": "van",
             "partner_bsn": bsn(81), "name_use": "P"},
        81: {"surname": "Kievitsnest", "prefix": "van"},
        90: {"previous_postcode": "4388XX", "previous_house_number": 9},
        # a household that is listed but for whom a record names no initials
        100: {"surname": "Fazantenborg", "given_names": "Karel"},
        101: {"surname": "Fazantenborg", "given_names": "Petra"},
    }  # fmt: skip
    for number, change in changes.items():
        people[number] = person(number, **change)
    return people


PEOPLE = _people()


def _records():
    p = PEOPLE
    none = {"birth_on": None}
    return [
        record(p[10], "exact"),
        record(p[12], "without-birth", **none),
        record(p[14], "swapped", birth_on=_swapped(p[14]["birth_on"])),
        record(p[20], "twin"),
        record(p[20], "twin-no-initials", initials=None),
        record(p[30], "namesake", **none),
        record(p[30], "namesake-with-birth"),
        record(p[40], "secret"),
        record(p[40], "secret-address-only", initials=None, surname="Uilenbroek", **none),
        record(p[50], "investigated", **none),
        record(p[50], "investigated-with-birth"),
        record(p[60], "died"),
        record(p[70], "left"),
        record(p[80], "partners-name", surname="van Kievitsnest", prefix=None),
        record(p[90], "old-address", postcode="4388XX", house_number=9),
        record(p[100], "household", initials=None, **none),
        record(p[16], "organisation", surname=p[16]["surname"] + " B.V."),
        record(p[18], "bsn", bsn=p[18]["person"]),
        record(p[18], "bsn-only", bsn=p[18]["person"], surname=None, initials=None, **none),
        record(p[22], "bsn-of-another", bsn=p[300]["person"]),
        record(p[24], "bsn-not-listed", bsn=bsn(5000)),
        record(p[26], "bsn-fails-elfproef", bsn="123456789"),
        record(p[10], "stranger", surname="Quispelaar", initials="X.", birth_on=date(1950, 2, 2),
               postcode="1011AB", street="Elders", house_number=400),
    ]  # fmt: skip


def _swapped(born):
    return date(born.year, born.day, born.month) if born.day <= 12 else born


@pytest.fixture(scope="module")
def linked():
    con = tables(PEOPLE, _records())
    report = link(con, config=CONFIG)
    return links(con), report


def _codes(row):
    return [reason["code"] for reason in json.loads(row["reasons"])]


@pytest.mark.parametrize(
    ("record_id", "number"),
    [
        ("exact", 10),
        ("swapped", 14),
        ("twin", 20),
        ("namesake-with-birth", 30),
        ("secret", 40),
        ("investigated-with-birth", 50),
        ("partners-name", 80),
        ("old-address", 90),
        ("bsn", 18),
        ("bsn-only", 18),
        ("bsn-fails-elfproef", 26),
    ],
)
def test_a_record_is_linked_with_certainty(linked, record_id, number):
    row = linked[0][record_id]
    assert (row["class"], row["person"]) == ("certain", PEOPLE[number]["person"]), row


@pytest.mark.parametrize(
    ("record_id", "link_class", "code"),
    [
        ("namesake", "household", "namesake_at_address"),
        ("twin-no-initials", "household", "too_close_to_another"),
        ("household", "household", "surname_equal"),
        ("investigated", "review", "address_under_investigation"),
        ("died", "review", "person_died"),
        ("left", "review", "person_left"),
        ("organisation", "none", "organisation"),
        ("bsn-of-another", "review", "bsn_contradicted"),
        ("bsn-not-listed", "review", "bsn_not_in_register"),
        ("secret-address-only", "none", None),
        ("stranger", "none", "nothing_close"),
    ],
)
def test_what_is_not_certain_names_nobody(linked, record_id, link_class, code):
    row = linked[0][record_id]
    assert (row["class"], row["person"]) == (link_class, None), row
    assert code is None or code in _codes(row)
    assert (row["household_address"] is None) == (link_class != "household")


def test_every_record_has_one_link_with_readable_reasons(linked):
    found, report = linked
    assert set(found) == {r["record_id"] for r in _records()}
    assert report.records == len(found) == sum(report.classes.values())
    for row in found.values():
        for reason in json.loads(row["reasons"]):
            assert reason["nl"] == CONFIG.reasons[reason["code"]]["nl"]
            assert reason["en"]
    assert "geboortedatum gelijk" in linked[0]["exact"]["reasons"]
    assert "adres is een oud adres" in linked[0]["old-address"]["reasons"]


def test_nothing_about_a_secret_address_is_a_reason(linked):
    for row in linked[0].values():
        if row["record_id"].startswith("secret"):
            assert not [code for code in _codes(row) if "address" in code]


def test_few_records_are_linked_with_the_shipped_model(linked):
    assert linked[1].model.learnt_from == "shipped"
    assert linked[1].methods == {"bsn": 3, "name": len(_records()) - 3}


def _few():
    p = PEOPLE
    return [
        record(p[10], "a"),
        record(p[12], "b"),
        record(p[20], "c", initials="S.", birth_on=None),
        record(p[18], "d", bsn=p[18]["person"]),
    ]


def _rows(con):
    return con.execute("SELECT * FROM links ORDER BY record_id").fetchall()


def test_order_and_threads_change_nothing():
    once = tables(PEOPLE, _records(), threads=1)
    link(once, config=CONFIG)
    people, records = list(PEOPLE), _records()
    random.Random(3).shuffle(people)
    random.Random(4).shuffle(records)
    again = tables(people, records, threads=2)
    link(again, config=CONFIG)
    assert _rows(once) == _rows(again)


def test_a_correction_undoes_a_link_and_the_next_best_does_not_take_its_place():
    con = tables(PEOPLE, _few())
    link(con, config=CONFIG)
    before = links(con)
    pairs = [(i, before[i]["person"]) for i in ("a", "d")]
    con.execute("CREATE TABLE unlink (record_id VARCHAR, person VARCHAR)")
    con.executemany("INSERT INTO unlink VALUES (?, ?)", pairs)
    con.execute("CREATE TABLE kept_links AS SELECT * FROM links_to_keep")
    link(con, config=CONFIG, kept="kept_links", corrections="unlink")
    after = links(con)
    for record_id, _ in pairs:
        assert (after[record_id]["class"], after[record_id]["person"]) == ("review", None)
        assert "link_undone" in _codes(after[record_id])
    assert after["b"]["person"] == before["b"]["person"]


def test_a_link_is_kept_while_record_and_register_stay_the_same():
    con = tables(PEOPLE, _few())
    first = link(con, config=CONFIG)
    rows = _rows(con)
    con.execute("CREATE TABLE kept_links AS SELECT * FROM links_to_keep")
    second = link(con, config=CONFIG, model=first.model, kept="kept_links")
    assert second.methods == {"bsn": 1, "kept": 3}
    assert second.pairs == 0
    kept = [row[:7] + row[8:] for row in _rows(con)]
    assert kept == [row[:7] + row[8:] for row in rows]
    con.execute("UPDATE register SET surname = 'Anders' WHERE person = ?", [PEOPLE[12]["person"]])
    third = link(con, config=CONFIG, model=first.model, kept="kept_links")
    assert third.methods == {"bsn": 1, "kept": 2, "name": 1}


def test_a_missing_table_is_named():
    con = tables(PEOPLE[:3], [])
    with pytest.raises(TableMissing, match="`kept_links` is missing"):
        link(con, config=CONFIG, kept="kept_links")
    con.execute("INSERT INTO register SELECT * FROM register LIMIT 1")
    with pytest.raises(TableMissing, match="must be unique"):
        link(con, config=CONFIG)


def test_no_records_or_no_people_give_no_links():
    con = tables(PEOPLE[:3], [])
    assert link(con, config=CONFIG).classes == {}
    con = tables([], _few())
    assert link(con, config=CONFIG).classes == {"none": 4}


def test_linking_says_nothing_aloud(capfd):
    link(tables(PEOPLE[:50], _few()), config=CONFIG)
    heard = capfd.readouterr()
    assert heard.out == heard.err == ""
