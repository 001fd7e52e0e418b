"""Parsed rows to typed records in DuckDB; a row with a mistake goes to quarantine, whole.

A record's id is the first 32 hex digits of SHA-256 over the canonical JSON (RFC 8785) of
[stream, supplier_oin, key, ...]: the typed key columns in declared order as texts (dates as
2026-11-05, partial dates as eight digits, amounts in cents, booleans as true and false). When one
delivery has the same key again, the second gets one more element "#2", the third "#3".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from openregie.blind.streams.cells import CellRule, cell_rule, cleaned, literal, quoted
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


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose rows these are. `oldest_on`: events before this day are past their term."""

    delivery_id: str
    supplier: str
    supplier_oin: str
    delivered_on: date
    oldest_on: date


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
        quarantined = _quarantine(con, stream, raw, origin)
    finally:
        con.unregister(_INCOMING)
    before = _count(con, stream.name)
    con.execute(_insertion(stream, origin))
    accepted = _count(con, stream.name) - before
    con.execute(f"DROP TABLE {_STAGED}")
    return Counts(accepted, quarantined, raw.rows - accepted - quarantined)


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()[0][0])


def _staging(stream: Stream, raw: RawDelivery, origin: Origin) -> str:
    """Values, the record's key and the mistakes of every row."""
    delivered_on = f"DATE '{origin.delivered_on}'"
    texts: list[str] = []
    values: list[str] = []
    keys: list[str] = []
    mistakes: list[str] = []
    places: list[str] = []
    for number, column in enumerate(stream.columns):
        t = f"t{number}"
        texts.append(f"{cleaned(column, present=column.header in raw.headers)} AS {t}")
        rule = cell_rule(column, t, delivered_on)
        values.extend(f"{value} AS {quoted(name)}" for name, value in rule.values.items())
        wrong = _mistake(t, rule, required=column.required)
        mistakes.append(
            f"CASE WHEN {t} IS NULL THEN {_missing(column.header, required=column.required)} "
            f"WHEN NOT ({rule.valid}) THEN "
            f"{literal(f'column `{column.header}`: {rule.reason}')} END"
        )
        places.append(f"WHEN {wrong} THEN {literal(column.header)}")
        if column.key:
            keys.append(rule.key)
    return (
        f"WITH cleaned AS (SELECT {quoted(ROW_NUMBER)} AS row_number, {', '.join(texts)} "
        f"FROM {_INCOMING}) "
        f"SELECT row_number, {', '.join(values)}, {_key_json(stream, origin, keys)} AS key_json, "
        f"nullif(concat_ws('; ', {', '.join(mistakes)}), '') AS reason, "
        f"CASE {' '.join(places)} END AS column_name FROM cleaned"
    )


def _mistake(t: str, rule: CellRule, *, required: bool) -> str:
    missing = f"{t} IS NULL" if required else "FALSE"
    return f"({missing} OR ({t} IS NOT NULL AND NOT ({rule.valid})))"


def _missing(header: str, *, required: bool) -> str:
    return literal(f"column `{header}`: empty, but required") if required else "NULL"


def _key_json(stream: Stream, origin: Origin, keys: Sequence[str]) -> str:
    """SQL for the canonical JSON up to its closing bracket.

    Cells with control characters never get here, so quote and backslash are all that needs escape.
    """
    start = jcs.canonical([stream.name, origin.supplier_oin]).decode()[:-1]
    parts = [literal(start)]
    for key in keys:
        escaped = f"replace(replace({key}, '\\', '\\\\'), '\"', '\\\"')"
        parts.append(f"',\"' || {escaped} || '\"'")
    return " || ".join(parts)


def _quarantine(
    con: duckdb.DuckDBPyConnection, stream: Stream, raw: RawDelivery, origin: Origin
) -> int:
    before = _count(con, "quarantine")
    names = (origin.delivery_id, stream.name, origin.supplier_oin)
    who = ", ".join(literal(name) for name in names)
    row = ", ".join(f"{literal(header)}: i.{quoted(header)}" for header in raw.headers)
    con.execute(
        f"INSERT INTO quarantine SELECT {who}, s.row_number, s.column_name, s.reason, "
        f"to_json({{{row}}})::VARCHAR FROM {_STAGED} s "
        f"JOIN {_INCOMING} i ON s.row_number = i.{quoted(ROW_NUMBER)} "
        "WHERE s.reason IS NOT NULL ORDER BY s.row_number"
    )
    if raw.shapeless:
        shapeless = pa.table(
            {
                "row_number": pa.array([row.row_number for row in raw.shapeless], pa.int32()),
                "reason": pa.array([row.reason for row in raw.shapeless], pa.string()),
                "row": pa.array([row.row for row in raw.shapeless], pa.string()),
            }
        )
        con.register("shapeless_rows", shapeless)
        con.execute(
            f"INSERT INTO quarantine SELECT {who}, row_number, NULL, reason, row "
            "FROM shapeless_rows ORDER BY row_number"
        )
        con.unregister("shapeless_rows")
    return _count(con, "quarantine") - before


def _insertion(stream: Stream, origin: Origin) -> str:
    columns = [name for column in stream.columns for name in column.table_columns()]
    values = ", ".join(quoted(name) for name in columns)
    who = ", ".join(
        literal(text) for text in (origin.delivery_id, origin.supplier, origin.supplier_oin)
    )
    again = "CASE WHEN occurrence > 1 THEN ',\"#' || occurrence || '\"' ELSE '' END"
    event = stream.event
    term = f"{quoted(event.field)} >= DATE '{origin.oldest_on}'" if event else "TRUE"
    return (
        f"INSERT INTO {quoted(stream.name)} "
        f"SELECT sha256(key_json || {again} || ']')[1:32], {who}, row_number, "
        f"DATE '{origin.delivered_on}', {values} FROM (SELECT *, "
        "row_number() OVER (PARTITION BY key_json ORDER BY row_number) AS occurrence "
        f"FROM {_STAGED} WHERE reason IS NULL) WHERE {term} ORDER BY row_number"
    )
