"""Seal one item to one resident and open it again. Source: docs/specs/envelope.md section 4."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag

from openregie.envelope import base64url, frame, jcs
from openregie.envelope.errors import (
    MalformedEnvelope,
    NotCanonical,
    SealBroken,
    Tampered,
    Truncated,
    UnknownSuite,
    UnknownVersion,
    WrongKey,
)
from openregie.envelope.keys import PrivateKey, PublicKey, Signer, VerifyKey
from openregie.envelope.suites import suite_named

VERSION = 1
ITEM = "openregie/item/v1"
"""Protocol name of an item that the run sealed."""
EVENT = "openregie/event/v1"
"""Protocol name of a log event that is sealed to its resident."""

_FIELDS = {
    "suite": str,
    "kid": str,
    "tenant": str,
    "mailbox": str,
    "seq": int,
    "day": str,
    "bucket": int,
    "blob": str,
}


_encode_line = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


@dataclass(frozen=True, slots=True)
class Header:
    """What stays readable on the outside, all of it bound into the seal.

    `seq` counts within the mailbox; `day` is an ISO date; `message` is for messages only.
    """

    tenant: str
    mailbox: str
    seq: int
    day: str
    message: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SealedItem:
    """An item that only the holder of key `kid` can open."""

    header: Header
    suite: str
    kid: str
    bucket: int
    blob: bytes

    def to_json(self) -> dict[str, Any]:
        """The stored and served form."""
        return {
            "v": VERSION,
            "suite": self.suite,
            "kid": self.kid,
            "tenant": self.header.tenant,
            "mailbox": self.header.mailbox,
            "seq": self.header.seq,
            "day": self.header.day,
            "bucket": self.bucket,
            "message": self.header.message,
            "blob": base64url.encode(self.blob),
        }

    def to_line(self) -> str:
        """One line of JSON without its end."""
        return _encode_line(self.to_json())

    @classmethod
    def from_json(cls, value: Any) -> SealedItem:
        """Sealed item from its stored form.

        Raises MalformedEnvelope, UnknownVersion, UnknownSuite, BadEncoding.
        """
        if not isinstance(value, dict):
            raise MalformedEnvelope("sealed item: not a JSON object")
        version = value.get("v")
        if type(version) is not int or version != VERSION:
            raise UnknownVersion("sealed item: unknown version; update the software")
        for name, kind in _FIELDS.items():
            if type(value.get(name)) is not kind:
                raise MalformedEnvelope(f"sealed item, field `{name}`: missing or of another type")
        message = value.get("message")
        if message is not None and not isinstance(message, dict):
            raise MalformedEnvelope("sealed item, field `message`: neither null nor an object")
        if value["bucket"] not in frame.BUCKETS:
            raise MalformedEnvelope("sealed item, field `bucket`: not one of the eight lengths")
        suite = suite_named(value["suite"])
        header = Header(value["tenant"], value["mailbox"], value["seq"], value["day"], message)
        blob = base64url.decode(value["blob"], place="sealed item, field `blob`")
        return cls(header, suite.name, value["kid"], value["bucket"], blob)

    @classmethod
    def from_line(cls, line: str) -> SealedItem:
        """Sealed item from one line of JSON. Raises as `from_json`."""
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise MalformedEnvelope("sealed item: not JSON") from error
        return cls.from_json(value)


def _info(protocol: str, header: Header, *, suite: str, kid: str, bucket: int) -> bytes:
    return jcs.canonical(
        {
            "p": protocol,
            "tenant": header.tenant,
            "mailbox": header.mailbox,
            "kid": kid,
            "seq": header.seq,
            "suite": suite,
            "day": header.day,
            "bucket": bucket,
            "message": header.message,
        }
    )


def seal(
    item: dict[str, Any],
    *,
    header: Header,
    to: PublicKey,
    signer: Signer,
    protocol: str = ITEM,
) -> SealedItem:
    """Item signed, padded and sealed to one public key.

    Raises NotCanonical, ItemTooLarge, and UnknownSuite when the signer does not fit the suite.
    """
    return seal_canonical(
        jcs.canonical(item), header=header, to=to, signer=signer, protocol=protocol
    )


def seal_canonical(
    content: bytes,
    *,
    header: Header,
    to: PublicKey,
    signer: Signer,
    protocol: str = ITEM,
) -> SealedItem:
    """Seal what is canonical JSON already; for who needed those bytes before, such as for an id.

    Raises ItemTooLarge, and UnknownSuite when the signer does not fit the suite.
    """
    if signer.algorithm is not to.suite.signature:
        raise UnknownSuite(
            f"suite {to.suite.name} needs a {to.suite.signature} signer; take the run's other one"
        )
    bucket = frame.bucket_for(len(content))
    info = _info(protocol, header, suite=to.suite.name, kid=to.kid, bucket=bucket)
    context = protocol.encode("ascii") + b"\0" + info
    plaintext = frame.pack(content, context=context, signer=signer, length=bucket)
    blob = to.suite.hpke.encrypt(plaintext, to.handle, info)
    return SealedItem(header, to.suite.name, to.kid, bucket, blob)


def open_sealed(
    sealed: SealedItem, *, key: PrivateKey, verify: VerifyKey, protocol: str = ITEM
) -> dict[str, Any]:
    """Item inside, once seal, length, padding, signature and canonical form were all found right.

    Raises WrongKey, Truncated, SealBroken, Tampered, WrongSignature, UnknownSuite.
    """
    place = f"sealed item {sealed.header.seq}"
    suite = suite_named(sealed.suite)
    if suite is not key.suite or sealed.kid != key.kid:
        raise WrongKey(f"{place}: sealed to another key; use the key with the kid it names")
    if verify.algorithm is not suite.signature:
        raise UnknownSuite(f"{place}: suite {suite.name} is signed with {suite.signature}")
    if len(sealed.blob) != sealed.bucket + suite.overhead_bytes:
        raise Truncated(f"{place}: not as long as its bucket says; fetch it again")
    info = _info(protocol, sealed.header, suite=sealed.suite, kid=sealed.kid, bucket=sealed.bucket)
    try:
        plaintext = suite.hpke.decrypt(sealed.blob, key.handle, info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken(
            f"{place}: the seal does not open; it was sealed to another key, "
            "for another mailbox, or changed on the way"
        ) from error
    context = protocol.encode("ascii") + b"\0" + info
    content = frame.unpack(plaintext, context=context, verify=verify, place=place)
    try:
        item = jcs.parse(content, place=place)
    except NotCanonical as error:
        raise Tampered(f"{place}: the content is not canonical JSON") from error
    if not isinstance(item, dict):
        raise Tampered(f"{place}: the content is not an object")
    return item
