"""A delivery as parsed, before any cell has a type; rows that fit no columns stand apart."""

from __future__ import annotations

import difflib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.limits import MAX_SHAPELESS_ROWS
from openregie.blind.streams.stream import Stream

ROW_NUMBER = "#"
"""Column of the parsed table with the row number; no header may be called so."""

_CLOSE = 0.75
_LONGEST = 100  # characters of a strange header that are compared with the declared ones
_LISTED = 20


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


def refuse_too_many(shapeless: Sequence[ShapelessRow]) -> None:
    """Raises DeliveryRefused when the file is of another kind rather than its rows wrong."""
    if len(shapeless) > MAX_SHAPELESS_ROWS:
        reason = f"file: more than {MAX_SHAPELESS_ROWS} rows fit no columns; export it anew"
        raise DeliveryRefused((reason,))


def judge_headers(headers: Sequence[str], stream: Stream) -> list[str]:
    """Every reason to refuse a file with these headers. Names positions, never a header's text.

    A file without a header line has values where headers should be.
    """
    reasons: list[str] = []
    declared = {column.header for column in stream.columns}
    for number, header in enumerate(headers, start=1):
        if not header:
            reasons.append(f"column {number}: has no header; remove or name it")
        elif header in headers[: number - 1]:
            first = headers.index(header) + 1
            reasons.append(f"column {number}: same header as column {first}; remove one of them")
        elif header not in declared:
            reasons.append(f"column {number}: {_too_much(header, stream)}")
    return reasons + _missing(headers, stream)


def judge_paths(paths: Mapping[str, int], stream: Stream, *, any_row: bool) -> list[str]:
    """Every reason to refuse rows with these dotted keys. `paths`: key -> row that first has it."""
    declared = {column.header for column in stream.columns}
    strange = [(row, path) for path, row in paths.items() if path not in declared]
    reasons = [f"row {row}: a key is {_too_much(path, stream)}" for row, path in strange[:_LISTED]]
    if len(strange) > _LISTED:
        reasons.append(f"rows: {len(strange) - _LISTED} more keys are not declared; remove them")
    return reasons + (_missing(paths, stream) if any_row else [])


def _too_much(header: str, stream: Stream) -> str:
    declared = [column.header for column in stream.columns]
    close = difflib.get_close_matches(header[:_LONGEST], declared, n=1, cutoff=_CLOSE)
    hint = f"is `{close[0]}` meant?" if close else "remove it"
    return f"not declared for stream `{stream.name}`, too much was sent; {hint}"


def _missing(headers: Container[str], stream: Stream) -> list[str]:
    missing = [c.header for c in stream.columns if c.required and c.header not in headers]
    return [f"column `{header}`: required, but missing; add it" for header in missing]
