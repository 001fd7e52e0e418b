"""As much of Thrift's compact protocol as walking over the structures of Parquet takes."""

from __future__ import annotations

from collections.abc import Iterator

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, _MAP, STRUCT = range(1, 13)
_WHOLE = frozenset({I16, I32, I64})
_MAX_DEPTH = 12
_MAX_FIELD = 32_767
_MAX_VARINT_BYTES = 10
_LONG_LIST = 15


class BrokenThrift(ValueError):
    """A structure cannot be read, or lies outside its place."""


class Compact:
    """A reader over some bytes; `at` is where it stands."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        """Read from `at` up to `end`; going beyond raises BrokenThrift."""
        self._data, self.at, self._end = data, at, end

    def fields(self) -> Iterator[tuple[int, int]]:
        """Number and kind of each field of a struct; the caller reads or skips its value."""
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self.number()
            if not 0 <= number <= _MAX_FIELD:  # other readers would count on from below zero
                raise BrokenThrift
            yield number, kind

    def number(self) -> int:
        """A signed number in zigzag form."""
        raw = self._varint()
        return (raw >> 1) ^ -(raw & 1)

    def numbers(self, wanted: int) -> dict[int, int]:
        """The numbers of one kind in a struct, by field; all else is stepped over.

        INVARIANT: as other readers do it, a field of another kind counts as absent.
        """
        found: dict[int, int] = {}
        for field, kind in self.fields():
            if kind == wanted:
                found[field] = self.number()
            else:
                self.skip(kind)
        return found

    def list_head(self) -> tuple[int, int]:
        """Kind and number of the items that follow."""
        head = self._byte()
        return head & 15, head >> 4 if head >> 4 != _LONG_LIST else self._varint()

    def skip(self, kind: int, depth: int = _MAX_DEPTH) -> None:
        """Step over one value."""
        if not depth:
            raise BrokenThrift
        if kind in _WHOLE:
            self._varint()
        elif kind in {BYTE, DOUBLE}:
            self._step(1 if kind == BYTE else 8)
        elif kind == BINARY:
            self._step(self._varint())
        elif kind in {LIST, SET}:
            self._skip_list(depth)
        elif kind == STRUCT:
            for _, inner in self.fields():
                self.skip(inner, depth - 1)
        elif kind not in {TRUE, FALSE}:
            raise BrokenThrift

    def _skip_list(self, depth: int) -> None:
        kind, count = self.list_head()
        for _ in range(count):
            if kind in {TRUE, FALSE}:
                self._step(1)
            else:
                self.skip(kind, depth - 1)

    def _varint(self) -> int:
        number = 0
        for place in range(_MAX_VARINT_BYTES):
            byte = self._byte()
            number |= (byte & 0x7F) << 7 * place
            if byte < 0x80:  # noqa: PLR2004 - the top bit says that more follows
                return number
        raise BrokenThrift

    def _byte(self) -> int:
        self._step(1)
        return self._data[self.at - 1]

    def _step(self, count: int) -> None:
        self.at += count
        if self.at > self._end:
            raise BrokenThrift
