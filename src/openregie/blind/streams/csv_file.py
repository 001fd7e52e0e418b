"""CSV with comma, semicolon or tab: one row never stops the others, however broken it is."""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from collections.abc import Iterator
from itertools import islice

import pyarrow as pa
from pyarrow import csv as arrow_csv

from openregie.blind.streams.encoding import decode
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.limits import MAX_COLUMNS, MAX_LINE_CHARS, MAX_ROWS
from openregie.blind.streams.raw import (
    ROW_NUMBER,
    RawDelivery,
    ShapelessRow,
    judge_headers,
    refuse_too_many,
)
from openregie.blind.streams.stream import Stream

DELIMITERS = (",", ";", "\t")
_CHUNK_ROWS = 32_768
_BLOCK_BYTES = 4 * MAX_LINE_CHARS
_MAX_UNQUOTED_ROWS = 1_000
"""Rows whose quotes do not match; with more the file was not written as CSV."""

_Row = list[str]


def read_csv(data: bytes, stream: Stream) -> RawDelivery:
    """Every row as text. Raises DeliveryRefused with every reason."""
    _refuse_long_line(data)
    text, encoding = decode(data)
    delimiter, headers = _header(text, stream)
    reasons = judge_headers(headers, stream)
    if len(headers) > MAX_COLUMNS:
        reasons = [f"file: has more than {MAX_COLUMNS} columns; is it the right file?"]
    if reasons:
        raise DeliveryRefused(tuple(reasons))
    if '"' not in text:
        table = _plain_table(text, delimiter, headers)
        if table is not None:
            return RawDelivery("CSV", encoding, table, (), table.num_rows)
    try:
        rows: Iterator[_Row | ShapelessRow] = _rows(text, delimiter)
        return _gather(rows, headers, encoding)
    except csv.Error:
        return _gather(_careful_rows(text, delimiter), headers, encoding)


def _refuse_long_line(data: bytes) -> None:
    start, line = 0, 1
    ending = b"\n" if b"\n" in data else b"\r"
    while start < len(data):
        end = data.find(ending, start)
        end = len(data) if end < 0 else end
        if end - start > MAX_LINE_CHARS:
            reason = f"line {line}: longer than {MAX_LINE_CHARS} bytes; is it a CSV file?"
            raise DeliveryRefused((reason,))
        start, line = end + 1, line + 1


def _header(text: str, stream: Stream) -> tuple[str, list[str]]:
    """The delimiter under which most headers are declared ones, and the headers."""
    declared = {column.header for column in stream.columns}
    text = text[:MAX_LINE_CHARS]
    best: tuple[int, str, list[str]] = (0, "", [])
    for delimiter in DELIMITERS:
        try:
            cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        headers = [cell.strip() for cell in cells]
        found = len(declared.intersection(headers))
        if found > best[0]:
            best = (found, delimiter, headers)
    if not best[0]:
        reason = (
            f"file: the first line has no header of stream `{stream.name}`; "
            "send CSV with a header line, JSON Lines or Parquet"
        )
        raise DeliveryRefused((reason,))
    return best[1], best[2]


def _plain_table(text: str, delimiter: str, headers: list[str]) -> pa.Table | None:
    """The whole file at once, where no cell is quoted and no row is ragged; else None.

    Gives what reading row by row gives, in a tenth of the time.
    """
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(text.encode("utf-8")),
            read_options=arrow_csv.ReadOptions(
                column_names=headers, skip_rows=1, block_size=_BLOCK_BYTES
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, quote_char=False),
            convert_options=arrow_csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(headers, pa.string()),
                null_values=[],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows > MAX_ROWS:
        raise DeliveryRefused((f"file: more than {MAX_ROWS} rows; split it",))
    numbers = pa.array(range(1, table.num_rows + 1), pa.int32())
    return table.add_column(0, ROW_NUMBER, numbers)


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    next(reader)
    return (row for row in reader if row)


class _Lines:
    """Lines of a text that can be handed back, so that one lost quote costs one row."""

    def __init__(self, text: str) -> None:
        self._source = io.StringIO(text, newline="")
        self._returned: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._source)
        self.taken.append(line)
        return line

    def keep_first(self) -> str:
        """Hand back all lines of the row under way but the first."""
        first, *rest = self.taken
        self._returned.extendleft(reversed(rest))
        return first


def _careful_rows(text: str, delimiter: str) -> Iterator[_Row | ShapelessRow]:
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    next(reader)
    number = broken = 0
    while True:
        lines.taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            number, broken = number + 1, broken + 1
            if broken > _MAX_UNQUOTED_ROWS:
                reason = f"file: quotes do not match in over {_MAX_UNQUOTED_ROWS} rows; export anew"
                raise DeliveryRefused((reason,)) from None
            yield _shapeless(number, "quotes do not match", {"line": lines.keep_first()})
            continue
        if row:
            number += 1
            yield row


def _gather(rows: Iterator[_Row | ShapelessRow], headers: list[str], encoding: str) -> RawDelivery:
    schema = pa.schema([(ROW_NUMBER, pa.int32()), *((header, pa.string()) for header in headers)])
    batches: list[pa.RecordBatch] = []
    shapeless: list[ShapelessRow] = []
    count = 0
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        numbers: list[int] = []
        good: list[_Row] = []
        for number, row in enumerate(chunk, start=count + 1):
            if isinstance(row, ShapelessRow):
                shapeless.append(row)
            elif len(row) == len(headers):
                numbers.append(number)
                good.append(row)
            else:
                reason = f"has {len(row)} cells where the header has {len(headers)}"
                shapeless.append(_shapeless(number, reason, {"cells": row}))
        count += len(chunk)
        if count > MAX_ROWS:
            raise DeliveryRefused((f"file: more than {MAX_ROWS} rows; split it",))
        refuse_too_many(shapeless)
        if good:
            cells = [pa.array(column, pa.string()) for column in zip(*good, strict=True)]
            arrays = [pa.array(numbers, pa.int32()), *cells]
            batches.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
    table = pa.Table.from_batches(batches, schema=schema)
    return RawDelivery("CSV", encoding, table, tuple(shapeless), count)


def _shapeless(number: int, reason: str, row: dict[str, object]) -> ShapelessRow:
    return ShapelessRow(number, reason, json.dumps(row, ensure_ascii=False))
