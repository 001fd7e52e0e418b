"""Makes and ends accounts, and takes deliveries in. Each act has its log entry, written first."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from openregie.envelope.age_header import demand_sealed
from openregie.sealed.suppliers import inbox_files
from openregie.sealed.suppliers.claims import Claims, delivery_id_of, is_word, manifest_of
from openregie.sealed.suppliers.errors import (
    AccountRefused,
    AccountUnknown,
    NotAllowed,
    SaidOtherwise,
)
from openregie.sealed.suppliers.models import Account, Delivery
from openregie.sealed.vault.actions import Vault, append_log
from openregie.terms import Mailbox

TOKEN_SECONDS = 600
_SECRET_BYTES = 32
_ID_BYTES = 12
_MOST_NAME_CHARS = 200
_OIN = re.compile(r"[0-9A-Za-z.-]{1,40}", re.ASCII)
_TOKEN = "openregie/supplier-token/v1"  # noqa: S105 - names what is signed, is no secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account's name and its secret, which is shown once and kept nowhere."""

    client_id: str
    secret: str


def add(vault: Vault, *, name: str, oin: str, streams: Sequence[str], now: datetime) -> Credentials:
    """Make an account that may deliver these streams. Raises AccountRefused."""
    if not name.strip() or len(name) > _MOST_NAME_CHARS or not name.isprintable():
        raise AccountRefused("name: a filled text of at most 200 characters")
    if not _OIN.fullmatch(oin):
        raise AccountRefused("oin: at most 40 digits, letters, dots and dashes")
    if not streams or not all(map(is_word, streams)):
        raise AccountRefused("streams: name one at least, as it is declared")
    made = Credentials("s-" + secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES))
    said = {"oin": oin, "streams": sorted(set(streams))}
    try:
        with transaction.atomic():
            _log(vault, made.client_id, "supplier.added", said, now)
            Account.objects.create(
                client_id=made.client_id,
                name=name,
                oin=oin,
                streams=said["streams"],
                secret_hash=_hash(made.secret),
                made_at=now,
            )
    except IntegrityError as error:
        raise AccountRefused("oin: has an account already; rotate or end that one") from error
    return made


def rotate(vault: Vault, client_id: str, *, now: datetime) -> Credentials:
    """A new secret; the old one and its tokens end at once. Raises AccountUnknown."""
    with transaction.atomic():
        account = find(client_id)
        _log(vault, client_id, "supplier.rotated", {}, now)
        made = Credentials(client_id, secrets.token_urlsafe(_SECRET_BYTES))
        account.secret_hash = _hash(made.secret)
        account.generation += 1
        account.save(update_fields=["secret_hash", "generation"])
    return made


def end(vault: Vault, client_id: str, *, now: datetime) -> None:
    """End an account; what it delivered stays in force. Raises AccountUnknown."""
    with transaction.atomic():
        account = find(client_id)
        _log(vault, client_id, "supplier.ended", {}, now)
        account.ended_at = now
        account.save(update_fields=["ended_at"])


def find(client_id: str) -> Account:
    """The account in force of that name. Raises AccountUnknown."""
    account = Account.objects.filter(client_id=client_id, ended_at=None).first()
    if account is None:
        raise AccountUnknown("no account in force has this name; see: openregie supplier list")
    return account


def token_for(client_id: str, secret: str) -> str:
    """A bearer token of ten minutes for who knows the secret. Raises AccountUnknown."""
    account = Account.objects.filter(client_id=client_id, ended_at=None).first()
    kept = account.secret_hash if account else _hash("")
    if not hmac.compare_digest(kept, _hash(secret)) or account is None:
        raise AccountUnknown("client or secret is not right")
    said = {"client": account.client_id, "generation": account.generation}
    return signing.dumps(said, salt=_TOKEN)


def account_of(token: str) -> Account:
    """Whose token this is, while it and the account are in force. Raises AccountUnknown."""
    try:
        said = signing.loads(token, salt=_TOKEN, max_age=TOKEN_SECONDS)
    except signing.BadSignature as error:
        raise AccountUnknown("the token is over or not ours; ask for a new one") from error
    account = find(said["client"])
    if account.generation != said["generation"]:
        raise AccountUnknown("the token is of an earlier secret; ask for a new one")
    return account


def receive(
    vault: Vault, account: Account, claims: Claims, data: bytes, *, now: datetime
) -> tuple[Delivery, bool]:
    """Keep one encrypted delivery for the run; it, and whether it was there already.

    The age file is written inside the transaction, the manifest after it: without a manifest
    the run sees nothing, and `finish` writes one that a crash left out. Raises NotAllowed,
    AgeRefused, SaidOtherwise.
    """
    if claims.stream not in account.streams:
        raise NotAllowed("query `stream`: this account may not deliver it")
    demand_sealed(data)
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        finish(vault, now=now)
        known = account.deliveries.filter(stream=claims.stream, sha256=sha256).first()
        if known is None:
            made = _keep(vault, account, claims, data, sha256, now)
    if known is not None:
        _demand_same(known, claims)
        return known, True
    finish(vault, now=now)
    return made, False


def finish(vault: Vault, *, now: datetime) -> int:
    """Write the manifests that are not in the inbox yet; how many. Safe to repeat."""
    waiting = list(Delivery.objects.filter(written_at=None).order_by("received_at"))
    for one in waiting:
        inbox_files.write_manifest(vault.folder / "inbox", one.delivery_id, one.manifest)
        Delivery.objects.filter(pk=one.pk).update(written_at=now)
    return len(waiting)


def _keep(
    vault: Vault, account: Account, claims: Claims, data: bytes, sha256: str, now: datetime
) -> Delivery:
    today = timezone.localdate(now)
    manifest = manifest_of(
        claims, supplier=account.name, oin=account.oin, today=today, sha256=sha256
    )
    delivery_id = delivery_id_of(manifest)
    inbox = vault.folder / "inbox"
    said = {"delivery": delivery_id, "stream": claims.stream, "sha256": sha256}
    receipt = _log(vault, account.client_id, "delivery.received", said, now)
    kept = {**manifest, "sealed_by_source": True}
    kept["sequence"] = inbox_files.next_sequence(inbox, manifest)
    made = Delivery.objects.create(
        delivery_id=delivery_id,
        account=account,
        stream=claims.stream,
        sha256=sha256,
        size_bytes=len(data),
        manifest=kept,
        receipt=receipt,
        received_at=now,
    )
    inbox_files.write_sealed(inbox, claims.stream, delivery_id, data)
    return made


def _demand_same(known: Delivery, claims: Claims) -> None:
    covers = {"from_on": claims.from_on.isoformat(), "until_on": claims.until_on.isoformat()}
    if (known.manifest["covers"], known.manifest["attests"]) != (covers, list(claims.attests)):
        raise SaidOtherwise("this very file came before with other words; encrypt it anew")


def _log(
    vault: Vault, client_id: str, kind: str, said: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Append to the account's own chain; the entry with its salt, for the supplier to keep."""
    _, told = append_log(vault, Mailbox(client_id), kind, said, to=None, now=now)
    return dict(told)


def _hash(secret: str) -> str:
    """Of 32 random bytes: nothing to guess, so nothing to stretch."""
    return hashlib.sha256(secret.encode()).hexdigest()
