"""A register of a few hundred made-up people, and records about some of them, for linking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

CONTENT = Path(__file__).parents[3] / "content" / "linkage.yaml"
_TEXT, _WHOLE, _DAY, _FLAG = pa.string(), pa.int32(), pa.date32(), pa.bool_()
IDENTITY = {
    "record_id": _TEXT, "stream": _TEXT, "source_kind": _TEXT, "bsn": _TEXT, "initials": _TEXT,
    "given_names": _TEXT, "prefix": _TEXT, "surname": _TEXT, "birth_on": _DAY,
    "birth_year": _WHOLE, "birth_month": _WHOLE, "street": _TEXT, "postcode": _TEXT,
    "house_number": _WHOLE, "house_letter": _TEXT, "house_addition": _TEXT, "city": _TEXT,
}  # fmt: skip
REGISTER = {
    "person": _TEXT, **IDENTITY, "name_use": _TEXT, "partner_prefix": _TEXT,
    "partner_surname": _TEXT, "partner_bsn": _TEXT, "address_id": _TEXT,
    "previous_postcode": _TEXT, "previous_house_number": _WHOLE, "previous_house_letter": _TEXT,
    "previous_house_addition": _TEXT, "secrecy": _WHOLE, "under_investigation": _FLAG,
    "died_on": _DAY, "left_on": _DAY,
}  # fmt: skip
_STEMS = (
    "Bak", "Vos", "Smit", "Mul", "Peet", "Kuip", "Hoek", "Dam", "Wijn", "Berk", "Linde", "Molen",
    "Veld", "Graaf", "Kok", "Post", "Brug", "Zand",
)  # fmt: skip
_ENDS = ("ers", "huis", "ma", "stra", "mans", "inga", "dijk", "kamp", "horst", "beek")
_GIVEN = (
    "Anna", "Bram", "Carla", "Daan", "Eva", "Femke", "Gijs", "Hanna", "Ivo", "Joris", "Karin",
    "Lars", "Mila", "Noor", "Otto",
)  # fmt: skip


def bsn(number: int) -> str:
    """The number-th made-up citizen number that passes the elfproef (first digits 90)."""
    for candidate in range(90_000_000 + number * 11, 99_999_999):
        digits = [int(d) for d in f"{candidate:08d}"]
        last = sum(w * d for w, d in zip(range(9, 1, -1), digits, strict=True)) % 11
        if last < 10:
            return f"{candidate:08d}{last}"
    raise ValueError(number)


def person(number: int, **changes: Any) -> dict[str, Any]:
    """One person of the register; two to a household, an address for each household."""
    home = number // 2
    born = date(1940, 1, 1) + timedelta(days=(number * 7919) % 22_000)
    surname = _STEMS[home % len(_STEMS)] + _ENDS[(home // len(_STEMS)) % len(_ENDS)]
    row = {
        "person": bsn(number), "record_id": f"population-{number}", "stream": "population",
        "bsn": bsn(number), "given_names": f"{_GIVEN[number % 15]} {_GIVEN[(number // 15) % 15]}",
        "surname": surname, "birth_on": born, "street": "Dorpsstraat",
        "postcode": f"{4301 + home % 90}A{chr(65 + home // 90)}", "house_number": 1 + home % 7,
        "name_use": "E", "address_id": f"home-{home}", "secrecy": 0, "under_investigation": False,
    }  # fmt: skip
    return _dated(row | changes)


def record(about: dict[str, Any], record_id: str, **changes: Any) -> dict[str, Any]:
    """A record about a person, as a landlord without mistakes writes it; no BSN."""
    initials = "".join(f"{name[0]}." for name in about["given_names"].split())
    kept = ("prefix", "surname", "birth_on", "street", "postcode", "house_number")
    row = {name: about.get(name) for name in kept}
    row |= {"record_id": record_id, "stream": "rent_arrears", "source_kind": "landlord"}
    return _dated(row | {"initials": initials} | changes)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    born = row.get("birth_on")
    if born is not None:
        row = {"birth_year": born.year, "birth_month": born.month} | row
    return row


def tables(
    people: Iterable[dict[str, Any]], records: Iterable[dict[str, Any]], *, threads: int = 2
) -> duckdb.DuckDBPyConnection:
    """A connection as the run opens it, with `register` and `identities`."""
    con = duckdb.connect(":memory:", config={"temp_directory": "", "threads": threads})
    for name, columns, rows in (("register", REGISTER, people), ("identities", IDENTITY, records)):
        found = list(rows)
        arrays = [pa.array([row.get(c) for row in found], kind) for c, kind in columns.items()]
        con.register("laid_out", pa.table(arrays, names=list(columns)))
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM laid_out")
        con.unregister("laid_out")
    return con


def links(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """`links` by record."""
    found = con.sql("SELECT * FROM links").to_arrow_table().to_pylist()
    return {row["record_id"]: row for row in found}
