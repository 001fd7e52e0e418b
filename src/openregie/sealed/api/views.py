"""What each call of /v1 does, for the resident's own mailbox: no address names another."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings

from openregie.envelope.item import Header, SealedItem
from openregie.sealed.api.endpoint import Answer, Call
from openregie.sealed.log.models import Entry
from openregie.sealed.log.tree.actions import newest_head, proof_hashes
from openregie.sealed.vault import actions, enrolment, held, keyring
from openregie.sealed.vault.errors import Malformed
from openregie.sealed.vault.models import Resident, StoredItem
from openregie.sealed.vault.runs import actions as runs
from openregie.sealed.vault.tick.actions import tick

_OPENAPI = Path(__file__).with_name("openapi.json")


def session(call: Call) -> Answer:
    """Who is logged in, and whether they have keys."""
    if call.who is None:
        return Answer(HTTPStatus.OK, {"state": "anonymous"})
    resident = Resident.objects.filter(pk=call.who.mailbox).first()
    return Answer(
        HTTPStatus.OK,
        {
            "state": "known",
            "mailbox": call.who.mailbox,
            "tenant": call.vault.tenant,
            "levelOfAssurance": call.who.level_of_assurance,
            "enrolled": bool(resident and resident.state == Resident.State.ENROLLED),
            "epoch": resident.epoch if resident else None,
            "fresh": call.who.is_fresh(now=call.now),
            "expiresAt": call.who.expires_at.isoformat(timespec="seconds"),
        },
    )


def public_keys(call: Call) -> Answer:
    """The keys a browser needs: to seal to the run, to check the run and the log."""
    named = {"tenant": call.vault.tenant, "tenantName": settings.OPENREGIE.name}
    return Answer(HTTPStatus.OK, {**named, **keyring.public_keys(call.vault.folder)})


def enrol(call: Call) -> Answer:
    """New keys. Only the first keys of a resident need no login within five minutes."""
    mailbox = call.resident.mailbox
    parsed = enrolment.parse_enrolment(call.body, mailbox=mailbox)
    made = actions.enrol(call.vault, mailbox, parsed, now=call.now)
    tick(call.vault, now=call.now)
    index = Entry.objects.get(pk=made.entry_id).index
    told = {
        "epoch": made.epoch,
        "logIndex": index,
        "sealsFrom": made.due_at.isoformat(timespec="seconds"),
    }
    return Answer(HTTPStatus.CREATED, told)


def vault(call: Call) -> Answer:
    """The public halves and the wraps of the keys in force."""
    held.demand_open(call.vault.folder, call.resident.mailbox)
    epoch = actions.key_epoch_of(call.resident.mailbox)
    wraps = [
        {"wrapId": one.wrap_id, "kind": one.kind, "params": one.params, "blobs": one.blobs}
        for one in epoch.wraps.order_by("pk")
    ]
    return Answer(
        HTTPStatus.OK,
        {
            "epoch": epoch.epoch,
            "suite": epoch.suite,
            "compartments": epoch.compartments,
            "signingKey": epoch.signing_key,
            "wraps": wraps,
        },
    )


def add_wrap(call: Call) -> Answer:
    """Another way to open the vault."""
    wrap = enrolment.parse_wrap(call.body)
    actions.add_wrap(call.vault, call.resident.mailbox, wrap, now=call.now)
    return Answer(HTTPStatus.CREATED, {"wrapId": wrap.wrap_id})


def remove_wrap(call: Call) -> Answer:
    """One way less to open the vault."""
    wrap_id = call.path["wrap_id"]
    actions.remove_wrap(call.vault, call.resident.mailbox, wrap_id, now=call.now)
    return Answer(HTTPStatus.NO_CONTENT)


def items(call: Call) -> Answer:
    """Sealed items; one opening event is committed before a byte leaves."""
    after = _whole(call.query.get("after", "0"), "after")
    opened = actions.open_items(call.vault, call.resident.mailbox, after=after, now=call.now)
    told = [_sealed(call, one) for one in opened.items]
    return Answer(HTTPStatus.OK, {"items": told, "next": opened.next_seq})


def log_entries(call: Call) -> Answer:
    """The resident's own log entries, sealed, and the newest signed head."""
    head = newest_head()
    mine = Entry.objects.filter(mailbox=call.resident.mailbox).order_by("chain", "seq")
    entries = [
        {
            "chain": entry.chain,
            "seq": entry.seq,
            "index": entry.index,
            "type": entry.type,
            "commit": entry.commit,
            "sealed": json.loads(entry.sealed) if entry.sealed else None,
            "proof": proof_hashes(entry, head),
        }
        for entry in mine
    ]
    return Answer(HTTPStatus.OK, {"entries": entries, "checkpoint": head.note if head else None})


def put_return(call: Call) -> Answer:
    """A correction, objection or `shown` on its way to the run."""
    mailbox = call.resident.mailbox
    sealed = enrolment.parse_return(call.body, mailbox=mailbox, streams=enrolment.RETURN_STREAMS)
    name = actions.put_return(call.vault, mailbox, sealed, now=call.now)
    tick(call.vault, now=call.now)
    return Answer(HTTPStatus.ACCEPTED, {"id": name})


def withdraw(call: Call) -> Answer:
    """The end of the own view."""
    mailbox = call.resident.mailbox
    said = call.body.get("return") if isinstance(call.body, dict) else None
    sealed = enrolment.parse_return(said, mailbox=mailbox, streams=("keys",))
    name = actions.withdraw(call.vault, mailbox, sealed, now=call.now)
    tick(call.vault, now=call.now)
    return Answer(HTTPStatus.ACCEPTED, {"id": name})


def latest_run(call: Call) -> Answer:
    """Where the run that matters to this resident is."""
    return Answer(HTTPStatus.OK, runs.latest_run(call.vault.folder, call.resident.mailbox))


def openapi(_call: Call) -> Answer:
    """This API, described."""
    return Answer(HTTPStatus.OK, _description())


def health(_call: Call) -> Answer:
    """Whether the database answers, and how many log entries wait for their place."""
    waiting = Entry.objects.filter(index=None).count()
    return Answer(HTTPStatus.OK, {"status": "pass", "logEntriesWaiting": waiting})


@cache
def _description() -> Any:
    return json.loads(_OPENAPI.read_text(encoding="utf-8"))


def _sealed(call: Call, one: StoredItem) -> dict[str, Any]:
    header = Header(call.vault.tenant, one.mailbox, one.seq, one.day.isoformat(), one.message)
    return SealedItem(header, one.suite, one.kid, one.bucket, bytes(one.blob)).to_json()


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):  # noqa: PLR2004 - fits any counter
        raise Malformed(f"query `{name}`: a whole number from 0")
    return int(text)
