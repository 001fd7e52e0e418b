"""Erases a resident from the sealed zone (AVG article 17). What stays is the log's commitments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from openregie.envelope.revocations import Kind
from openregie.sealed.log import actions as log
from openregie.sealed.log.models import Entry
from openregie.sealed.vault.actions import Vault, append_log, forget_sealed, revoke
from openregie.sealed.vault.models import KeyEpoch, Relation, Resident, Return, StoredItem, Wrap
from openregie.terms import Mailbox

TYPE = "resident.erased"


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of a resident was taken away; all 0 when nothing was left."""

    items: int
    key_epochs: int
    wraps: int
    log_texts: int
    relations: int
    returns: int

    def to_json(self) -> dict[str, int]:
        """As it is printed."""
        return {
            "items": self.items,
            "keyEpochs": self.key_epochs,
            "wraps": self.wraps,
            "logTexts": self.log_texts,
            "relations": self.relations,
            "returns": self.returns,
        }


def erase(vault: Vault, mailbox: Mailbox, *, now: datetime) -> Erased:
    """Take away everything of a resident: items, wraps, keys, log texts with salts, returns.

    INVARIANT: what stays is the leaf of each event (type and commitment) with the mailbox's name
    and number beside it, so that a chain without gaps can still be shown. Without its salt nobody
    can say what a commitment stood for. Doing it again takes away what came since, or nothing.
    """
    with transaction.atomic():
        totals = _totals(vault, mailbox)
        if any(totals.to_json().values()) or Resident.objects.filter(pk=mailbox).exists():
            append_log(vault, mailbox, TYPE, {}, to=None, now=now)
            revoke(vault, Kind.ERASED, mailbox, now=now)
        log.erase(mailbox)
        forget_sealed(mailbox)
        forget_statements(mailbox)
        Resident.objects.filter(pk=mailbox).delete()
    for file in returns_of(vault.folder, mailbox):
        file.unlink(missing_ok=True)
    return totals


def forget_statements(mailbox: str) -> None:
    """Delete what the run stated about a mailbox, and returns that wait or were sent."""
    Relation.objects.filter(mailbox=mailbox).delete()
    Return.objects.filter(mailbox=mailbox).delete()


def returns_of(folder: Path, mailbox: str) -> list[Path]:
    """Every sealed return of a mailbox in the run's inbox, told by its clear outside."""
    return [file for file in sorted(folder.glob("inbox/*/*.return")) if sender(file) == mailbox]


def sender(file: Path) -> str:
    """The mailbox on the outside of a return; empty where it cannot be read."""
    try:
        said = json.loads(file.read_bytes())
        return str(said["mailbox"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _totals(vault: Vault, mailbox: Mailbox) -> Erased:
    epochs = KeyEpoch.objects.filter(resident_id=mailbox)
    return Erased(
        items=StoredItem.objects.filter(mailbox=mailbox).count(),
        key_epochs=epochs.count(),
        wraps=Wrap.objects.filter(key_epoch__in=epochs).count(),
        log_texts=Entry.objects.filter(mailbox=mailbox).exclude(sealed="").count(),
        relations=Relation.objects.filter(mailbox=mailbox).count(),
        returns=Return.objects.filter(mailbox=mailbox).count()
        + len(returns_of(vault.folder, mailbox)),
    )
