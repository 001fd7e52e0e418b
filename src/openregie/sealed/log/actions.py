"""Writes the log. Appending is called inside the transaction of the act itself, before the act."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from openregie.envelope.keys import PublicKey, Signer
from openregie.envelope.suites import SignatureAlgorithm
from openregie.sealed.log import events
from openregie.sealed.log.errors import ChainBroken
from openregie.sealed.log.events import Event, Given
from openregie.sealed.log.models import Chain, Entry

TENANT = ""
"""In the table's column `mailbox`: the tenant's own chain, whose entries have none."""


def append_for_tenant(kind: str, details: Mapping[str, Any], *, now: datetime) -> Entry:
    """Append to the tenant's own chain. It is about no resident: its text stands in the clear."""
    _demand_transaction()
    after = last_place(TENANT, Chain.VAULT)
    event = events.tell(kind, details, mailbox=None, after=after, at=now)
    return Entry.objects.create(
        type=kind,
        commit=event.commit,
        mailbox=TENANT,
        chain=Chain.VAULT,
        seq=event.entry.seq,
        day=now.date(),
        sealed=json.dumps(event.to_json(), separators=(",", ":")),
    )


def last_for_tenant(kind: str) -> Entry | None:
    """The newest entry of a kind in the tenant's own chain."""
    own = Entry.objects.filter(mailbox=TENANT, chain=Chain.VAULT, type=kind)
    return own.order_by("-seq").first()


def append_own(
    kind: str,
    details: Mapping[str, Any],
    *,
    mailbox: str,
    tenant: str,
    to: PublicKey | None,
    signers: Mapping[SignatureAlgorithm, Signer],
    now: datetime,
) -> tuple[Entry, Event]:
    """Append an act of the vault to a resident's chain, sealed to their own key if there is one.

    INVARIANT: called first in the transaction of the act, so that entry and act commit together.
    """
    _demand_transaction()
    after = last_place(mailbox, Chain.VAULT)
    event = events.tell(kind, details, mailbox=mailbox, after=after, at=now)
    sealed = "" if to is None else events.close(event, tenant=tenant, to=to, signers=signers)
    entry = Entry.objects.create(
        type=kind,
        commit=event.commit,
        mailbox=mailbox,
        chain=Chain.VAULT,
        seq=event.entry.seq,
        day=now.date(),
        sealed=sealed,
    )
    return entry, event


def append_given(given: Sequence[Given], *, day: date) -> int:
    """Append events of the run; how many were not there already.

    Raises ChainBroken when another event stands in the place of one.
    """
    _demand_transaction()
    stored = Entry.objects.filter(chain=Chain.RUN, mailbox__in={one.mailbox for one in given})
    stored = stored.filter(seq__in={one.seq for one in given})
    known = {
        (mailbox, seq): commit
        for mailbox, seq, commit in stored.values_list("mailbox", "seq", "commit")
    }
    fresh: list[Entry] = []
    for one in given:
        there = known.get((one.mailbox, one.seq), "")
        if there and there != one.commit:
            raise ChainBroken(f"run chain, event {one.seq}: another event stands there; run again")
        if not there:
            known[one.mailbox, one.seq] = one.commit
            fresh.append(_entry(one, day))
    return len(Entry.objects.bulk_create(fresh))


def _entry(given: Given, day: date) -> Entry:
    return Entry(
        type=given.kind,
        commit=given.commit,
        mailbox=given.mailbox,
        chain=Chain.RUN,
        seq=given.seq,
        day=day,
        sealed=json.dumps(given.sealed, separators=(",", ":")) if given.sealed else "",
    )


def erase(mailbox: str) -> int:
    """Delete what the commitments of a mailbox stood for; the tree keeps the commitments."""
    _demand_transaction()
    return Entry.objects.filter(mailbox=mailbox).exclude(sealed="").update(sealed="")


def last_place(mailbox: str, chain: Chain) -> tuple[int, str | None]:
    """Number and commitment of a chain's last event; 0 and None for an empty chain."""
    last = Entry.objects.filter(mailbox=mailbox, chain=chain).order_by("-seq").first()
    return (0, None) if last is None else (last.seq, last.commit)


def _demand_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise ChainBroken("an entry is only written inside the transaction of its act")
