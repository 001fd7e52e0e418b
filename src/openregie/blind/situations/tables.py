"""What several steps here ask of the run's own tables."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from openregie.blind.situations.errors import TableMissing


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> frozenset[str]:
    """Column names of a table; none when it does not exist."""
    rows = con.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = ?", [table]
    ).fetchall()
    return frozenset(name for (name,) in rows)


def demand(con: duckdb.DuckDBPyConnection, table: str, maker: str) -> None:
    """Raise TableMissing unless the table exists; `maker` names the step that makes it."""
    if not columns_of(con, table):
        raise TableMissing(table, maker)


def put(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> None:
    """Make a table of text columns from rows; one pass, so that a whole town takes a second."""
    held = pa.table(
        {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(columns)}
    )
    con.register("rows_to_put", held)
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM rows_to_put")
    con.unregister("rows_to_put")
