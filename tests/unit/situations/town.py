"""A small town in memory: register, streams and links as the steps before leave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openregie.blind.streams.declaration import load_all
from openregie.blind.streams.stream import Stream
from openregie.terms import Bsn, Mailbox

ON = date(2026, 11, 15)
STREAMS: dict[str, Stream] = load_all(Path(__file__).parents[3] / "content" / "streams")

REGISTER = {
    "person": "VARCHAR", "record_id": "VARCHAR", "birth_on": "DATE", "birth_year": "INTEGER",
    "birth_month": "INTEGER", "address_id": "VARCHAR", "address_kind": "VARCHAR",
    "institution": "BOOLEAN", "partner_bsn": "VARCHAR", "parent1_bsn": "VARCHAR",
    "parent2_bsn": "VARCHAR", "authority": "VARCHAR", "secrecy": "INTEGER", "died_on": "DATE",
    "left_on": "DATE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    person: Bsn
    mailbox: Mailbox


def reader(person: str) -> Reader:
    return Reader(Bsn(person), Mailbox(f"box-{person}"))


class Town:
    def __init__(self) -> None:
        self.con = duckdb.connect(":memory:", config={"temp_directory": ""})
        self._create("register", REGISTER)
        self._create("population", STREAMS["population"].table_columns())
        for stream in STREAMS.values():
            if stream.name != "population":
                self._create(stream.name, stream.table_columns())
        self.con.execute(
            "CREATE TABLE links (record_id VARCHAR, stream VARCHAR, person VARCHAR, class VARCHAR,"
            " household_address VARCHAR, probability DOUBLE, margin_bits DOUBLE, method VARCHAR,"
            " reasons VARCHAR)"
        )
        self._create("objections_in_force", {"person": "VARCHAR", "stream": "VARCHAR"})

    def _create(self, table: str, columns: dict[str, str]) -> None:
        told = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self.con.execute(f"CREATE TABLE {table} ({told})")

    def insert(self, table: str, **values: object) -> None:
        names, marks = ", ".join(values), ", ".join("?" for _ in values)
        self.con.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))

    def person(self, name: str, born: str | None = "1980-01-01", home: str | None = "A", **more):
        row = {"birth_on": born, "birth_year": int(born[:4]) if born else None} | more
        self.insert("register", person=name, record_id=f"r-{name}", address_id=home, **row)

    def record(self, stream: str, record: str, person: str | None, **columns):
        base = {"record_id": record, "supplier": f"supplier of {stream}", "row_number": 1}
        link = {"record_id": record, "stream": stream, "person": person, "class": "certain"}
        for key in ("class", "household_address"):
            if key in columns:
                link[key] = columns.pop(key)
        day = {"delivered_on": columns.pop("delivered_on", "2026-11-10"), "delivery_id": "d1"}
        self.insert(stream, **(base | day | columns))
        self.insert("links", **link)

    def object(self, person: str, stream: str):
        self.insert("objections_in_force", person=person, stream=stream)

    def rows(self, query: str) -> list[tuple]:
        return self.con.execute(query).fetchall()
