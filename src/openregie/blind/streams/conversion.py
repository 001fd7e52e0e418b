"""Parsed rows to typed records in DuckDB; a row with a mistake goes to quarantine, whole.

A record's id is the first 32 hex digits of SHA-256 over the canonical JSON (RFC 8785) of
[stream, supplier_oin, key, ...]: the typed key columns in declared order as texts (dates as
2026-11-05, partial dates as eight digits, amounts in cents, booleans as true and false). When one
delivery has the same key again, the second gets one more element "#2", the third "#3".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from openregie.blind.streams.cells import (
    CellRule,
    cell_rule,
    cleaned,
    literal,
    prepared,
    quoted,
)
from openregie.blind.streams.raw import ROW_NUMBER, RawDelivery
from openregie.blind.streams.stream import Stream
from openregie.envelope import jcs

QUARANTINE_COLUMNS = {
    "delivery_id": "VARCHAR",
    "stream": "VARCHAR",
    "supplier_oin": "VARCHAR",
    "row_number": "INTEGER",
    "column_name": "VARCHAR",
    "reason": "VARCHAR",
    "row": "VARCHAR",
}
_INCOMING = "incoming_delivery"
_STAGED = "staged_rows"
_WHO = ("delivery_id", "supplier", "supplier_oin", "delivered_on")


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose rows these are: an SQL expression over the parsed table per common column.

    `oldest_on`: events before this day are past their term.
    """

    columns: Mapping[str, str]
    oldest_on: date

    @classmethod
    def of_file(
        cls,
        *,
        delivery_id: str,
        supplier: str,
        supplier_oin: str,
        delivered_on: date,
        oldest_on: date,
    ) -> Origin:
        """All rows have the same origin."""
        texts = (literal(delivery_id), literal(supplier), literal(supplier_oin))
        return cls(dict(zip(_WHO, (*texts, f"DATE '{delivered_on}'"), strict=True)), oldest_on)

    @classmethod
    def of_rows(cls, oldest_on: date) -> Origin:
        """Each row names its own origin, in columns `#delivery_id` and so on."""
        return cls({name: quoted(ROW_NUMBER + name) for name in _WHO}, oldest_on)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of one delivery: the three add up to its rows."""

    accepted: int
    quarantined: int
    expired: int


def record_id(
    stream: str, supplier_oin: str, key: Sequence[str | None], *, occurrence: int = 1
) -> str:
    """A record's id, as the run makes it in SQL. Shape: 32 hex digits."""
    parts = [stream, supplier_oin, *key]
    if occurrence > 1:
        parts.append(f"#{occurrence}")
    return hashlib.sha256(jcs.canonical(parts)).hexdigest()[:32]


def create_tables(con: duckdb.DuckDBPyConnection, streams: Sequence[Stream]) -> None:
    """Empty tables: `quarantine` and one per stream."""
    for name, columns in [
        ("quarantine", QUARANTINE_COLUMNS),
        *((stream.name, stream.table_columns()) for stream in streams),
    ]:
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        con.execute(f"CREATE OR REPLACE TABLE {quoted(name)} ({declared})")


def convert(
    con: duckdb.DuckDBPyConnection, stream: Stream, raw: RawDelivery, origin: Origin
) -> Counts:
    """Add the rows of one delivery to the stream's table and to `quarantine`."""
    con.register(_INCOMING, raw.table)
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {_STAGED} AS {_staging(stream, raw, origin)}")
        quarantined = _quarantine(con, stream, raw)
    finally:
        con.unregister(_INCOMING)
    quarantined += _quarantine_shapeless(con, stream, raw, origin)
    before = _count(con, stream.name)
    con.execute(_insertion(stream, origin))
    accepted = _count(con, stream.name) - before
    con.execute(f"DROP TABLE {_STAGED}")
    return Counts(accepted, quarantined, raw.rows - accepted - quarantined)


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()[0][0])


