"""The pages of a Parquet file, walked by their headers before any of them is expanded.

A footer can lie about sizes; what a decoder sets aside is what each page's own header claims.
Source: parquet-format, PageHeader in Thrift's compact protocol.
"""

from __future__ import annotations

from typing import Any

from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.limits import MAX_EXPANDED_BYTES, MAX_PAGE_BYTES, MAX_PAGES

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_MAX_DEPTH = 8
_MAX_VARINT_BYTES = 10
_LONG_LIST = 15


class BrokenPage(ValueError):
    """A page's header cannot be read, or lies outside its column."""


def judge_pages(data: bytes, metadata: Any) -> None:
    """Refuse a file whose pages, by their own headers, expand beyond the limits.

    Raises DeliveryRefused, BrokenPage. INVARIANT: expands nothing.
    """
    pages = size = 0
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            at, end = _span(chunk, len(data))
            while at < end:
                expanded, at = _page(data, at, end)
                pages, size = pages + 1, size + expanded
                _refuse_beyond(pages, size, expanded)


def _refuse_beyond(pages: int, size: int, page: int) -> None:
    if page > MAX_PAGE_BYTES:
        reason = f"file: a page is larger than {MAX_PAGE_BYTES} bytes; export it anew"
        raise DeliveryRefused((reason,))
    if size > MAX_EXPANDED_BYTES:
        reason = f"file: expands to more than {MAX_EXPANDED_BYTES} bytes; split it"
        raise DeliveryRefused((reason,))
    if pages > MAX_PAGES:
        raise DeliveryRefused((f"file: more than {MAX_PAGES} pages; export it anew",))


def _span(chunk: Any, length: int) -> tuple[int, int]:
    """Where the pages of one column of one row group stand; writers give an empty one no place."""
    offsets = (chunk.data_page_offset, chunk.dictionary_page_offset)
    start = min((int(offset) for offset in offsets if offset), default=0)
    if not start:
        return 0, 0  # at 0 stands the file's own sign, in which no reader finds a page
    end = start + int(chunk.total_compressed_size)
    if not 0 <= start <= end <= length:
        raise BrokenPage
    return start, end


def _page(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Claimed size of the page that begins at `at`, and where the next one begins."""
    reader = _Compact(data, at, end)
    numbers: dict[int, int] = {}
    for field, kind in reader.fields():
        if kind == _I32:
            numbers[field] = reader.number()
        else:
            reader.skip(kind, _MAX_DEPTH)
    expanded, packed = numbers.get(2, -1), numbers.get(3, -1)
    following = reader.at + packed
    if expanded < 0 or packed < 0 or following > end:
        raise BrokenPage
    return expanded, following


class _Compact:
    """As much of Thrift's compact protocol as finding the end of a struct takes."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data, self.at, self._end = data, at, end

    def fields(self) -> Any:
        """Number and kind of each field of a struct; the caller reads or skips its value."""
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self.number()
            yield number, kind

    def number(self) -> int:
        """A signed number in zigzag form."""
        raw = self._varint()
        return (raw >> 1) ^ -(raw & 1)

    def skip(self, kind: int, depth: int) -> None:
        """Step over one value."""
        if not depth:
            raise BrokenPage
        if kind in {_I16, _I32, _I64}:
            self._varint()
        elif kind == _BYTE:
            self._step(1)
        elif kind == _DOUBLE:
            self._step(8)
        elif kind == _BINARY:
            self._step(self._varint())
        elif kind in {_LIST, _SET}:
            self._skip_list(depth)
        elif kind == _STRUCT:
            for _, inner in self.fields():
                self.skip(inner, depth - 1)
        elif kind not in {_TRUE, _FALSE}:
            raise BrokenPage

    def _skip_list(self, depth: int) -> None:
        head = self._byte()
        count = head >> 4 if head >> 4 != _LONG_LIST else self._varint()
        for _ in range(count):
            if head & 15 in {_TRUE, _FALSE}:
                self._step(1)
            else:
                self.skip(head & 15, depth - 1)

    def _varint(self) -> int:
        number = 0
        for place in range(_MAX_VARINT_BYTES):
            byte = self._byte()
            number |= (byte & 0x7F) << 7 * place
            if byte < 0x80:  # noqa: PLR2004 - the top bit says that more follows
                return number
        raise BrokenPage

    def _byte(self) -> int:
        self._step(1)
        return self._data[self.at - 1]

    def _step(self, count: int) -> None:
        self.at += count
        if self.at > self._end:
            raise BrokenPage
