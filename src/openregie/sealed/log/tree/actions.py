"""Gives entries their place in the tree, signs heads, and proves. Source: RFC 9162, C2SP."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from openregie.logbook import checkpoint
from openregie.logbook.checkpoint import LogSigner
from openregie.logbook.entry import leaf_of
from openregie.logbook.proof import TlogProof
from openregie.logbook.tree import Tree
from openregie.sealed.log.errors import NotSequenced
from openregie.sealed.log.models import Checkpoint, Entry, Node

BATCH_ENTRIES = 500
"""So many entries get a place in one transaction: about 20 ms on one core."""
_READ_NODES = 200


class TableStore:
    """Node hashes in the table of nodes; see openregie.logbook.tree.NodeStore."""

    def size(self) -> int:
        """How many leaves there are."""
        last = Node.objects.filter(level=0).order_by("-position").values_list("position", flat=True)
        first = last.first()
        return 0 if first is None else first + 1

    def read(self, nodes: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]:
        """The hashes of nodes that all exist."""
        found: dict[tuple[int, int], bytes] = {}
        for start in range(0, len(nodes), _READ_NODES):
            wanted = Q()
            for level, position in nodes[start : start + _READ_NODES]:
                wanted |= Q(level=level, position=position)
            rows = Node.objects.filter(wanted).values_list("level", "position", "hash")
            found.update({(level, position): bytes(value) for level, position, value in rows})
        return found

    def write(self, hashes: Mapping[tuple[int, int], bytes], *, size: int) -> None:
        """Add nodes, in the caller's transaction; the number of leaves follows from them."""
        del size
        Node.objects.bulk_create(
            (
                Node(level=level, position=position, hash=value)
                for (level, position), value in hashes.items()
            ),
            batch_size=500,
        )


def sequence(signer: LogSigner, *, now: datetime) -> int:
    """Give every waiting entry its place, in order of arrival, and sign the new head. How many."""
    placed = 0
    while True:
        with transaction.atomic():
            waiting = list(Entry.objects.filter(index=None).order_by("pk")[:BATCH_ENTRIES])
            if waiting:
                first = Tree(TableStore()).extend(
                    leaf_of(type=entry.type, commit=entry.commit) for entry in waiting
                )
                _place((index, entry.pk) for index, entry in enumerate(waiting, start=first))
                _sign_head(signer, now=now)
        placed += len(waiting)
        if len(waiting) < BATCH_ENTRIES:
            return placed


def _place(places: Iterable[tuple[int, int]]) -> None:
    """One statement, many values: Django's own way writes a CASE as long as the batch."""
    table = Entry._meta.db_table  # noqa: SLF001 - Django's documented way to the table's name
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE {table} SET "index" = %s WHERE id = %s', list(places))


def proof_text(entry_id: int) -> str:
    """The inclusion proof of an entry up to the newest head, as a C2SP tlog-proof.

    Raises NotSequenced while the entry waits for its place.
    """
    entry = Entry.objects.get(pk=entry_id)
    head = newest_head()
    if entry.index is None or head is None or head.size <= entry.index:
        raise NotSequenced("the entry has no place in the tree yet; try again in a second")
    hashes = Tree(TableStore()).inclusion_proof(entry.index, head.size)
    return TlogProof(entry.index, tuple(hashes), head.note).to_text()


def proof_hashes(entry: Entry, head: Checkpoint | None) -> list[str] | None:
    """The hashes from an entry's leaf to a head's root, in base64; None while it has no place."""
    if entry.index is None or head is None or head.size <= entry.index:
        return None
    hashes = Tree(TableStore()).inclusion_proof(entry.index, head.size)
    return [base64.b64encode(value).decode() for value in hashes]


def consistency(old_size: int, size: int) -> list[bytes]:
    """Hashes that show that one tree begins with the older one. Raises NoSuchLeaf."""
    return Tree(TableStore()).consistency_proof(old_size, size)


def newest_head() -> Checkpoint | None:
    """The newest signed head; None for an empty log."""
    return Checkpoint.objects.order_by("-size").first()


def _sign_head(signer: LogSigner, *, now: datetime) -> None:
    tree = Tree(TableStore())
    said = checkpoint.Checkpoint(signer.name, tree.size, tree.root())
    Checkpoint.objects.create(size=said.size, note=said.sign(signer), made_at=now)