def _staging(stream: Stream, raw: RawDelivery, origin: Origin) -> str:
    """SQL for values, key and mistakes of every row."""
    ts = [f"t{number}" for number in range(len(stream.columns))]
    ps = [f"p{number}" for number in range(len(stream.columns))]
    columns = list(zip(stream.columns, ts, ps, strict=True))
    rules = [cell_rule(column, t, p) for column, t, p in columns]
    who = ", ".join(f"{expression} AS {name}" for name, expression in origin.columns.items())
    texts = ", ".join(
        f"{cleaned(column, present=column.header in raw.headers)} AS {t}"
        for column, t, _ in columns
    )
    read = ", ".join(f"{prepared(column, t)} AS {p}" for column, t, p in columns)
    values = ", ".join(
        f"{value} AS {quoted(name)}" for rule in rules for name, value in rule.values.items()
    )
    mistakes = [
        _mistake(column.header, t, rule, required=column.required)
        for (column, t, _), rule in zip(columns, rules, strict=True)
    ]
    wrong = ", ".join(f"{mistake} AS w{number}" for number, mistake in enumerate(mistakes))
    named = [f"w{number}" for number in range(len(mistakes))]
    places = " ".join(
        f"WHEN {w} IS NOT NULL THEN {literal(column.header)}"
        for column, w in zip(stream.columns, named, strict=True)
    )
    keys = [r.key for c, r in zip(stream.columns, rules, strict=True) if c.key]
    kept = ", ".join(quoted(name) for rule in rules for name in rule.values)
    return (
        f"WITH cleaned AS (SELECT {quoted(ROW_NUMBER)} AS row_number, {who}, {texts} "
        f"FROM {_INCOMING}), prepared AS (SELECT *, {read} FROM cleaned), "
        f"judged AS (SELECT row_number, {', '.join(_WHO)}, {values}, {wrong}, "
        f"{_key_json(stream, keys)} AS key_json FROM prepared) "
        f"SELECT row_number, {', '.join(_WHO)}, {kept}, key_json, "
        f"nullif(concat_ws('; ', {', '.join(named)}), '') AS reason, "
        f"CASE {places} END AS column_name FROM judged"
    )


def _mistake(header: str, t: str, rule: CellRule, *, required: bool) -> str:
    missing = literal(f"column `{header}`: empty, but required") if required else "NULL"
    wrong = literal(f"column `{header}`: {rule.reason}")
    return f"CASE WHEN {t} IS NULL THEN {missing} WHEN NOT ({rule.valid}) THEN {wrong} END"


def _key_json(stream: Stream, keys: Sequence[str]) -> str:
    """SQL for the canonical JSON up to its closing bracket.

    Cells with control characters never get here, so quote and backslash are all that needs escape.
    """
    start = jcs.canonical([stream.name]).decode()[:-1]
    parts = [literal(start)]
    for key in ("supplier_oin", *keys):
        escaped = f"replace(replace({key}, '\\', '\\\\'), '\"', '\\\"')"
        parts.append(f"',\"' || {escaped} || '\"'")
    return " || ".join(parts)


def _quarantine(con: duckdb.DuckDBPyConnection, stream: Stream, raw: RawDelivery) -> int:
    before = _count(con, "quarantine")
    row = ", ".join(f"{literal(header)}: i.{quoted(header)}" for header in raw.headers)
    con.execute(
        f"INSERT INTO quarantine SELECT s.delivery_id, {literal(stream.name)}, s.supplier_oin, "
        f"s.row_number, s.column_name, s.reason, to_json({{{row}}})::VARCHAR FROM {_STAGED} s "
        f"JOIN {_INCOMING} i ON s.row_number = i.{quoted(ROW_NUMBER)} "
        "WHERE s.reason IS NOT NULL ORDER BY s.row_number"
    )
    return _count(con, "quarantine") - before


def _quarantine_shapeless(
    con: duckdb.DuckDBPyConnection, stream: Stream, raw: RawDelivery, origin: Origin
) -> int:
    if not raw.shapeless:
        return 0
    rows = pa.table(
        {
            "row_number": pa.array([row.row_number for row in raw.shapeless], pa.int32()),
            "reason": pa.array([row.reason for row in raw.shapeless], pa.string()),
            "row": pa.array([row.row for row in raw.shapeless], pa.string()),
        }
    )
    con.register("shapeless_rows", rows)
    con.execute(
        f"INSERT INTO quarantine SELECT {origin.columns['delivery_id']}, {literal(stream.name)}, "
        f"{origin.columns['supplier_oin']}, row_number, NULL, reason, row "
        "FROM shapeless_rows ORDER BY row_number"
    )
    con.unregister("shapeless_rows")
    return len(raw.shapeless)


def _insertion(stream: Stream, origin: Origin) -> str:
    columns = [name for column in stream.columns for name in column.table_columns()]
    values = ", ".join(quoted(name) for name in columns)
    again = "CASE WHEN occurrence > 1 THEN ',\"#' || occurrence || '\"' ELSE '' END"
    event = stream.event
    term = f"{quoted(event.field)} >= DATE '{origin.oldest_on}'" if event else "TRUE"
    return (
        f"INSERT INTO {quoted(stream.name)} "
        f"SELECT sha256(key_json || {again} || ']')[1:32], delivery_id, supplier, supplier_oin, "
        f"row_number, delivered_on, {values} FROM (SELECT *, "
        "row_number() OVER (PARTITION BY key_json ORDER BY row_number) AS occurrence "
        f"FROM {_STAGED} WHERE reason IS NULL) WHERE {term} ORDER BY row_number"
    )
