"""Keeps the database and the ledger of revocations in step: neither may go back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from openregie.envelope import revocations
from openregie.envelope.revocations import Kind, Line, commitment
from openregie.sealed.log import actions as log
from openregie.sealed.log.models import Entry
from openregie.sealed.log.tree import actions as tree
from openregie.sealed.vault.actions import CARRIED, Vault, forget_sealed
from openregie.sealed.vault.erasure.actions import forget_statements, sender
from openregie.sealed.vault.errors import RolledBack
from openregie.sealed.vault.inbox import actions as inbox
from openregie.sealed.vault.models import Relation, Resident, Return, StoredItem, Wrap

_ENDS_OF_KEYS = (Kind.KEYS_REPLACED, Kind.WITHDRAWN, Kind.ERASED)
"""The strongest last: it counts."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many residents and wraps of a restored backup were taken away again."""

    residents: int
    wraps: int
    returns: int
    put_back: int = 0
    """Corrections and objections of after the backup that lie in the inbox again."""


def keep_head(vault: Vault, *, now: datetime) -> None:
    """Note how far the log was signed, so that an older database is recognised."""
    head = tree.newest_head()
    path = vault.folder / revocations.FILE
    if head is not None and head.size > revocations.read(path).log_size:
        revocations.append(path, [Line(Kind.HEAD, now.date(), size=head.size)])


def demand_newest(vault: Vault) -> None:
    """Refuse a database of before the log's last signed head.

    Raises RolledBack, LedgerBroken.
    """
    size = revocations.read(vault.folder / revocations.FILE).log_size
    head = tree.newest_head()
    has = head.size if head else 0
    if has < size:
        raise RolledBack(
            f"the log has {has} entries and was signed at {size}: this database is of before; "
            "put a backup back with `openregie restore`, which replays what was revoked since "
            "(docs/backup.md)"
        )


def replay(
    vault: Vault,
    since: Iterable[Line],
    *,
    sent: Iterable[tuple[date, dict[str, Any]]] = (),
    everyone: bool = False,
) -> Replayed:
    """Take away from a restored backup what was revoked after it was made.

    Whoever withdrew, was erased or made new keys has no keys, wraps, items or readable log texts
    any more, and no return by which the run would know those keys. `everyone`: where the ledger is
    lost, nobody's keys may come back. `sent` are the corrections and objections since, opened, with
    their day: those of whoever still has keys are laid in the inbox again.
    """
    by_kind: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for line in since:
        by_kind[line.kind].add(line.what)
    ended = {
        mailbox: kind
        for mailbox in _mailboxes(vault.folder)
        for kind in ((Kind.WITHDRAWN,) if everyone else _ENDS_OF_KEYS)
        if everyone or commitment(kind, mailbox) in by_kind[kind]
    }
    with transaction.atomic():
        wraps = _remove_wraps(by_kind[Kind.WRAP_REMOVED])
        for mailbox in sorted(ended):
            log.erase(mailbox)
            forget_sealed(mailbox)
            forget_statements(mailbox)
            Resident.objects.filter(pk=mailbox).update(
                state=Resident.State.WITHDRAWN, sealed_by=None
            )
        erased = [mailbox for mailbox, kind in ended.items() if kind is Kind.ERASED]
        Resident.objects.filter(pk__in=erased).delete()
    returns = [file for file in vault.folder.glob("inbox/*/*.return") if sender(file) in ended]
    for file in returns:
        file.unlink()
    return Replayed(len(ended), wraps, len(returns), _put_back(vault, sent))


def _put_back(vault: Vault, sent: Iterable[tuple[date, dict[str, Any]]]) -> int:
    """Of an ended mailbox nothing comes back: the run could not verify it."""
    enrolled = Resident.objects.filter(state=Resident.State.ENROLLED)
    known = set(enrolled.values_list("mailbox", flat=True))
    ours = [(on, one) for on, one in sent if one["mailbox"] in known and one["stream"] in CARRIED]
    for on, one in ours:
        inbox.put_back(vault, one, on=on)
    return len(ours)


def _mailboxes(folder: Path) -> set[str]:
    found: set[str] = set(Resident.objects.values_list("mailbox", flat=True))
    for rows in (StoredItem, Return, Relation):
        found |= set(rows._default_manager.values_list("mailbox", flat=True))  # noqa: SLF001 - Django's name
    found |= set(Entry.objects.exclude(sealed="").values_list("mailbox", flat=True))
    found |= {sender(file) for file in folder.glob("inbox/*/*.return")}
    return found - {""}


def _remove_wraps(names: set[str]) -> int:
    if not names:
        return 0
    gone = [
        one.pk
        for one in Wrap.objects.select_related("key_epoch")
        if commitment(
            Kind.WRAP_REMOVED,
            one.key_epoch.resident_id,
            epoch=one.key_epoch.epoch,
            wrap_id=one.wrap_id,
        )
        in names
    ]
    Wrap.objects.filter(pk__in=gone).delete()
    return len(gone)
