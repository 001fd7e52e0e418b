"""The ledger: what was sealed before, so that nothing is sealed twice and nothing stale stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from openregie.blind.items.item import Item
from openregie.terms import Compartment, Mailbox


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger knows of one mailbox."""

    next_seq: int = 1
    sealed: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Item id to its sequence number and the kid it was sealed to."""
    event_seq: int = 0
    event_commit: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return as the run keeps it in its sealed state."""
        sealed = {item: [seq, kid] for item, (seq, kid) in sorted(self.sealed.items())}
        return {
            "next": self.next_seq,
            "sealed": sealed,
            "event": [self.event_seq, self.event_commit],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        sealed = {item: (seq, kid) for item, (seq, kid) in kept["sealed"].items()}
        return cls(kept["next"], sealed, *kept["event"])


@dataclass(frozen=True, slots=True)
class Addition:
    """An item to seal, under this sequence number and kid."""

    item: Item
    seq: int
    kid: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What one run adds to and removes from the mailboxes."""

    add: tuple[Addition, ...]
    remove: tuple[tuple[Mailbox, int], ...]
    ledger: Mapping[Mailbox, Kept]


def compare(
    ledger: Mapping[Mailbox, Kept],
    items: Iterable[Item],
    kids: Mapping[Mailbox, Mapping[Compartment, str]],
) -> Changes:
    """Compare what each reader should have with what was sealed before.

    Shape: `items` is everything each reader of `kids` should have now. An item that was sealed to
    the reader's present key stays; one that is gone, or was sealed to an older key, is removed; a
    mailbox that is no reader any more loses all it had. Order of `items` does not matter.
    """
    wanted: dict[Mailbox, dict[str, Item]] = defaultdict(dict)
    for item in items:
        wanted[item.mailbox][item.id] = item
    add: list[Addition] = []
    remove: list[tuple[Mailbox, int]] = []
    after: dict[Mailbox, Kept] = {}
    for mailbox in sorted(set(ledger) | set(kids)):
        before = ledger.get(mailbox, Kept())
        here = wanted.get(mailbox, {}) if mailbox in kids else {}
        sealed = {
            item: (seq, kid)
            for item, (seq, kid) in before.sealed.items()
            if item in here and kid == kids[mailbox][here[item].compartment]
        }
        remove += [
            (mailbox, seq) for i, (seq, _) in sorted(before.sealed.items()) if i not in sealed
        ]
        seq = before.next_seq
        for name in sorted(set(here) - set(sealed)):
            kid = kids[mailbox][here[name].compartment]
            add.append(Addition(here[name], seq, kid))
            sealed[name] = (seq, kid)
            seq += 1
        after[mailbox] = Kept(seq, sealed, before.event_seq, before.event_commit)
    return Changes(tuple(add), tuple(remove), after)
