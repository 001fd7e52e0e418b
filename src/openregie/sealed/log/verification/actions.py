"""Recomputes the tree from its entries, and compares with every hash and head that is stored."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Max, Min

from openregie.logbook import checkpoint
from openregie.logbook.checkpoint import LogVerifier
from openregie.logbook.entry import leaf_of
from openregie.logbook.errors import LogbookError
from openregie.logbook.tree import EMPTY_ROOT, node_hash
from openregie.sealed.log.models import Checkpoint, Entry, Node
from openregie.sealed.log.verification.report import Finding, Report
from openregie.terms import Progress, silent

_MOST_FINDINGS = 20
_EVERY = 10_000


class _Edge:
    """The right edge of a growing tree: one hash per complete subtree, largest first."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, bytes]] = []
        self.size = 0

    def push(self, leaf: bytes) -> None:
        """Add a leaf."""
        level, value = 0, leaf
        while self._parts and self._parts[-1][0] == level:
            value = node_hash(self._parts.pop()[1], value)
            level += 1
        self._parts.append((level, value))
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._parts:
            return EMPTY_ROOT
        value = self._parts[-1][1]
        for _, left in reversed(self._parts[:-1]):
            value = node_hash(left, value)
        return value


def verify(log: LogVerifier, *, progress: Progress = silent) -> Report:
    """Check every entry, stored hash, signed head and chain of the log.

    Recomputes all of it: entries follow each other without a gap, each hash is that of its
    children, each head is signed by the log and has the recomputed root, each chain counts from 1.
    """
    findings = [*_check_nodes(), *_check_chains()]
    edge = _Edge()
    roots: dict[int, bytes] = {}
    heads = set(Checkpoint.objects.values_list("size", flat=True))
    total = Entry.objects.exclude(index=None).count()
    findings += _grow(edge, roots, heads, total, progress)
    findings += _check_heads(log, roots, edge.size)
    findings.sort(key=lambda one: (one.index is None, one.index or 0, one.text))
    return Report(
        entries=total,
        waiting=Entry.objects.filter(index=None).count(),
        checkpoints=len(heads),
        chains=Entry.objects.values("mailbox", "chain").distinct().count(),
        root=edge.root().hex(),
        findings=tuple(findings[:_MOST_FINDINGS]),
    )


def _grow(
    edge: _Edge, roots: dict[int, bytes], heads: set[int], total: int, progress: Progress
) -> Iterator[Finding]:
    """Push every entry's leaf; note the roots that heads speak of; yield what does not fit."""
    rows = (
        Entry.objects.exclude(index=None).order_by("index").values_list("index", "type", "commit")
    )
    leaves = Node.objects.filter(level=0).order_by("position").values_list("hash", flat=True)
    stored = leaves.iterator(chunk_size=_EVERY)
    for index, kind, commit in rows.iterator(chunk_size=_EVERY):
        if index != edge.size:
            yield Finding(edge.size, "an entry is missing from the log", is_exact=True)
            return
        try:
            leaf = leaf_of(type=kind, commit=commit)
        except LogbookError:
            yield Finding(index, "the entry is not in the form of the log", is_exact=True)
            return
        if next(stored, None) != leaf:
            yield Finding(index, "the entry is not the one that was put in the tree", is_exact=True)
        edge.push(leaf)
        if edge.size in heads:
            roots[edge.size] = edge.root()
        if edge.size % _EVERY == 0:
            progress("verify log", edge.size, total)
    if next(stored, None) is not None:
        yield Finding(edge.size, "an entry is missing from the log", is_exact=True)


def _check_heads(log: LogVerifier, roots: dict[int, bytes], size: int) -> Iterator[Finding]:
    """Every head's signature, size and root. The first wrong root dates the edit."""
    sound, edited = 0, False
    for head in Checkpoint.objects.order_by("size"):
        try:
            said = checkpoint.verify(head.note, log=log)
        except LogbookError as error:
            yield Finding(None, f"checkpoint {head.size}: {error}")
            continue
        if said.size != head.size or said.size > size:
            yield Finding(size, f"checkpoint {head.size}: the log has fewer entries")
        elif said.root == roots.get(said.size):
            sound = said.size
        elif not edited:
            place = f"{sound} up to {said.size - 1}"
            yield Finding(sound, f"an entry from {place} differs from what was signed")
            edited = True
    if sound < size and not edited:
        yield Finding(sound, f"entries from {sound} are under no sound checkpoint")


def _check_nodes() -> Iterator[Finding]:
    """Every stored hash above the leaves is that of its two children."""
    table = Node._meta.db_table  # noqa: SLF001 - Django's documented way to the table's name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n.level, n.position, n.hash, l.hash, r.hash FROM {table} n "
            f"LEFT JOIN {table} l ON l.level = n.level - 1 AND l.position = n.position * 2 "
            f"LEFT JOIN {table} r ON r.level = n.level - 1 AND r.position = n.position * 2 + 1 "
            "WHERE n.level > 0 ORDER BY n.level, n.position"
        )
        for level, position, value, left, right in cursor:
            if left is None or right is None or node_hash(left, right) != value:
                yield Finding(position << level, "a stored hash is not that of its entries")


def _check_chains() -> Iterator[Finding]:
    """Every chain counts 1, 2, 3 ...; which mailbox it is of is not said."""
    broken = (
        Entry.objects.values("mailbox", "chain")
        .annotate(first=Min("seq"), last=Max("seq"), events=Count("pk"), place=Min("index"))
        .order_by("mailbox", "chain")
    )
    for one in broken:
        if one["first"] != 1 or one["last"] != one["events"]:
            yield Finding(one["place"], f"a chain of kind {one['chain']} has a gap")
