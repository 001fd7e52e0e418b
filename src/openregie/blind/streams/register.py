"""Two tables that linkage reads: `identities`, whom each record is about, and `register`."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence

import duckdb

from openregie.blind.streams.cells import literal, quoted
from openregie.blind.streams.report import FileReport
from openregie.blind.streams.stream import POPULATION, Stream

IDENTITY_COLUMNS: Mapping[str, str] = {
    "record_id": "VARCHAR",
    "stream": "VARCHAR",
    "source_kind": "VARCHAR",
    "bsn": "VARCHAR",
    "initials": "VARCHAR",
    "given_names": "VARCHAR",
    "prefix": "VARCHAR",
    "surname": "VARCHAR",
    "birth_on": "DATE",
    "birth_year": "INTEGER",
    "birth_month": "INTEGER",
    "street": "VARCHAR",
    "postcode": "VARCHAR",
    "house_number": "INTEGER",
    "house_letter": "VARCHAR",
    "house_addition": "VARCHAR",
    "city": "VARCHAR",
}

REGISTER_COLUMNS: Mapping[str, str] = {
    "name_use": "VARCHAR",
    "partner_prefix": "VARCHAR",
    "partner_surname": "VARCHAR",
    "sex": "VARCHAR",
    "neighbourhood": "VARCHAR",
    "address_id": "VARCHAR",
    "address_kind": "VARCHAR",
    "institution": "BOOLEAN",
    "address_since_on": "DATE",
    "previous_postcode": "VARCHAR",
    "previous_house_number": "INTEGER",
    "previous_house_letter": "VARCHAR",
    "previous_house_addition": "VARCHAR",
    "partner_bsn": "VARCHAR",
    "parent1_bsn": "VARCHAR",
    "parent2_bsn": "VARCHAR",
    "authority": "VARCHAR",
    "curatele": "BOOLEAN",
    "bewind": "BOOLEAN",
    "representative_bsn": "VARCHAR",
    "secrecy": "INTEGER",
    "under_investigation": "BOOLEAN",
    "died_on": "DATE",
    "left_on": "DATE",
}
"""What the register says of a person beyond who they are. `died_on` and `left_on` are the first
day possible when the date is not known in full, so that someone who died is never read as alive."""

_ENDS = ("died_on", "left_on")
_UNKNOWN_DAY = "0001-01-01"


def create_identities(con: duckdb.DuckDBPyConnection, streams: Sequence[Stream]) -> None:
    """The table `identities`: every record that says whom it is about, the register left out."""
    declared = ", ".join(f"{name} {kind}" for name, kind in IDENTITY_COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TABLE identities ({declared})")
    for stream in streams:
        if stream.roles and stream.name != POPULATION:
            con.execute(
                f"INSERT INTO identities SELECT {_identity(stream)} FROM {quoted(stream.name)} "
                "ORDER BY delivered_on, delivery_id, row_number"
            )


def create_register(
    con: duckdb.DuckDBPyConnection, streams: Mapping[str, Stream], files: list[FileReport]
) -> list[FileReport]:
    """The table `register`, one row per person; a person delivered again goes to quarantine."""
    declared = {"person": "VARCHAR", **IDENTITY_COLUMNS, **REGISTER_COLUMNS}
    columns = ", ".join(f"{name} {kind}" for name, kind in declared.items())
    con.execute(f"CREATE OR REPLACE TABLE register ({columns})")
    population = streams.get(POPULATION)
    if population is None:
        return files
    twice = _quarantine_twice(con)
    own = ", ".join(_register_column(population, name) for name in REGISTER_COLUMNS)
    con.execute(
        f"INSERT INTO register SELECT bsn AS person, {_identity(population)}, {own} "
        f"FROM {POPULATION} ORDER BY bsn"
    )
    return [
        dataclasses.replace(
            file,
            accepted=file.accepted - twice[file.delivery_id],
            quarantined=file.quarantined + twice[file.delivery_id],
        )
        if file.stream == POPULATION and twice[file.delivery_id]
        else file
        for file in files
    ]


def _identity(stream: Stream) -> str:
    """Select list of the identity columns; NULL where the stream has no such role."""
    known: dict[str, str] = {
        "record_id": "record_id",
        "stream": literal(stream.name),
        "source_kind": literal(stream.source_kind),
    }
    for role, column in stream.roles.items():
        known[role] = quoted(column.field)
        if role == "birth_on":
            known["birth_year"] = quoted(f"{column.stem}_year")
            known["birth_month"] = quoted(f"{column.stem}_month")
    return ", ".join(
        f"{known.get(name, f'NULL::{kind}')} AS {name}" for name, kind in IDENTITY_COLUMNS.items()
    )


def _register_column(population: Stream, name: str) -> str:
    if name not in {column.field for column in population.columns}:
        return f"NULL::{REGISTER_COLUMNS[name]} AS {name}"
    if name not in _ENDS:
        return f"{quoted(name)} AS {name}"
    stem = name.removesuffix("_on")
    return (
        f"coalesce({name}, make_date({stem}_year, coalesce({stem}_month, 1), 1), "
        f"CASE WHEN {stem}_reported THEN DATE '{_UNKNOWN_DAY}' END) AS {name}"
    )


def _quarantine_twice(con: duckdb.DuckDBPyConnection) -> Counter[str]:
    """Keep the newest row per person; the others go to quarantine as they were typed."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT rowid AS place FROM {POPULATION} QUALIFY "
        "row_number() OVER (PARTITION BY bsn ORDER BY delivered_on DESC, supplier_oin, "
        "row_number) > 1"
    )
    con.execute(
        f"INSERT INTO quarantine SELECT delivery_id, {literal(POPULATION)}, supplier_oin, "
        "row_number, NULL, 'this person was delivered more than once', to_json(p)::VARCHAR "
        f"FROM {POPULATION} p WHERE rowid IN (SELECT place FROM twice) "
        "ORDER BY delivery_id, row_number"
    )
    gone = con.execute(
        f"DELETE FROM {POPULATION} WHERE rowid IN (SELECT place FROM twice) RETURNING delivery_id"
    ).fetchall()
    con.execute("DROP TABLE twice")
    return Counter(delivery_id for (delivery_id,) in gone)
