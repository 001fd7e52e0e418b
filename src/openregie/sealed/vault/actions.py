"""What the vault does. One action, one transaction, one log entry, entry first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from openregie.envelope import revocations
from openregie.envelope.keys import PublicKey
from openregie.envelope.revocations import Kind, Line, commitment
from openregie.envelope.suites import suite_named
from openregie.sealed.log import actions as log
from openregie.sealed.log.models import Entry
from openregie.sealed.vault import held, keyring
from openregie.sealed.vault.enrolment import Enrolment, NewWrap
from openregie.sealed.vault.errors import AlreadyEnrolled, LastWrap, NotEnrolled, WrapUnknown
from openregie.sealed.vault.models import (
    KeyEpoch,
    Relation,
    Resident,
    Return,
    StoredItem,
    Wrap,
)
from openregie.sealed.vault.tenant import RECOVERY_HOURS
from openregie.terms import Compartment, Mailbox

RETURN_ID_CHARACTERS = 16
ITEMS_PER_OPENING = 2_000
CARRIED = ("corrections", "objections")
"""Returns that still hold when a backup of before them is put back."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Whose vault this is: the tenant's name and folder, where its keys and inbox are."""

    tenant: str
    folder: Path
    recovery_hours: int = RECOVERY_HOURS


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of an enrolment. `due_at` is when the run may know of the keys."""

    epoch: int
    entry_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """What one opening hands out. `next_seq` is where the next call continues, None at the end."""

    items: Sequence[StoredItem]
    next_seq: int | None


def enrol(vault: Vault, mailbox: Mailbox, enrolment: Enrolment, *, now: datetime) -> Enrolled:
    """Store new keys. Items and wraps of an earlier epoch go; the next run seals again.

    Raises AlreadyEnrolled unless the epoch is the one after the last.
    """
    keys = enrolment.keys
    held.demand_open(vault.folder, mailbox)
    with transaction.atomic():
        before = Resident.objects.filter(pk=mailbox).first()
        if keys.epoch != (before.epoch + 1 if before else 1):
            raise AlreadyEnrolled(
                "field `epoch`: must be the one after the last; ask for the session again"
            )
        details = {"keys": keys.to_json(), "assistedBy": enrolment.assisted_by}
        entry, proof = append_log(vault, mailbox, "key.added", details, to=enrolment.own, now=now)
        due_at = now + timedelta(hours=vault.recovery_hours) if before else now
        if before:
            revoke(vault, Kind.KEYS_REPLACED, mailbox, now=now)
        forget_sealed(mailbox)
        resident, _ = Resident.objects.update_or_create(
            mailbox=mailbox,
            defaults={"state": Resident.State.ENROLLED, "epoch": keys.epoch, "sealed_by": None},
        )
        epoch = KeyEpoch.objects.create(
            resident=resident,
            epoch=keys.epoch,
            suite=keys.suite.name,
            compartments=keys.to_json()["compartments"],
            signing_key=keys.signing.to_text(),
            added_on=now.date(),
        )
        Wrap.objects.bulk_create([_wrap(epoch, one) for one in enrolment.wraps])
        _hold_return(enrolment.sealed_return, entry=entry, proof=proof, due_at=due_at)
    return Enrolled(keys.epoch, entry.pk, due_at)


def add_wrap(vault: Vault, mailbox: Mailbox, wrap: NewWrap, *, now: datetime) -> None:
    """Add a means to open the vault. Raises NotEnrolled, AlreadyEnrolled when the name is taken."""
    held.demand_open(vault.folder, mailbox)
    with transaction.atomic():
        epoch = key_epoch_of(mailbox)
        if epoch.wraps.filter(wrap_id=wrap.wrap_id).exists():
            raise AlreadyEnrolled("field `wrapId`: there is a wrap of that name; choose another")
        details = {"epoch": epoch.epoch, "wrapId": wrap.wrap_id, "kind": wrap.kind}
        append_log(vault, mailbox, "wrap.added", details, to=_own_key(epoch), now=now)
        _wrap(epoch, wrap).save()


def remove_wrap(vault: Vault, mailbox: Mailbox, wrap_id: str, *, now: datetime) -> None:
    """Remove a means to open the vault. Raises NotEnrolled, WrapUnknown, LastWrap."""
    with transaction.atomic():
        epoch = key_epoch_of(mailbox)
        found = epoch.wraps.filter(wrap_id=wrap_id).first()
        if found is None:
            raise WrapUnknown("there is no such wrap; ask for the vault again")
        if epoch.wraps.count() == 1:
            raise LastWrap("this is the only way left to open the vault; add another first")
        details = {"epoch": epoch.epoch, "wrapId": wrap_id, "kind": found.kind}
        append_log(vault, mailbox, "wrap.removed", details, to=_own_key(epoch), now=now)
        revoke(vault, Kind.WRAP_REMOVED, mailbox, epoch=epoch.epoch, wrap_id=found.wrap_id, now=now)
        found.delete()


def withdraw(
    vault: Vault, mailbox: Mailbox, sealed_return: Mapping[str, Any], *, now: datetime
) -> str:
    """End the own view: items, wraps, keys and readable log texts go at once; the run is told.

    Raises NotEnrolled.
    """
    with transaction.atomic():
        epoch = key_epoch_of(mailbox)
        entry, proof = append_log(
            vault, mailbox, "key.withdrawn", {"epoch": epoch.epoch}, to=None, now=now
        )
        held = _hold_return(sealed_return, entry=entry, proof=proof, due_at=now)
        revoke(vault, Kind.WITHDRAWN, mailbox, now=now)
        log.erase(mailbox)
        forget_sealed(mailbox)
        Relation.objects.filter(mailbox=mailbox).delete()
        Resident.objects.filter(pk=mailbox).update(state=Resident.State.WITHDRAWN, sealed_by=None)
        Return.objects.filter(
            mailbox=mailbox, written_at=None, stream="keys", due_at__gt=now
        ).delete()
    return held.return_id


def open_items(vault: Vault, mailbox: Mailbox, *, after: int, now: datetime) -> Opened:
    """Hand out sealed items with a sequence number above `after`, logged before a byte leaves.

    Raises NotEnrolled.
    """
    held.demand_open(vault.folder, mailbox)
    with transaction.atomic():
        epoch = key_epoch_of(mailbox)
        waiting = StoredItem.objects.filter(mailbox=mailbox, seq__gt=after).order_by("seq")
        items = list(waiting[: ITEMS_PER_OPENING + 1])
        more, items = len(items) > ITEMS_PER_OPENING, items[:ITEMS_PER_OPENING]
        last = items[-1].seq if items else after
        # INVARIANT: what a hold keeps back is never handed out, and never logged as opened.
        holds = held.read(vault.folder)
        items = [one for one in items if not holds.keeps_back(mailbox, one.seq)]
        if items:
            details = {"items": [one.seq for one in items]}
            append_log(vault, mailbox, "items.opened", details, to=_own_key(epoch), now=now)
    return Opened(items, last if more else None)


def put_return(
    vault: Vault, mailbox: Mailbox, sealed_return: Mapping[str, Any], *, now: datetime
) -> str:
    """Take a sealed correction, objection or `shown` on its way to the run. Raises NotEnrolled."""
    with transaction.atomic():
        epoch = key_epoch_of(mailbox)
        name = return_id(sealed_return)
        if not Return.objects.filter(return_id=name).exists():
            details = {"stream": sealed_return["stream"], "return": name}
            append_log(vault, mailbox, "return.sent", details, to=_own_key(epoch), now=now)
            _hold_return(sealed_return, entry=None, proof=None, due_at=now)
            if sealed_return["stream"] in CARRIED:
                carry(vault, sealed_return, now=now)
    return name


def key_epoch_of(mailbox: Mailbox) -> KeyEpoch:
    """The keys in force of a resident who enrolled. Raises NotEnrolled."""
    resident = Resident.objects.filter(pk=mailbox, state=Resident.State.ENROLLED).first()
    if resident is None:
        raise NotEnrolled("there are no keys of this resident yet; enrol first")
    return resident.key_epochs.get(epoch=resident.epoch)


def return_id(sealed_return: Mapping[str, Any]) -> str:
    """The name of a return: 16 hex characters of its content's SHA-256."""
    text = json.dumps(sealed_return, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:RETURN_ID_CHARACTERS]


