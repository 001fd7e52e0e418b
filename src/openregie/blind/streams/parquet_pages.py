"""What a Parquet file says about its size, read from its own bytes before any page is expanded.

The library's own view of a footer ends the process for some that lie, and a footer can lie about
sizes; what a decoder sets aside is what each page's own header claims. So both are walked here.
Source: parquet-format, FileMetaData and PageHeader in Thrift's compact protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.limits import (
    MAX_COLUMN_CHUNKS,
    MAX_COLUMNS,
    MAX_EXPANDED_BYTES,
    MAX_FOOTER_BYTES,
    MAX_PAGE_BYTES,
    MAX_PAGES,
    MAX_ROW_GROUPS,
    MAX_ROWS,
)
from openregie.blind.streams.thrift import I32, I64, LIST, STRUCT, BrokenThrift, Compact

MAGIC = b"PAR1"
_TAIL_BYTES = 8
_ROWS, _GROUPS = 3, 4
_COLUMNS, _META = 1, 3
_EXPANDED, _PACKED, _DATA_AT, _DICTIONARY_AT = 6, 7, 9, 11
_PAGE_EXPANDED, _PAGE_PACKED = 2, 3


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One column of one row group: what it says of its size, and where its pages stand."""

    expanded: int
    packed: int
    start: int


def judge_size(data: bytes) -> None:
    """Refuse a file that by its footer or its pages expands beyond the limits.

    Raises DeliveryRefused, BrokenThrift. INVARIANT: expands nothing.
    """
    expanded = pages = size = 0
    for chunk in _chunks(data):
        expanded += chunk.expanded
        _refuse_beyond(expanded)
        at, end = chunk.start, chunk.start + chunk.packed if chunk.start else 0
        if end > len(data):
            raise BrokenThrift
        while at < end:
            page, at = _page(data, at, end)
            pages, size = pages + 1, size + page
            _refuse_pages(pages, page)
            _refuse_beyond(size)


def _refuse_beyond(size: int) -> None:
    if size > MAX_EXPANDED_BYTES:
        reason = f"file: expands to more than {MAX_EXPANDED_BYTES} bytes; split it"
        raise DeliveryRefused((reason,))


def _refuse_pages(pages: int, page: int) -> None:
    if page > MAX_PAGE_BYTES:
        reason = f"file: a page is larger than {MAX_PAGE_BYTES} bytes; export it anew"
        raise DeliveryRefused((reason,))
    if pages > MAX_PAGES:
        raise DeliveryRefused((f"file: more than {MAX_PAGES} pages; export it anew",))


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Every column of every row group, by the footer."""
    length = int.from_bytes(data[-_TAIL_BYTES:-4], "little")
    if data[-4:] != MAGIC or length > len(data) - _TAIL_BYTES:
        raise BrokenThrift
    if length > MAX_FOOTER_BYTES:
        reason = f"file: its footer is larger than {MAX_FOOTER_BYTES} bytes; export it anew"
        raise DeliveryRefused((reason,))
    end = len(data) - _TAIL_BYTES
    reader = Compact(data, end - length, end)
    for field, kind in reader.fields():
        if field == _GROUPS:
            yield from _groups(reader, kind)
        elif field == _ROWS and kind == I64:
            _judge_rows(reader.number())
        else:
            reader.skip(kind)


def _judge_rows(rows: int) -> None:
    if rows < 0:
        raise BrokenThrift
    if rows > MAX_ROWS:
        raise DeliveryRefused((f"file: more than {MAX_ROWS} rows; split it",))


def _groups(reader: Compact, kind: int) -> Iterator[_Chunk]:
    count = _count(reader, kind)
    _refuse_groups(count, 0)
    for _ in range(count):
        for field, held in reader.fields():
            if field == _COLUMNS:
                yield from _columns(reader, held, groups=count)
            else:
                reader.skip(held)


def _columns(reader: Compact, kind: int, *, groups: int) -> Iterator[_Chunk]:
    count = _count(reader, kind)
    if count > MAX_COLUMNS:
        reason = f"file: has more than {MAX_COLUMNS} columns; is it the right file?"
        raise DeliveryRefused((reason,))
    _refuse_groups(groups, count)
    for _ in range(count):
        told: dict[int, int] = {}
        for field, held in reader.fields():
            if field == _META and held == STRUCT:
                told |= reader.numbers(I64)  # given twice, the later field counts
            else:
                reader.skip(held)
        yield _chunk(told)


def _refuse_groups(groups: int, columns: int) -> None:
    if groups > MAX_ROW_GROUPS or groups * columns > MAX_COLUMN_CHUNKS:
        reason = f"file: more than {MAX_ROW_GROUPS} row groups; export it in larger ones"
        raise DeliveryRefused((reason,))


def _count(reader: Compact, kind: int) -> int:
    """How many structs follow."""
    if kind != LIST:
        raise BrokenThrift
    inner, count = reader.list_head()
    if inner != STRUCT and count:
        raise BrokenThrift
    return count


def _chunk(told: dict[int, int]) -> _Chunk:
    """Writers give a column without pages no place: at 0 stands the file's own sign."""
    starts = [told[field] for field in (_DATA_AT, _DICTIONARY_AT) if told.get(field)]
    chunk = _Chunk(told.get(_EXPANDED, -1), told.get(_PACKED, -1), min(starts, default=0))
    if min(chunk.expanded, chunk.packed, chunk.start) < 0:
        raise BrokenThrift
    return chunk


def _page(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Claimed size of the page that begins at `at`, and where the next one begins."""
    reader = Compact(data, at, end)
    told = reader.numbers(I32)
    expanded, packed = told.get(_PAGE_EXPANDED, -1), told.get(_PAGE_PACKED, -1)
    following = reader.at + packed
    if expanded < 0 or packed < 0 or following > end:
        raise BrokenThrift
    return expanded, following
