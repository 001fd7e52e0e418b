"""The register is prepared once, and what changes in it is prepared anew: with the same links."""

import random
from datetime import date

import pytest

from openregie.blind.linkage.config import read_config
from openregie.blind.linkage.link import link
from unit.linkage.small_town import CONTENT, bsn, person, record, tables

CONFIG = read_config(CONTENT)


def _born(chance):
    return date(1950 + chance.randrange(60), 1 + chance.randrange(12), 1 + chance.randrange(28))


def _change_register(people, chance):
    """New, gone, moved and corrected people; a household moves as one."""
    changed = {row["person"]: row for row in people}
    for _ in range(chance.randrange(1, 6)):
        row = changed[chance.choice(sorted(changed))]
        what = chance.choice(("new", "gone", "move", "name", "partner", "birth", "died"))
        if what == "new":
            number = 1000 + chance.randrange(500)
            changed[bsn(number)] = person(number, birth_on=_born(chance))
        elif what == "gone" and len(changed) > 20:
            del changed[row["person"]]
        elif what == "move":
            to = {"postcode": f"43{chance.randrange(10, 99)}ZZ", "house_number": 7,
                  "previous_postcode": row["postcode"], "address_id": "new-home",
                  "previous_house_number": row["house_number"]}  # fmt: skip
            for mate in list(changed.values()):
                if mate["address_id"] == row["address_id"]:
                    changed[mate["person"]] = mate | to
        else:
            to = {
                "name": {"surname": "Meeuwenduin"},
                "partner": {"partner_surname": "Vos", "name_use": "V",
                            "partner_bsn": chance.choice(sorted(changed))},
                "birth": {"birth_on": (born := _born(chance)), "birth_year": born.year,
                          "birth_month": born.month},
                "died": {"died_on": date(2026, 9, 1)},
            }.get(what, {})  # fmt: skip
            changed[row["person"]] = row | to
    return list(changed.values())


def _change_records(records, people, chance):
    kept = [row for row in records if chance.random() > 0.1]
    for _ in range(chance.randrange(1, 5)):
        about = chance.choice(people)
        some = {"birth_on": None, "birth_year": None, "birth_month": None}
        number = {"bsn": chance.choice(people)["person"]} if chance.random() < 0.2 else {}
        kept.append(
            record(about, f"r{chance.randrange(10**9)}", **chance.choice(({}, some)), **number)
        )
    return kept


def _rows(con):
    return con.execute("SELECT * FROM links ORDER BY record_id").fetchall()


def _lay_out_again(con, people, records):
    fresh = tables(people, records)
    for name in ("register", "identities"):
        arrow = fresh.sql(f"SELECT * FROM {name}").to_arrow_table()
        con.register("again", arrow)
        con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM again")
        con.unregister("again")
    return fresh


@pytest.mark.parametrize("seed", range(4))
def test_changes_of_both_sides_give_the_links_that_a_register_prepared_anew_gives(seed):
    chance = random.Random(seed)
    people = [person(number) for number in range(120)]
    records = [record(people[n * 3], f"a{n}") for n in range(12)]
    con = tables(people, records)
    model = link(con, config=CONFIG).model
    for _ in range(3):
        con.execute("CREATE OR REPLACE TABLE kept_links AS SELECT * FROM links_to_keep")
        forbidden = chance.sample([(row[0], row[2]) for row in _rows(con) if row[2]], 1)
        people = _change_register(people, chance)
        records = _change_records(records, people, chance)
        fresh = _lay_out_again(con, people, records)
        told = con.sql("SELECT * FROM kept_links").to_arrow_table()
        fresh.register("told", told)
        fresh.execute("CREATE TABLE kept_links AS SELECT * FROM told")
        for one in (con, fresh):
            one.execute("CREATE OR REPLACE TABLE undone (record_id VARCHAR, person VARCHAR)")
            one.executemany("INSERT INTO undone VALUES (?, ?)", forbidden)
        again = link(con, config=CONFIG, model=model, kept="kept_links", corrections="undone")
        whole = link(fresh, config=CONFIG, model=model, kept="kept_links", corrections="undone")
        assert _rows(con) == _rows(fresh)
        assert again.prepared < whole.prepared == len(people)


def test_record_after_record_gives_what_all_at_once_gives_and_prepares_nothing():
    people = [person(number) for number in range(200)]
    records = [record(people[n * 5], f"r{n}") for n in range(5)]
    whole = tables(people, records)
    model = link(whole, config=CONFIG).model
    con = tables(people, [])
    assert link(con, config=CONFIG, model=model).prepared == len(people)
    found = []
    for one in records:
        _lay_out_again(con, people, [one])
        assert link(con, config=CONFIG, model=model).prepared == 0
        found += _rows(con)
    assert found == _rows(whole)


@pytest.mark.parametrize(
    ("change", "about"),
    [
        ("UPDATE register SET partner_bsn = NULL", "whether the partner is listed"),
        ("UPDATE register SET name_use = 'P'", "whose name is used"),
    ],
)
def test_a_link_does_not_rest_on_what_has_changed(change, about):
    people = [person(n) for n in range(60)]
    people[8] = person(8, partner_surname="Kievitsnest", partner_bsn=bsn(9), name_use="E")
    con = tables(people, [record(people[8], "a"), record(people[30], "b")])
    model = link(con, config=CONFIG).model
    con.execute("CREATE TABLE kept_links AS SELECT * FROM links_to_keep")
    con.execute(f"{change} WHERE person = '{bsn(8)}'")
    after = link(con, config=CONFIG, model=model, kept="kept_links")
    assert after.methods == {"kept": 1, "name": 1}, about
