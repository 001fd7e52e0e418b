"""Places and lifts holds, and ends keys by force. Each affected resident's log says so, first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from openregie.envelope import handover
from openregie.envelope.keys import PublicKey
from openregie.envelope.revocations import Kind
from openregie.envelope.suites import SignatureAlgorithm, suite_named
from openregie.sealed.vault import held, keyring
from openregie.sealed.vault.actions import Vault, append_log, forget_sealed, key_epoch_of, revoke
from openregie.sealed.vault.errors import NotEnrolled
from openregie.sealed.vault.held import Holds, Places
from openregie.sealed.vault.models import Resident, StoredItem
from openregie.terms import Compartment, Mailbox

HELD, LIFTED, ENDED = "items.held", "items.released", "key.ended"
_AT_ONCE = 1_000
"""So many residents' entries go in one transaction: about a fifth of a second."""


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom something reached, by mailbox alone. `kept` counts their items that are still there."""

    mailboxes: tuple[str, ...]
    items: int
    kept: int


def of_run(vault: Vault, number: int) -> Places:
    """Which items a hand-over brought to which mailbox: first and last sequence number.

    Within a mailbox the items of one run are numbered one after the other. Raises
    envelope.handover.HandOverRefused.
    """
    folder = vault.folder / "handover" / str(number)
    verify = keyring.run_public(vault.folder).verify[SignatureAlgorithm.ED25519]
    handover.read(folder, verify=verify, tenant=vault.tenant)
    places: dict[str, tuple[int, int]] = {}
    for line in handover.lines(folder, "items.jsonl"):
        if line["op"] == "add":
            mailbox, seq = line["sealed"]["mailbox"], int(line["sealed"]["seq"])
            first, last = places.get(mailbox, (seq, seq))
            places[mailbox] = (min(first, seq), max(last, seq))
    return places


def affected(places: Places) -> Affected:
    """Count what was brought, and what of it residents can still open."""
    kept = sum(
        StoredItem.objects.filter(mailbox=mailbox, seq__range=span).count()
        for mailbox, span in places.items()
    )
    return Affected(tuple(sorted(places)), sum(b - a + 1 for a, b in places.values()), kept)


def hold(vault: Vault, name: str, places: Places, *, now: datetime) -> int:
    """Keep items or whole mailboxes back until `lift`; how many residents' logs say so anew.

    INVARIANT: entry and hold become final together: the file is replaced before the commit, and
    what cannot be written takes the entries back. Doing it again adds only what is not held yet.
    """
    before = held.read(vault.folder)
    known = before.named.get(name, {})
    fresh = sorted(mailbox for mailbox in places if known.get(mailbox) != places[mailbox])
    now_held = dict(known)
    for some in _some(fresh):
        with transaction.atomic():
            for mailbox in some:
                _tell(vault, mailbox, HELD, name, now=now)
            now_held |= {mailbox: places[mailbox] for mailbox in some}
            held.write(vault.folder, _with(before, name, now_held, now.date().isoformat()))
    return len(fresh)


def lift(vault: Vault, name: str, *, now: datetime) -> int:
    """End a hold; how many residents' logs say so. Nothing happens where there is no such hold."""
    before = held.read(vault.folder)
    left = dict(before.named.get(name, {}))
    count = len(left)
    for some in _some(sorted(left)):
        with transaction.atomic():
            for mailbox in some:
                _tell(vault, mailbox, LIFTED, name, now=now)
                del left[mailbox]
            held.write(vault.folder, _with(before, name, left, before.days[name]))
    return count


def end_keys(vault: Vault, mailbox: Mailbox, *, now: datetime) -> None:
    """Take a resident's keys, wraps and items away; they enrol again, and wait three days.

    What the run still seals to the old keys is never stored. Raises NotEnrolled.
    """
    with transaction.atomic():
        epoch = key_epoch_of(mailbox)
        append_log(vault, mailbox, ENDED, {"epoch": epoch.epoch}, to=_own(mailbox), now=now)
        revoke(vault, Kind.KEYS_REPLACED, mailbox, now=now)
        forget_sealed(mailbox)
        Resident.objects.filter(pk=mailbox).update(state=Resident.State.WITHDRAWN, sealed_by=None)


def _tell(vault: Vault, mailbox: str, kind: str, name: str, *, now: datetime) -> None:
    """Write it in the resident's own chain; a hold of everybody is in nobody's."""
    if mailbox != held.EVERYBODY:
        append_log(vault, Mailbox(mailbox), kind, {"hold": name}, to=_own(mailbox), now=now)


def _own(mailbox: str) -> PublicKey | None:
    try:
        epoch = key_epoch_of(Mailbox(mailbox))
    except NotEnrolled:
        return None
    own = epoch.compartments[Compartment.OWN.value]
    return PublicKey.from_json(suite_named(epoch.suite), own)


def _with(before: Holds, name: str, places: Places, on: str) -> Holds:
    named = {**before.named, name: dict(places)}
    if not places:
        del named[name]
    days = {one: before.days.get(one, on) for one in named}
    return replace(before, named=named, days=days)


def _some(mailboxes: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(mailboxes), _AT_ONCE):
        yield mailboxes[at : at + _AT_ONCE]
