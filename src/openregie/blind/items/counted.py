"""True counts for the noisy tables: declared variables only, each household bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from duckdb import DuckDBPyConnection

from openregie.blind.streams.stream import Kind, Stream
from openregie.insight.budget import MICRO, Budget, Release
from openregie.insight.counts import Count, release
from openregie.insight.errors import BudgetSpent, CountRefused
from openregie.terms import Lane

HOUSEHOLD_SIZE = "household_size"
LARGEST = 5
"""Households of this size and more share a cell."""


@dataclass(frozen=True, slots=True)
class DeclaredCount:
    """One table of content/counts.yaml."""

    count: Count
    title: Mapping[str, str]
    stream: Stream
    by: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Every declared table, and the epsilon of a year in millionths."""

    epsilon_micro_a_year: int
    tables: tuple[DeclaredCount, ...]


def load(path: Path, streams: Mapping[str, Stream]) -> Counts:
    """Read content/counts.yaml.

    Raises `CountRefused` for a stream outside the lane `counts` or a variable it does not declare.
    """
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    tables = tuple(_declared(path, told, streams) for told in raw["counts"])
    return Counts(round(raw["epsilon_a_year"] * MICRO), tables)


def _declared(path: Path, told: Mapping[str, Any], streams: Mapping[str, Stream]) -> DeclaredCount:
    where = f"{path.name}, count `{told.get('count')}`"
    stream = streams.get(told["stream"])
    if stream is None or Lane.COUNTS not in stream.lanes:
        raise CountRefused(
            f"{where}: stream `{told['stream']}` does not declare the lane `counts`; "
            "declare it, with its impact assessment, or count something else"
        )
    fields = {column.field for column in stream.columns if not column.role}
    if told["by"] != HOUSEHOLD_SIZE and told["by"] not in fields:
        raise CountRefused(f"{where}: `{told['by']}` is no variable of stream `{stream.name}`")
    count = Count(
        told["count"],
        tuple(str(cell) for cell in told["cells"]),
        round(told["epsilon"] * MICRO),
        told["cells_a_household"],
    )
    return DeclaredCount(count, told["title"], stream, told["by"])


def publish(
    con: DuckDBPyConnection, counts: Counts, budget: Budget, *, on: date
) -> tuple[Budget, tuple[Release, ...], tuple[str, ...]]:
    """Draw the tables of the month before `on`, each once.

    Returns the budget as charged, the releases, and the names of tables the budget refused.
    """
    month = on.replace(day=1)
    period = f"{month.year - (month.month == 1)}-{(month.month - 2) % 12 + 1:02d}"
    releases: list[Release] = []
    refused: list[str] = []
    for table in counts.tables:
        try:
            budget, made = release(
                budget, table.count, _true(con, table, period), period=period, year=on.year
            )
            releases.append(made)
        except BudgetSpent:
            refused.append(table.count.name)
    return budget, tuple(releases), tuple(refused)


def _true(con: DuckDBPyConnection, table: DeclaredCount, period: str) -> Mapping[str, int]:
    """The counts before noise, without rows whose subject objected to them (AVG art. 21 lid 6)."""
    if table.by == HOUSEHOLD_SIZE:
        cells = table.count.cells
        sizes = con.execute(
            f"""
            SELECT least(size, {LARGEST}), count(*) FROM (
                SELECT household_id, count(*) AS size FROM households h
                WHERE NOT {_objected("h.person")} GROUP BY ALL
            ) GROUP BY ALL ORDER BY ALL
            """,
            [table.stream.name],
        ).fetchall()
        return {cells[int(size) - 1]: int(number) for size, number in sizes}
    event = next((c.field for c in table.stream.columns if c.event), None)
    month = f"strftime(s.{event}, '%Y-%m') = ?" if table.stream.kind is Kind.EVENTS else "? = ?"
    bound = [period] if table.stream.kind is Kind.EVENTS else [period, period]
    rows: Iterable[tuple[str, int]] = con.execute(
        f"""
        SELECT cell, count(*) FROM (
            SELECT s.{table.by} AS cell, coalesce(h.household_id, s.record_id) AS unit
            FROM {table.stream.name} s
            LEFT JOIN links l USING (record_id)
            LEFT JOIN households h ON h.person = l.person
            WHERE {month} AND NOT {_objected("l.person")}
            QUALIFY row_number() OVER (PARTITION BY unit ORDER BY s.record_id)
                <= {table.count.cells_a_household}
        ) GROUP BY cell ORDER BY cell
        """,
        [*bound, table.stream.name],
    ).fetchall()
    return {str(cell): int(number) for cell, number in rows}


def _objected(person: str) -> str:
    """SQL: whether a person objected to the stream that is bound here; unknown is nobody."""
    return (
        f"EXISTS (SELECT 1 FROM objections_in_force o WHERE o.person = {person} AND o.stream = ?)"
    )
