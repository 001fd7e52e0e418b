"""What a supplier says afterwards about rows it delivered: paid or objected."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping

import duckdb

from openregie.blind.streams.cells import literal, quoted
from openregie.blind.streams.report import FileReport
from openregie.blind.streams.stream import Stream

STREAM = "paid_or_objected"
_OPEN_AGAIN = "toch-open"


def apply_marks(
    con: duckdb.DuckDBPyConnection, streams: Mapping[str, Stream], files: list[FileReport]
) -> tuple[list[FileReport], list[str]]:
    """Take marked rows out of their stream's table, before anybody is linked to them.

    Shape: the reports with `marked` counted, and what to mind. The last mark of a reference
    counts; it holds for the versions delivered up to its own delivery, so that a row that its
    source delivers again later is in force again. INVARIANT: a mark reaches rows of its own
    supplier alone.
    """
    if STREAM not in streams:
        return files, []
    _lay_out(con)
    gone: Counter[tuple[str, str]] = Counter()
    for name in _meant(streams[STREAM], streams):
        key = quoted(streams[name].keys[0].field)
        marked = con.execute(
            f"DELETE FROM {quoted(name)} AS s USING marks_in_force AS m "
            f"WHERE m.stream_meant = {literal(name)} AND m.supplier_oin = s.supplier_oin "
            f"AND m.reference_meant = s.{key} AND s.delivered_on <= m.delivered_on "
            "RETURNING s.delivery_id, s.supplier_oin, s." + key
        ).fetchall()
        gone.update((name, delivery_id) for delivery_id, _, _ in marked)
        _forget_used(con, name, [(oin, reference) for _, oin, reference in marked])
    unused = con.execute("SELECT count(*) FROM marks_in_force").fetchall()[0][0]
    warnings = (
        [f"stream `{STREAM}`: {unused} marks name no row in force; check their references"]
        if unused
        else []
    )
    return [_fewer(file, gone[file.stream, file.delivery_id]) for file in files], warnings


def _lay_out(con: duckdb.DuckDBPyConnection) -> None:
    """The table `marks_in_force`: the last mark of each reference, unless it says open again."""
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE marks_in_force AS
        SELECT supplier_oin, stream_meant, reference_meant, delivered_on FROM (
            SELECT * FROM {STREAM} QUALIFY row_number() OVER (
                PARTITION BY supplier_oin, stream_meant, reference_meant
                ORDER BY marked_on DESC, delivered_on DESC, row_number DESC, record_id
            ) = 1
        ) WHERE mark <> {literal(_OPEN_AGAIN)}
        """
    )


def _meant(marks: Stream, streams: Mapping[str, Stream]) -> list[str]:
    """Streams that a mark may name: declared, and with one column that names a record."""
    choices = next(c.choices for c in marks.columns if c.field == "stream_meant")
    return [name for name in choices if name in streams and len(streams[name].keys) == 1]


def _forget_used(con: duckdb.DuckDBPyConnection, name: str, used: list[tuple[str, str]]) -> None:
    if used:
        con.executemany(
            "DELETE FROM marks_in_force "
            "WHERE stream_meant = ? AND supplier_oin = ? AND reference_meant = ?",
            [(name, oin, reference) for oin, reference in sorted(set(used))],
        )


def _fewer(file: FileReport, number: int) -> FileReport:
    if not number:
        return file
    return dataclasses.replace(file, accepted=file.accepted - number, marked=number)
