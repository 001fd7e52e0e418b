"""A delivery as parsed, before any cell has a type; rows that fit no columns stand apart."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from openregie.blind.streams.stream import Stream

ROW_NUMBER = "#"
"""Column of the parsed table with the row number; no header may be called so."""

_CLOSE = 0.75


@dataclass(frozen=True, slots=True)
class ShapelessRow:
    """A row that fits no columns. `row` is JSON of its text, for the way back to its source."""

    row_number: int
    reason: str
    row: str


@dataclass(frozen=True, slots=True)
class RawDelivery:
    """One parsed file.

    Shape of `table`: int32 `#` (1 = first data row), then one text column per header, ascending.
    `rows` counts all rows of the file. `dropped` names what an adapter left out.
    """

    format: str
    encoding: str
    table: pa.Table
    shapeless: tuple[ShapelessRow, ...]
    rows: int
    dropped: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Declared headers that the file has."""
        return tuple(name for name in self.table.column_names if name != ROW_NUMBER)


def judge_headers(headers: Sequence[str], stream: Stream) -> list[str]:
    """Every reason to refuse a file with these headers. Names positions, never a header's text.

    A file without a header line has values where headers should be.
    """
    reasons: list[str] = []
    declared = [column.header for column in stream.columns]
    missing = [c.header for c in stream.columns if c.required and c.header not in headers]
    for number, header in enumerate(headers, start=1):
        if not header:
            reasons.append(f"column {number}: has no header; remove or name it")
        elif header in headers[: number - 1]:
            first = headers.index(header) + 1
            reasons.append(f"column {number}: same header as column {first}; remove one of them")
        elif header not in declared:
            close = difflib.get_close_matches(header, declared, n=1, cutoff=_CLOSE)
            hint = f"; is `{close[0]}` meant?" if close else "; remove it"
            reasons.append(
                f"column {number}: not declared for stream `{stream.name}`, too much was sent{hint}"
            )
    reasons.extend(f"column `{header}`: required, but missing; add it" for header in missing)
    return reasons
