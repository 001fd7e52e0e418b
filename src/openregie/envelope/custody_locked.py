"""locked.json: the run's keys and the tenant secret, closed with two keys that nobody holds whole.

Two locks: `run` closes all that a run needs, `mailbox` only the tenant secret, so that who serves
logins never comes near the run's keys. Source: docs/specs/custody.md, docs/adr/0006.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openregie.envelope import age, base64url, custody, jcs
from openregie.envelope.custody import RunKeys, RunPublic, Unlocked
from openregie.envelope.errors import CustodyError, EnvelopeError
from openregie.envelope.keys import PrivateKey, RandomBytes
from openregie.envelope.shares import KEY_BYTES, Lock, fingerprint

VERSION = 1
PROTOCOL = "openregie/custody/v1"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Earlier:
    """Keys of before a rotation; no ceremony forgets them before `until_on`."""

    until_on: date
    kem: tuple[PrivateKey, ...]
    age_identity: str = field(repr=False)

    @property
    def kids(self) -> tuple[str, ...]:
        """Names of the keys, as returns carry them."""
        return tuple(key.kid for key in self.kem)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the lock `run` closes. `run` has the keys of now; `earlier` those of before."""

    run: RunKeys
    tenant_secret: bytes = field(repr=False)
    earlier: tuple[Earlier, ...] = ()

    def unlocked(self) -> Unlocked:
        """What a run uses: keys of now, and those that open what lies there from before."""
        identities = [self.run.age_identity, *(old.age_identity for old in self.earlier)]
        keys = RunKeys(
            self.run.tenant,
            self.run.kem,
            self.run.signers,
            "\n".join(identities),
            {key.kid: key for old in self.earlier for key in old.kem},
        )
        return Unlocked(keys, self.tenant_secret)

    def to_json(self) -> dict[str, Any]:
        """Secret: only to be sealed, or told over a socket that nobody else can read."""
        return {
            "run": custody.run_to_json(self.run),
            "secret": base64url.encode(self.tenant_secret),
            "earlier": [
                {
                    "until": old.until_on.isoformat(),
                    "kem": [key.to_json() for key in old.kem],
                    "age": old.age_identity,
                }
                for old in self.earlier
            ],
        }


def contents_from_json(value: Mapping[str, Any]) -> Contents:
    """Contents from their JSON. Raises CustodyError."""
    try:
        earlier = tuple(
            Earlier(
                date.fromisoformat(old["until"]),
                tuple(PrivateKey.from_json(key) for key in old["kem"]),
                old["age"],
            )
            for old in value["earlier"]
        )
        secret = base64url.decode(value["secret"], place="field `secret`")
        return Contents(custody.run_from_json(value["run"]), secret, earlier)
    except (EnvelopeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable() from error


@dataclass(frozen=True, slots=True)
class Locked:
    """The locked file: what anyone may read of it, and one blob per lock.

    `public` is what public/run.json must say, `replaced` are kids whose plain files may go.
    """

    tenant: str
    made_on: date
    shares: int
    public: Mapping[str, Any]
    replaced: tuple[str, ...]
    earlier: tuple[Mapping[str, Any], ...]
    fingerprints: Mapping[Lock, str]
    blobs: Mapping[Lock, str] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """The file's content: no secret that opens without a key."""
        locks = {lock.value: self.blobs[lock] for lock in Lock}
        return {"v": VERSION, **self.header(), "locks": locks}

    def header(self) -> dict[str, Any]:
        """What is bound to both blobs: changed by one byte, neither opens."""
        return {
            "p": PROTOCOL,
            "tenant": self.tenant,
            "madeOn": self.made_on.isoformat(),
            "shares": self.shares,
            "public": dict(self.public),
            "replaced": list(self.replaced),
            "earlier": [dict(old) for old in self.earlier],
            "fingerprints": {lock.value: self.fingerprints[lock] for lock in Lock},
        }


def close(
    contents: Contents,
    keys: Mapping[Lock, bytes],
    *,
    made_on: date,
    shares: int,
    replaced: Sequence[str] = (),
    random_bytes: RandomBytes,
) -> Locked:
    """Close the contents: `run` over all of it, `mailbox` over the tenant secret alone."""
    earlier = tuple(
        {
            "kids": list(old.kids),
            "recipient": age.recipient_of(old.age_identity),
            "until": old.until_on.isoformat(),
        }
        for old in contents.earlier
    )
    public = custody.run_public_to_json(contents.run.public())
    names = {lock: fingerprint(keys[lock]).hex() for lock in Lock}
    bare = Locked(contents.run.tenant, made_on, shares, public, tuple(replaced), earlier, names, {})
    secret = base64url.encode(contents.tenant_secret)
    plain = {Lock.RUN: contents.to_json(), Lock.MAILBOX: {"secret": secret}}
    blobs = {}
    for lock in Lock:
        nonce = random_bytes(_NONCE_BYTES)
        sealed = _cipher(keys[lock], lock).encrypt(
            nonce, jcs.canonical(plain[lock]), _bound(bare, lock)
        )
        blobs[lock] = base64url.encode(nonce + sealed)
    return Locked(bare.tenant, made_on, shares, public, bare.replaced, earlier, names, blobs)


def open_run(locked: Locked, key: bytes) -> Contents:
    """All that a run needs. Raises CustodyError."""
    return contents_from_json(_open(locked, Lock.RUN, key))


def open_mailbox(locked: Locked, key: bytes) -> bytes:
    """The tenant secret, and nothing else. Raises CustodyError."""
    try:
        return base64url.decode(_open(locked, Lock.MAILBOX, key)["secret"], place="field `secret`")
    except (EnvelopeError, KeyError) as error:
        raise _unreadable() from error


def from_json(value: Any) -> Locked:
    """The locked file from its JSON. Raises CustodyError."""
    try:
        if value["v"] != VERSION or value["p"] != PROTOCOL:
            raise _unreadable()
        return Locked(
            value["tenant"],
            date.fromisoformat(value["madeOn"]),
            int(value["shares"]),
            dict(value["public"]),
            tuple(value["replaced"]),
            tuple(dict(old) for old in value["earlier"]),
            {lock: str(value["fingerprints"][lock.value]) for lock in Lock},
            {lock: str(value["locks"][lock.value]) for lock in Lock},
        )
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise _unreadable() from error


def public_of(locked: Locked) -> RunPublic:
    """The run's public halves, as the locked file says them. Raises CustodyError."""
    try:
        return custody.run_public_from_json(locked.public)
    except (EnvelopeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable() from error


def _open(locked: Locked, lock: Lock, key: bytes) -> dict[str, Any]:
    data = base64url.decode(locked.blobs[lock], place=f"custody/{custody.LOCKED}, lock `{lock}`")
    try:
        plain = _cipher(key, lock).decrypt(
            data[:_NONCE_BYTES], data[_NONCE_BYTES:], _bound(locked, lock)
        )
    except (InvalidTag, ValueError) as error:
        raise CustodyError(
            f"custody/{custody.LOCKED}: was changed after the ceremony; restore it from a backup"
        ) from error
    value: dict[str, Any] = jcs.parse(plain, place=f"custody/{custody.LOCKED}")
    return value


def _cipher(key: bytes, lock: Lock) -> AESGCM:
    info = f"{PROTOCOL}/{lock}".encode()
    made = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)
    return AESGCM(made)


def _bound(locked: Locked, lock: Lock) -> bytes:
    return jcs.canonical({**locked.header(), "lock": lock.value})


def _unreadable() -> CustodyError:
    return CustodyError(
        f"custody/{custody.LOCKED}: unreadable or of another version; restore it from a backup"
    )