def append_log(
    vault: Vault,
    mailbox: Mailbox,
    kind: str,
    details: Mapping[str, Any],
    *,
    to: PublicKey | None,
    now: datetime,
) -> tuple[Entry, Mapping[str, Any]]:
    """Append an act to a resident's chain, first in its transaction; the entry and its text."""
    entry, event = log.append_own(
        kind,
        details,
        mailbox=mailbox,
        tenant=vault.tenant,
        to=to,
        signers=keyring.event_signers(vault.folder),
        now=now,
    )
    return entry, event.to_json()


def _own_key(epoch: KeyEpoch) -> PublicKey:
    return PublicKey.from_json(suite_named(epoch.suite), epoch.compartments[Compartment.OWN.value])


def _wrap(epoch: KeyEpoch, wrap: NewWrap) -> Wrap:
    return Wrap(
        key_epoch=epoch,
        wrap_id=wrap.wrap_id,
        kind=wrap.kind,
        params=dict(wrap.params),
        blobs=dict(wrap.blobs),
    )


def revoke(
    vault: Vault,
    kind: Kind,
    mailbox: Mailbox,
    *,
    epoch: int = 0,
    wrap_id: str = "",
    now: datetime,
) -> None:
    """Note in the ledger beside the backups that this may not come back; before the commit."""
    what = commitment(kind, mailbox, epoch=epoch, wrap_id=wrap_id)
    revocations.append(vault.folder / revocations.FILE, [Line(kind, now.date(), what)])


def carry(vault: Vault, sealed_return: Mapping[str, Any], *, now: datetime) -> None:
    """Keep a return in the ledger beside the backups; where no backup can be, nothing to keep."""
    recipient = keyring.backup_recipient(vault.folder)
    if recipient:
        line = revocations.sent(sealed_return, on=now.date(), recipient=recipient)
        revocations.append(vault.folder / revocations.FILE, [line])


def forget_sealed(mailbox: str) -> None:
    """Delete items, keys and wraps, from the file and, after the commit, from its journal too."""
    StoredItem.objects.filter(mailbox=mailbox).delete()
    KeyEpoch.objects.filter(resident_id=mailbox).delete()
    transaction.on_commit(empty_journal)


def empty_journal() -> None:
    """Pages overwritten by `secure_delete` still stand in SQLite's journal until it is emptied."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _hold_return(
    sealed_return: Mapping[str, Any],
    *,
    entry: Entry | None,
    proof: Mapping[str, Any] | None,
    due_at: datetime,
) -> Return:
    """Keep a return until it lies in the inbox: a file cannot join a transaction."""
    return Return.objects.create(
        return_id=return_id(sealed_return),
        stream=sealed_return["stream"],
        mailbox=sealed_return["mailbox"],
        body=json.dumps(sealed_return, sort_keys=True, separators=(",", ":")),
        proof_of=entry.pk if entry else None,
        proof=json.dumps(proof, separators=(",", ":")) if proof else "",
        due_at=due_at,
    )
