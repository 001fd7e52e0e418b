"""All keys of one resident in one epoch: three compartments and a signing key, and their wraps.

Made in the browser; made here for assisted enrolment in tests and for synthetic residents.
Source: docs/specs/envelope.md section 5.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openregie.envelope import wraps
from openregie.envelope.errors import MalformedEnvelope, MalformedKey
from openregie.envelope.keys import PrivateKey, PublicKey, RandomBytes, Signer, VerifyKey, new_kid
from openregie.envelope.suites import S0, S2, Suite, suite_named
from openregie.terms import Compartment


@dataclass(frozen=True, slots=True)
class VaultPublic:
    """The public halves: what the run needs to seal to a resident."""

    suite: Suite
    epoch: int
    compartments: Mapping[Compartment, PublicKey]
    signing: VerifyKey

    def to_json(self) -> dict[str, Any]:
        """`{"suite","epoch","compartments":{name:{"kid","publicKey"}},"signingKey"}`."""
        return {
            "suite": self.suite.name,
            "epoch": self.epoch,
            "compartments": {c.value: self.compartments[c].to_json() for c in Compartment},
            "signingKey": self.signing.to_text(),
        }

    @classmethod
    def from_json(cls, value: Any) -> VaultPublic:
        """Public halves from JSON; other fields are left alone.

        Raises MalformedEnvelope, MalformedKey, UnknownSuite, BadEncoding.
        """
        if not isinstance(value, dict) or not isinstance(value.get("compartments"), dict):
            raise MalformedEnvelope("vault keys: need suite, epoch, compartments and signingKey")
        epoch = value.get("epoch")
        if type(epoch) is not int or epoch < 1:
            raise MalformedEnvelope("vault keys, field `epoch`: not a whole number from 1")
        suite = suite_named(value.get("suite"))
        given = value["compartments"]
        if set(given) != {c.value for c in Compartment}:
            raise MalformedEnvelope("vault keys, field `compartments`: needs money, other and own")
        keys = {c: PublicKey.from_json(suite, given[c.value]) for c in Compartment}
        if len({key.kid for key in keys.values()}) != len(keys):
            raise MalformedEnvelope("vault keys: two compartments share a kid")
        return cls(
            suite, epoch, keys, VerifyKey.from_text(suite.signature, value.get("signingKey"))
        )


@dataclass(frozen=True, slots=True)
class VaultKeys:
    """The private halves of one resident in one epoch."""

    suite: Suite
    epoch: int
    compartments: Mapping[Compartment, PrivateKey]
    signer: Signer

    @classmethod
    def generate(
        cls, suite: Suite, *, epoch: int = 1, random_bytes: RandomBytes = os.urandom
    ) -> VaultKeys:
        """New keys with random kids."""
        keys = {
            c: PrivateKey.generate(suite, kid=new_kid(random_bytes), random_bytes=random_bytes)
            for c in Compartment
        }
        signer = Signer.generate(suite.signature, random_bytes=random_bytes)
        return cls(suite, epoch, keys, signer)

    def public(self) -> VaultPublic:
        """The public halves."""
        keys = {c: key.public for c, key in self.compartments.items()}
        return VaultPublic(self.suite, self.epoch, keys, self.signer.verify_key)

    def wrap(
        self,
        kek: bytes,
        *,
        mailbox: str,
        wrap_id: str,
        kind: str,
        params: dict[str, Any] | None = None,
        random_bytes: RandomBytes = os.urandom,
    ) -> dict[str, Any]:
        """All four private halves under one key: `{"wrapId","kind","params","blobs"}`."""
        blobs = {}
        for name, private, public in self._encoded():
            place = _place(self, mailbox, name, {"wrapId": wrap_id, "kind": kind}, public)
            blobs[name] = wraps.wrap(private, kek=kek, place=place, random_bytes=random_bytes)
        return {"wrapId": wrap_id, "kind": kind, "params": params or {}, "blobs": blobs}

    @classmethod
    def unwrap(
        cls, public: VaultPublic, wrap: Mapping[str, Any], kek: bytes, *, mailbox: str
    ) -> VaultKeys:
        """The private halves again, each checked against its public half.

        Raises WrapBroken, MalformedKey, MalformedEnvelope, BadEncoding.
        """
        blobs = wrap.get("blobs")
        if not isinstance(blobs, dict):
            raise MalformedEnvelope("wrap, field `blobs`: missing")
        keys = {}
        for compartment in Compartment:
            half = public.compartments[compartment]
            place = _place(public, mailbox, compartment.value, wrap, half.raw)
            encoded = wraps.unwrap(blobs.get(compartment.value), kek=kek, place=place)
            secret = _decoded(public.suite, encoded)
            keys[compartment] = PrivateKey.from_bytes(public.suite, secret, kid=half.kid)
            if keys[compartment].public.raw != half.raw:
                raise MalformedKey(f"wrap, key `{compartment}`: belongs to another public key")
        place = _place(public, mailbox, wraps.SIGNING, wrap, public.signing.raw)
        encoded = wraps.unwrap(blobs.get(wraps.SIGNING), kek=kek, place=place)
        algorithm = public.suite.signature
        signer = Signer.from_bytes(algorithm, wraps.from_pkcs8(algorithm.value, encoded))
        if signer.verify_key.raw != public.signing.raw:
            raise MalformedKey("wrap, key `signing`: belongs to another public key")
        return cls(public.suite, public.epoch, keys, signer)

    def _encoded(self) -> list[tuple[str, bytes, bytes]]:
        """Name, private bytes as a browser imports them, public bytes: four of each."""
        halves = []
        for compartment in Compartment:
            key = self.compartments[compartment]
            if self.suite is S2:
                encoded = key.secret  # no browser imports this hybrid: its 32-byte seed
            else:
                algorithm = "p256" if self.suite is S0 else "x25519"
                encoded = wraps.to_pkcs8(algorithm, key.secret, key.public.raw)
            halves.append((compartment.value, encoded, key.public.raw))
        raw = self.signer.verify_key.raw
        signing = wraps.to_pkcs8(self.signer.algorithm.value, self.signer.secret, raw)
        return [*halves, (wraps.SIGNING, signing, raw)]


def _decoded(suite: Suite, encoded: bytes) -> bytes:
    if suite is S2:
        return encoded
    return wraps.from_pkcs8("p256" if suite is S0 else "x25519", encoded)


def _place(
    keys: VaultPublic | VaultKeys, mailbox: str, name: str, wrap: Mapping[str, Any], public: bytes
) -> wraps.Place:
    wrap_id, kind = wrap.get("wrapId"), wrap.get("kind")
    if not isinstance(wrap_id, str) or not isinstance(kind, str):
        raise MalformedEnvelope("wrap: needs a wrapId and a kind")
    return wraps.Place(mailbox, keys.epoch, keys.suite.name, name, wrap_id, kind, public)


def keys_payload(
    keys: VaultPublic,
    *,
    mailbox: str,
    action: str,
    at: str,
    subject_check: dict[str, Any] | None = None,
    assisted_by: str | None = None,
) -> dict[str, Any]:
    """Payload of a `keys` return: `action` is `enrol` or `withdraw`, `at` an ISO date.

    `subject_check` is `{"birthYear": 1980, "initials": "A.B."}` as typed at enrolment.
    """
    return {
        "v": 1,
        "mailbox": mailbox,
        "action": action,
        "at": at,
        "subjectCheck": subject_check,
        "assistedBy": assisted_by,
        **keys.to_json(),
    }
