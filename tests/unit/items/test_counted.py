"""What the council may count: each household bounded, and nobody who objected."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from openregie.blind.items import counted
from openregie.blind.streams.declaration import load_all
from openregie.insight.budget import MICRO, Budget

CONTENT = Path(__file__).parents[3] / "content"
STREAMS = load_all(CONTENT / "streams")
SURELY = 1_000 * MICRO
"""An epsilon at which noise is 0, but for once in e^500 draws."""


class People:
    """Ans and Bo share a home; Cas lives alone. Ans and Cas each found work in October."""

    def __init__(self):
        self.con = duckdb.connect(":memory:", config={"temp_directory": ""})
        self.con.execute(
            """
            CREATE TABLE households (household_id VARCHAR, person VARCHAR);
            INSERT INTO households VALUES ('h1', 'ans'), ('h1', 'bo'), ('h2', 'cas');
            CREATE TABLE links (record_id VARCHAR, person VARCHAR);
            CREATE TABLE outcomes (record_id VARCHAR, outflow VARCHAR, happened_on DATE);
            CREATE TABLE objections_in_force (person VARCHAR, stream VARCHAR);
            """
        )
        self.outcome("r1", "ans", "werk_voltijd")
        self.outcome("r2", "cas", "werk_voltijd")
        self.outcome("r3", None, "aow")

    def outcome(self, record, person, outflow):
        self.con.execute("INSERT INTO outcomes VALUES (?, ?, '2026-10-09')", [record, outflow])
        self.con.execute("INSERT INTO links VALUES (?, ?)", [record, person])

    def object(self, person, stream):
        self.con.execute("INSERT INTO objections_in_force VALUES (?, ?)", [person, stream])

    def published(self, name):
        counts = counted.load(CONTENT / "counts.yaml", STREAMS)
        sure = tuple(
            replace(table, count=replace(table.count, epsilon_micro=SURELY))
            for table in counts.tables
        )
        _, releases, refused = counted.publish(
            self.con, replace(counts, tables=sure), Budget(10 * SURELY), on=date(2026, 11, 1)
        )
        assert not refused
        (made,) = (one for one in releases if one.count == name)
        return {cell: number for cell, number in made.values.items() if number}


@pytest.fixture
def people():
    return People()


def test_every_row_of_the_month_counts_also_one_that_names_nobody(people):
    assert people.published("outflow-by-kind") == {"werk_voltijd": 2, "aow": 1}
    assert people.published("households-by-size") == {"1": 1, "2": 1}


def test_who_objected_to_a_stream_is_in_none_of_its_counts(people):
    people.object("ans", "outcomes")
    assert people.published("outflow-by-kind") == {"werk_voltijd": 1, "aow": 1}
    people.object("cas", "population")
    assert people.published("households-by-size") == {"2": 1}


def test_an_objection_to_another_stream_takes_nothing_out(people):
    people.object("ans", "rent_arrears")
    people.object("bo", "outcomes")
    assert people.published("outflow-by-kind") == {"werk_voltijd": 2, "aow": 1}
    assert people.published("households-by-size") == {"1": 1, "2": 1}


def test_a_row_that_is_left_out_takes_no_place_in_its_household(people):
    for place, person in enumerate(("ans", "ans", "bo")):
        people.outcome(f"r{place + 4}", person, "opleiding")
    before = people.published("outflow-by-kind")
    assert before == {"werk_voltijd": 2, "opleiding": 1, "aow": 1}
    people.object("ans", "outcomes")
    assert people.published("outflow-by-kind") == {"werk_voltijd": 1, "opleiding": 1, "aow": 1}
