"""The Merkle tree of RFC 9162 section 2.1, over any store of node hashes.

Only hashes of complete subtrees are stored: node (level, index) covers the leaves from
index * 2^level up to (index + 1) * 2^level. They never change, so a store may cache them for
ever. Source: docs/specs/log.md section 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from openregie.logbook.errors import NoSuchLeaf

Node = tuple[int, int]
"""Level (0 = leaves) and index of a complete subtree."""

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class NodeStore(Protocol):
    """Where node hashes are kept. One writer at a time; what was written never changes."""

    def size(self) -> int:
        """How many leaves there are."""

    def read(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        """Return the hashes of nodes that all exist."""

    def write(self, hashes: Mapping[Node, bytes], *, size: int) -> None:
        """Add nodes and set the number of leaves, both or neither."""


class MemoryStore:
    """Node hashes in a dictionary."""

    def __init__(self) -> None:
        self._hashes: dict[Node, bytes] = {}
        self._size = 0

    def size(self) -> int:
        """Return how many leaves there are."""
        return self._size

    def read(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        """Return the hashes of these nodes."""
        return {node: self._hashes[node] for node in nodes}

    def write(self, hashes: Mapping[Node, bytes], *, size: int) -> None:
        """Add nodes and set the number of leaves."""
        self._hashes.update(hashes)
        self._size = size


class Tree:
    """An append-only tree; every question costs O(log n) hashes in one read of the store."""

    def __init__(self, store: NodeStore | None = None) -> None:
        self._store: NodeStore = MemoryStore() if store is None else store

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._store.size()

    def append(self, leaf: bytes) -> int:
        """Add one leaf hash; its index."""
        return self.extend([leaf])

    def extend(self, leaves: Iterable[bytes]) -> int:
        """Add leaf hashes in one write; the index of the first."""
        first = size = self.size
        edge = dict(self._store.read(_pieces(0, first)))
        added: dict[Node, bytes] = {}
        for leaf in leaves:
            if len(leaf) != HASH_BYTES:
                raise NoSuchLeaf("a leaf hash has 32 bytes; give `leaf_hash(data)`")
            level, index, value = 0, size, leaf
            added[0, index] = value
            while index % 2:
                sibling = (level, index - 1)
                value = node_hash(added[sibling] if sibling in added else edge[sibling], value)
                level, index = level + 1, index // 2
                added[level, index] = value
            size += 1
        if size > first:
            self._store.write(added, size=size)
        return first

    def root(self, size: int | None = None) -> bytes:
        """Root hash of the first `size` leaves; of all when None. Raises NoSuchLeaf."""
        return self._hashes_of([(0, self._known(size))])[0]

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Hashes from the leaf's sibling up to the root's child. Source: RFC 9162 2.1.3.1.

        Raises NoSuchLeaf.
        """
        known = self._known(size)
        if not 0 <= index < known:
            raise NoSuchLeaf("this tree has no leaf with that index; ask for a later checkpoint")
        return self._hashes_of(_inclusion_ranges(index, 0, known))

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Hashes that show the first `old_size` leaves unchanged. Source: RFC 9162 2.1.4.1.

        Empty for size 0 and for equal sizes. Raises NoSuchLeaf.
        """
        known = self._known(size)
        if not 0 <= old_size <= known:
            raise NoSuchLeaf("this tree never had that size; the old checkpoint is of another log")
        if old_size in {0, known}:
            return []
        return self._hashes_of(_consistency_ranges(old_size, 0, known))

    def _known(self, size: int | None) -> int:
        have = self.size
        known = have if size is None else size
        if not 0 <= known <= have:
            raise NoSuchLeaf("this tree does not have that many leaves yet")
        return known

    def _hashes_of(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """Subtree hash of each range, read from the store at once."""
        pieces = [_pieces(start, end) for start, end in ranges]
        hashes = self._store.read(sorted({node for nodes in pieces for node in nodes}))
        return [_fold([hashes[node] for node in nodes]) for nodes in pieces]


def _pieces(start: int, end: int) -> list[Node]:
    """Complete subtrees that make up an aligned range, largest first."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Hash of a range from its pieces: the right edge is joined first."""
    if not hashes:
        return EMPTY_ROOT
    value = hashes[-1]
    for left in reversed(hashes[:-1]):
        value = node_hash(left, value)
    return value


def _split(start: int, end: int) -> int:
    """Where RFC 9162 cuts a range: the largest power of two smaller than its length."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _inclusion_ranges(index: int, start: int, end: int) -> list[tuple[int, int]]:
    ranges = []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def _consistency_ranges(old_size: int, start: int, end: int) -> list[tuple[int, int]]:
    ranges = []
    is_old_root = True
    while end != old_size:
        middle = _split(start, end)
        if old_size <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, is_old_root = middle, False
    if not is_old_root:
        ranges.append((start, end))
    return ranges[::-1]
