"""The keys this zone may hold: the mailbox secret, the log's key; of the run public halves."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openregie.envelope import custody, custody_agent
from openregie.envelope.custody import LogKey, RunPublic
from openregie.envelope.keys import Signer
from openregie.envelope.suites import SignatureAlgorithm
from openregie.logbook.checkpoint import LogSigner

_P256_LABEL = b"openregie/vault-events/p256/v1"


@cache
def tenant_secret(folder: Path) -> bytes:
    """The secret that turns a BSN into a mailbox; kept until this process ends.

    Plain, or from who holds it while it is in shares. Raises CustodyError.
    """
    return custody_agent.tenant_secret(folder)


@cache
def run_public(folder: Path) -> RunPublic:
    """The run's public keys: to seal to it, to check what it signed. Raises CustodyError."""
    return custody.load_run_public(folder)


@cache
def log_key(folder: Path) -> LogKey:
    """Origin and signer of this tenant's log. Raises CustodyError."""
    return custody.load_log_key(folder)


@cache
def log_signer(folder: Path) -> LogSigner:
    """Who signs the heads of the tree. Raises CustodyError."""
    key = log_key(folder)
    return LogSigner(key.origin, key.signer.secret)


@cache
def event_signers(folder: Path) -> Mapping[SignatureAlgorithm, Signer]:
    """Who signs the vault's events: the log's own key; for suite s0 a P-256 key made from it."""
    signer = log_key(folder).signer
    secret = hmac.new(signer.secret, _P256_LABEL, hashlib.sha256).digest()
    p256 = Signer.from_bytes(SignatureAlgorithm.P256, secret)
    return {SignatureAlgorithm.ED25519: signer, SignatureAlgorithm.P256: p256}


def backup_recipient(folder: Path) -> str:
    """The public key that closes backups ("age1..."); empty while none was made."""
    file = folder / "public" / "backup.json"
    return str(json.loads(file.read_text(encoding="utf-8"))["age"]) if file.is_file() else ""


def public_keys(folder: Path) -> dict[str, Any]:
    """The public keys a browser needs, as /v1/public-keys gives them."""
    run, key, signers = run_public(folder), log_key(folder), event_signers(folder)
    return {
        "run": {
            "age": run.age_recipient,
            "suite": "s1" if "s1" in run.kem else min(run.kem),
            "kem": {
                name: public.to_json()["publicKey"] for name, public in sorted(run.kem.items())
            },
            "kids": {name: public.kid for name, public in sorted(run.kem.items())},
            "verify": {
                algorithm.value: verify.to_text()
                for algorithm, verify in sorted(run.verify.items())
            },
        },
        "log": {
            "origin": key.origin,
            "key": key.signer.verify_key.to_text(),
            "verifier": log_signer(folder).verifier.to_text(),
            "p256": signers[SignatureAlgorithm.P256].verify_key.to_text(),
        },
    }
