"""Anything else sealed to one organisation's key: labels, rows going back, a team's part.

Source: docs/specs/envelope.md section 7.
"""

from __future__ import annotations

from typing import Any

from cryptography.exceptions import InvalidTag

from openregie.envelope import base64url, frame, jcs
from openregie.envelope.errors import (
    ItemTooLarge,
    MalformedEnvelope,
    SealBroken,
    Truncated,
    UnknownVersion,
    WrongKey,
)
from openregie.envelope.keys import PrivateKey, PublicKey, Signer, VerifyKey
from openregie.envelope.suites import suite_named

VERSION = 1
PROTOCOL = "openregie/bundle/v1"
_STEP_BYTES = 65536
_LIMIT_BYTES = 2**32 - 1 - frame.HEAD_BYTES
_FIELDS = ("tenant", "purpose", "suite", "kid", "blob")


def seal_to(
    to: PublicKey, payload: bytes, *, tenant: str, purpose: str, signer: Signer
) -> dict[str, Any]:
    """Bundle as JSON `{"v","tenant","purpose","suite","kid","blob"}`.

    `purpose` is a path such as `labels/print-house` or `returns/rent_arrears/0001`: what is sealed
    for one purpose does not open for another. Either signer of the run may sign; the receiver
    verifies with the same algorithm. Raises ItemTooLarge beyond 4 GiB.
    """
    info = _info(tenant=tenant, purpose=purpose, suite=to.suite.name, kid=to.kid)
    context = PROTOCOL.encode("ascii") + b"\0" + info
    length = _padded(len(payload))
    plaintext = frame.pack(payload, context=context, signer=signer, length=length)
    return {
        "v": VERSION,
        "tenant": tenant,
        "purpose": purpose,
        "suite": to.suite.name,
        "kid": to.kid,
        "blob": base64url.encode(to.suite.hpke.encrypt(plaintext, to.handle, info)),
    }


def open_bundle(sealed: Any, *, purpose: str, key: PrivateKey, verify: VerifyKey) -> bytes:
    """Payload of a bundle that was sealed for this purpose.

    Raises MalformedEnvelope, UnknownVersion, UnknownSuite, BadEncoding, WrongKey, Truncated,
    SealBroken, Tampered, WrongSignature.
    """
    if not isinstance(sealed, dict):
        raise MalformedEnvelope("bundle: not a JSON object")
    version = sealed.get("v")
    if type(version) is not int or version != VERSION:
        raise UnknownVersion("bundle: unknown version; update the software")
    for name in _FIELDS:
        if not isinstance(sealed.get(name), str):
            raise MalformedEnvelope(f"bundle, field `{name}`: missing or not text")
    if sealed["purpose"] != purpose:
        raise MalformedEnvelope("bundle, field `purpose`: another purpose than expected")
    suite = suite_named(sealed["suite"])
    if suite is not key.suite or sealed["kid"] != key.kid:
        raise WrongKey("bundle: sealed to another key; use the key with the kid it names")
    blob = base64url.decode(sealed["blob"], place="bundle, field `blob`")
    length = len(blob) - suite.overhead_bytes
    if length not in frame.BUCKETS and (length <= 0 or length % _STEP_BYTES):
        raise Truncated("bundle: not as long as any bucket; fetch it again")
    info = _info(tenant=sealed["tenant"], purpose=purpose, suite=suite.name, kid=key.kid)
    try:
        plaintext = suite.hpke.decrypt(blob, key.handle, info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken(
            "bundle: the seal does not open; it was sealed for another tenant, purpose or key, "
            "or changed on the way"
        ) from error
    context = PROTOCOL.encode("ascii") + b"\0" + info
    return frame.unpack(plaintext, context=context, verify=verify, place="bundle")


def _info(*, tenant: str, purpose: str, suite: str, kid: str) -> bytes:
    return jcs.canonical(
        {"p": PROTOCOL, "tenant": tenant, "purpose": purpose, "suite": suite, "kid": kid}
    )


def _padded(content_bytes: int) -> int:
    """A bucket, or beyond the largest bucket the next multiple of it."""
    if content_bytes > _LIMIT_BYTES:
        raise ItemTooLarge("bundle: more than 4 GiB; split it")
    need = content_bytes + frame.HEAD_BYTES
    if need <= frame.BUCKETS[-1]:
        return frame.bucket_for(content_bytes)
    return -(-need // _STEP_BYTES) * _STEP_BYTES
