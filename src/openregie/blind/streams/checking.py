"""A dry run for a source: every mistake of a file with its row, and nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openregie.blind.streams.conversion import Origin, convert, create_tables
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.formats import parse
from openregie.blind.streams.intake import read_once
from openregie.blind.streams.stream import Stream
from openregie.envelope import age


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row would wait in quarantine. `column` is the first one that is wrong."""

    row_number: int
    column: str | None
    reason: str

    def to_json(self) -> dict[str, object]:
        """For `openregie deliver --check --json`."""
        return {"row": self.row_number, "column": self.column, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What would become of a file. `reasons` refuse it whole; then no row was looked at."""

    stream: str
    format: str
    encoding: str
    rows: int
    reasons: tuple[str, ...]
    errors: tuple[RowError, ...]
    dropped: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every row would be accepted."""
        return not self.reasons and not self.errors

    def to_json(self) -> dict[str, object]:
        """For `openregie deliver --check --json`."""
        return {
            "stream": self.stream,
            "ok": self.ok,
            "format": self.format,
            "encoding": self.encoding,
            "rows": self.rows,
            "reasons": list(self.reasons),
            "errors": [error.to_json() for error in self.errors],
            "dropped": list(self.dropped),
        }


def check_file(file: Path, stream: Stream, *, today: date) -> CheckReport:
    """Judge a plain file as if it were delivered today. Refuses nothing, raises nothing."""
    try:
        data = read_once(file)
        raw = None if age.is_age(data) else parse(data, stream)
    except DeliveryRefused as error:
        return CheckReport(stream.name, "", "", 0, error.reasons, (), ())
    if raw is None:
        reasons = ("file: encrypted; check it before you encrypt it",)
        return CheckReport(stream.name, "", "", 0, reasons, (), ())
    origin = Origin.of_file(
        delivery_id="", supplier="", supplier_oin="", delivered_on=today, oldest_on=date.min
    )
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        create_tables(con, [stream])
        convert(con, stream, raw, origin)
        rows = con.execute(
            "SELECT row_number, column_name, reason FROM quarantine ORDER BY row_number"
        ).fetchall()
    errors = tuple(RowError(*row) for row in rows)
    return CheckReport(stream.name, raw.format, raw.encoding, raw.rows, (), errors, raw.dropped)
