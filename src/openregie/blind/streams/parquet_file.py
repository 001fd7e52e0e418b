"""Parquet from memory: sizes are judged before anything is expanded."""

from __future__ import annotations

import contextlib
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.limits import MAX_EXPANDED_BYTES, MAX_LINE_CHARS, MAX_ROWS
from openregie.blind.streams.parquet_pages import judge_size
from openregie.blind.streams.raw import ROW_NUMBER, RawDelivery, judge_headers
from openregie.blind.streams.stream import ColumnType, Stream

_BATCH_ROWS = 65_536
_FOOTER_BYTES = 16 * 1024**2
_FOOTER_ITEMS = 1_000_000
_WHOLE = (ColumnType.INTEGER, ColumnType.EUROS)
_UNREADABLE = "file: not readable as Parquet; export it anew"
_UNFIT = pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError


def read_parquet(data: bytes, stream: Stream) -> RawDelivery:
    """Every row as text. Raises DeliveryRefused with every reason."""
    try:
        judge_size(data)  # INVARIANT: before the library sees the file
        file = _open(data, ())
        names = [file.schema.column(at).path for at in range(len(file.schema))]
        reasons = judge_headers(names, stream)
        reasons += _judge_types(file.schema_arrow, "", stream)
        if reasons:
            raise DeliveryRefused(tuple(dict.fromkeys(reasons)))
        table = _texts(_open(data, _byte_columns(file)), stream)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise DeliveryRefused((_UNREADABLE,)) from error
    numbers = pa.array(range(1, table.num_rows + 1), pa.int32())
    return RawDelivery(
        "Parquet", "UTF-8", table.add_column(0, ROW_NUMBER, numbers), (), table.num_rows
    )


def _open(data: bytes, dictionaries: tuple[str, ...]) -> Any:
    return pq.ParquetFile(
        pa.BufferReader(data),
        read_dictionary=list(dictionaries),
        thrift_string_size_limit=_FOOTER_BYTES,
        thrift_container_size_limit=_FOOTER_ITEMS,
        page_checksum_verification=True,
    )


def _byte_columns(file: Any) -> tuple[str, ...]:
    """Columns of bytes, to be read as dictionaries: a repeated giant text then stays one text."""
    columns = (file.schema.column(at) for at in range(len(file.schema)))
    return tuple(column.path for column in columns if column.physical_type == "BYTE_ARRAY")


def _judge_types(schema: Any, prefix: str, stream: Stream) -> list[str]:
    reasons: list[str] = []
    for field in schema:
        column = stream.column(prefix + field.name)
        if pa.types.is_struct(field.type):
            reasons += _judge_types(field.type, f"{prefix}{field.name}.", stream)
        elif column is not None and not _is_flat(field.type):
            reasons.append(f"column `{column.header}`: not a type that fits one cell")
    return reasons


def _is_flat(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_boolean,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    )
    return any(test(kind) for test in tests)


def _texts(file: Any, stream: Stream) -> pa.Table:
    tables: list[pa.Table] = []
    rows = size = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS):
        table = pa.Table.from_batches([batch])
        while any(pa.types.is_struct(field.type) for field in table.schema):
            table = table.flatten()
        size += sum(_expanded_bytes(column) for column in table.columns)
        rows += table.num_rows
        if size > MAX_EXPANDED_BYTES or rows > MAX_ROWS:
            reason = "file: expands to more rows or bytes than it says; export it anew"
            raise DeliveryRefused((reason,))
        columns = [_text(table.column(name), stream, name) for name in table.column_names]
        tables.append(pa.table(columns, names=table.column_names))
    if not tables:
        names = [file.schema.column(at).path for at in range(len(file.schema))]
        return pa.table({name: pa.array([], pa.string()) for name in names})
    return pa.concat_tables(tables)


def _expanded_bytes(column: pa.ChunkedArray) -> int:
    """Size of a column once every dictionary entry is written out."""
    size = 0
    for chunk in column.chunks:
        if not pa.types.is_dictionary(chunk.type):
            size += chunk.nbytes
            continue
        lengths = pc.binary_length(chunk.dictionary)
        if (pc.max(lengths).as_py() or 0) > MAX_LINE_CHARS:
            reason = f"file: a cell is longer than {MAX_LINE_CHARS} bytes; is it the right file?"
            raise DeliveryRefused((reason,))
        size += pc.sum(pc.take(lengths, chunk.indices)).as_py() or 0
    return size


def _text(column: pa.ChunkedArray, stream: Stream, name: str) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    elif pa.types.is_timestamp(kind):
        days = pc.floor_temporal(column, unit="day")
        if pc.all(pc.equal(days, column)).as_py() is not False:
            column = days.cast(pa.timestamp("s")).cast(pa.date32())
    elif pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)  # how data frames write "nothing"
        declared = stream.column(name)
        if declared is not None and declared.type in _WHOLE:
            with contextlib.suppress(*_UNFIT):  # not whole: the rows will say so
                column = column.cast(pa.int64())
    return column.cast(pa.string())
