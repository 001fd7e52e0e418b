"""A private key stored under another key: AES-256-GCM, bound to its owner, epoch and place.

Source: docs/specs/envelope.md section 5.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openregie.envelope import base64url, jcs
from openregie.envelope.errors import MalformedKey, WrapBroken
from openregie.envelope.keys import RandomBytes

PROTOCOL = "openregie/wrap/v1"
SIGNING = "signing"
"""Where a compartment's name stands, the signing key has this one."""

_NONCE_BYTES = 12
_TAG_BYTES = 16
_PKCS8_HEAD = {
    "x25519": bytes.fromhex("302e020100300506032b656e04220420"),
    "ed25519": bytes.fromhex("302e020100300506032b657004220420"),
    "p256": bytes.fromhex(
        "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"
    ),
}
_PKCS8_POINT = bytes.fromhex("a144034200")


@dataclass(frozen=True, slots=True)
class Place:
    """What a wrap is bound to. `compartment` may be `signing`; `wrap` is the wrap's id.

    `public` are the public bytes of the wrapped key: a server that shows another public key next
    to this wrap makes it fail.
    """

    mailbox: str
    epoch: int
    suite: str
    compartment: str
    wrap: str
    kind: str
    public: bytes

    def aad(self) -> bytes:
        """The bytes that are authenticated with the wrap."""
        return jcs.canonical(
            {
                "p": PROTOCOL,
                "mailbox": self.mailbox,
                "epoch": self.epoch,
                "suite": self.suite,
                "compartment": self.compartment,
                "wrap": self.wrap,
                "kind": self.kind,
                "publicKey": base64url.encode(self.public),
            }
        )


def wrap(
    private: bytes, *, kek: bytes, place: Place, random_bytes: RandomBytes = os.urandom
) -> str:
    """Base64url of nonce (12), ciphertext and tag (16)."""
    nonce = random_bytes(_NONCE_BYTES)
    return base64url.encode(nonce + AESGCM(kek).encrypt(nonce, private, place.aad()))


def unwrap(blob: object, *, kek: bytes, place: Place) -> bytes:
    """The private key's bytes. Raises WrapBroken, BadEncoding."""
    data = base64url.decode(blob, place=f"wrap, key `{place.compartment}`")
    if len(data) < _NONCE_BYTES + _TAG_BYTES:
        raise WrapBroken(f"wrap, key `{place.compartment}`: too short; fetch it again")
    try:
        return AESGCM(kek).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], place.aad())
    except InvalidTag as error:
        raise WrapBroken(
            f"wrap, key `{place.compartment}`: does not open with this code or device, or it "
            "belongs to another person, epoch or key"
        ) from error


def to_pkcs8(algorithm: str, secret: bytes, public: bytes) -> bytes:
    """DER form (RFC 5958, RFC 8410, RFC 5915) that a browser imports without showing the secret."""
    if algorithm == "p256":
        return _PKCS8_HEAD["p256"] + secret + _PKCS8_POINT + public
    return _PKCS8_HEAD[algorithm] + secret


def from_pkcs8(algorithm: str, der: bytes) -> bytes:
    """The 32 secret bytes of the DER form. Raises MalformedKey."""
    head = _PKCS8_HEAD[algorithm]
    secret = der[len(head) : len(head) + 32]
    tail = der[len(head) + 32 :]
    is_sound = der.startswith(head) and len(secret) == 32  # noqa: PLR2004 - all three are 256-bit
    fits = tail.startswith(_PKCS8_POINT) if algorithm == "p256" else not tail
    if not (is_sound and fits):
        raise MalformedKey(f"private key {algorithm}: not in the expected PKCS #8 form")
    return secret
