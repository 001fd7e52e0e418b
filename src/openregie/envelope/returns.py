"""What goes back from a resident's browser to the run: sealed to the run, signed inside.

Source: docs/specs/envelope.md section 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag

from openregie.envelope import base64url, frame, jcs
from openregie.envelope.errors import (
    MalformedEnvelope,
    MalformedKey,
    NotCanonical,
    SealBroken,
    Tampered,
    Truncated,
    UnknownVersion,
    WrongKey,
)
from openregie.envelope.keys import PrivateKey, PublicKey, Signer, VerifyKey
from openregie.envelope.suites import Suite, suite_named

VERSION = 1
PROTOCOL = "openregie/return/v1"
KEYS_STREAM = "keys"
"""The one stream whose returns bring their own verify key."""

_FIELDS = ("stream", "mailbox", "suite", "kid", "blob")


@dataclass(frozen=True, slots=True)
class _Return:
    stream: str
    mailbox: str
    suite: Suite
    kid: str
    blob: bytes

    def info(self, tenant: str) -> bytes:
        return _info(
            tenant=tenant,
            stream=self.stream,
            mailbox=self.mailbox,
            suite=self.suite.name,
            kid=self.kid,
        )


def _info(*, tenant: str, stream: str, mailbox: str, suite: str, kid: str) -> bytes:
    return jcs.canonical(
        {
            "p": PROTOCOL,
            "tenant": tenant,
            "stream": stream,
            "mailbox": mailbox,
            "suite": suite,
            "kid": kid,
        }
    )


def _context(info: bytes) -> bytes:
    return PROTOCOL.encode("ascii") + b"\0" + info


def seal_return(
    payload: dict[str, Any],
    *,
    tenant: str,
    stream: str,
    mailbox: str,
    to: PublicKey,
    signer: Signer,
) -> dict[str, Any]:
    """Return as JSON `{"v","stream","mailbox","suite","kid","blob"}`; the log adds `log` later.

    `to` is the run's key, `signer` the resident's. Raises NotCanonical, ItemTooLarge.
    """
    content = jcs.canonical(payload)
    info = _info(tenant=tenant, stream=stream, mailbox=mailbox, suite=to.suite.name, kid=to.kid)
    length = frame.bucket_for(len(content))
    plaintext = frame.pack(content, context=_context(info), signer=signer, length=length)
    return {
        "v": VERSION,
        "stream": stream,
        "mailbox": mailbox,
        "suite": to.suite.name,
        "kid": to.kid,
        "blob": base64url.encode(to.suite.hpke.encrypt(plaintext, to.handle, info)),
    }


def open_return(sealed: Any, *, tenant: str, key: PrivateKey, verify: VerifyKey) -> dict[str, Any]:
    """Payload of a resident whose verify key is known.

    Raises MalformedEnvelope, UnknownVersion, UnknownSuite, BadEncoding, WrongKey, Truncated,
    SealBroken, Tampered, WrongSignature.
    """
    parsed = _parse(sealed)
    info = parsed.info(tenant)
    plaintext = _decrypt(parsed, key=key, info=info)
    place = "return"
    return _payload(
        frame.unpack(plaintext, context=_context(info), verify=verify, place=place), place
    )


def open_keys_return(
    sealed: Any, *, tenant: str, key: PrivateKey
) -> tuple[dict[str, Any], VerifyKey]:
    """Payload of a `keys` return, checked with the signing key it brings, and that key.

    It proves that one party made keys and return; *whose* they are is proven by the login that
    the log entry records, and by comparing with the keys known from an earlier return.
    Raises as `open_return`, and MalformedKey.
    """
    parsed = _parse(sealed)
    if parsed.stream != KEYS_STREAM:
        raise MalformedEnvelope("return, field `stream`: only `keys` brings its own signing key")
    info = parsed.info(tenant)
    plaintext = _decrypt(parsed, key=key, info=info)
    place = "return of stream `keys`"
    signature, content = frame.content_of(plaintext, place=place)
    payload = _payload(content, place)
    try:
        algorithm = suite_named(payload.get("suite")).signature
        verify = VerifyKey.from_text(algorithm, payload.get("signingKey"))
    except MalformedKey as error:
        raise MalformedKey(f"{place}, field `signingKey`: not a key of its suite") from error
    verify.verify(_context(info) + content, signature)
    if payload.get("mailbox") != parsed.mailbox:
        raise Tampered(f"{place}: the mailbox inside is not the mailbox outside")
    return payload, verify


def _parse(value: Any) -> _Return:
    if not isinstance(value, dict):
        raise MalformedEnvelope("return: not a JSON object")
    version = value.get("v")
    if type(version) is not int or version != VERSION:
        raise UnknownVersion("return: unknown version; update the software")
    for name in _FIELDS:
        if not isinstance(value.get(name), str):
            raise MalformedEnvelope(f"return, field `{name}`: missing or not text")
    blob = base64url.decode(value["blob"], place="return, field `blob`")
    suite = suite_named(value["suite"])
    return _Return(value["stream"], value["mailbox"], suite, value["kid"], blob)


def _decrypt(parsed: _Return, *, key: PrivateKey, info: bytes) -> bytes:
    place = "return"
    if parsed.suite is not key.suite or parsed.kid != key.kid:
        raise WrongKey(f"{place}: sealed to another key of the run; use the key it names")
    if len(parsed.blob) - parsed.suite.overhead_bytes not in frame.BUCKETS:
        raise Truncated(f"{place}: not as long as any bucket; send it again")
    try:
        return parsed.suite.hpke.decrypt(parsed.blob, key.handle, info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken(
            f"{place}: the seal does not open; it was sealed for another tenant, stream, "
            "mailbox or key, or changed on the way"
        ) from error


def _payload(content: bytes, place: str) -> dict[str, Any]:
    try:
        payload = jcs.parse(content, place=place)
    except NotCanonical as error:
        raise Tampered(f"{place}: the content is not canonical JSON") from error
    if not isinstance(payload, dict):
        raise Tampered(f"{place}: the content is not an object")
    return payload
