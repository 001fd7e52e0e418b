"""Key pairs for sealing and for signing, and their byte forms. Source: docs/specs/envelope.md."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mlkem, utils, x25519

from openregie.envelope import base64url
from openregie.envelope.errors import MalformedKey, UnknownSuite, WrongSignature
from openregie.envelope.suites import S0, S1, S2, SignatureAlgorithm, Suite, suite_named

RandomBytes = Callable[[int], bytes]
"""Gives that many random bytes; `os.urandom` except in tests and synthetic demos."""

SIGNATURE_BYTES = 64
KID_BYTES = 12
_P256_ORDER = int(
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16
)  # SP 800-186 section 3.2.1.3
_P256_DRAW_BYTES = 48  # 384 bits modulo a 256-bit order: bias below 2^-128 (FIPS 186-5 A.2.1)
_MLKEM_SEED_BYTES = 64
_MLKEM_PUBLIC_BYTES = 1184
# RFC 6979: the same signature for the same message, so no signature ever depends on randomness.
_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


def new_kid(random_bytes: RandomBytes = os.urandom) -> str:
    """A random key name of 16 characters, for residents: says nothing about its owner."""
    return base64url.encode(random_bytes(KID_BYTES))


def thumbprint(raw: bytes) -> str:
    """The kid of an organisation's key: the start of SHA-256 of its public bytes, 16 characters."""
    return base64url.encode(hashlib.sha256(raw).digest()[:KID_BYTES])


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half of a sealing key pair that anyone may hold."""

    suite: Suite
    kid: str
    raw: bytes
    handle: Any = field(repr=False, compare=False)

    @classmethod
    def from_bytes(cls, suite: Suite, raw: bytes, *, kid: str | None = None) -> PublicKey:
        """Key from its bytes: X25519 32, P-256 uncompressed point 65, ML-KEM||X25519 1216.

        Without a kid the key is named by its thumbprint. Raises MalformedKey.
        """
        if len(raw) != suite.public_bytes:
            raise MalformedKey(f"public key of suite {suite.name}: wrong length; ask its owner")
        try:
            handle = _public_handle(suite, raw)
        except ValueError as error:
            raise MalformedKey(f"public key of suite {suite.name}: not a valid key") from error
        return cls(suite, thumbprint(raw) if kid is None else kid, raw, handle)

    @classmethod
    def from_json(cls, suite: Suite, value: Any) -> PublicKey:
        """Key from `{"kid", "publicKey"}`. Raises MalformedKey, BadEncoding."""
        if not isinstance(value, dict) or not isinstance(value.get("kid"), str):
            raise MalformedKey("public key: needs a kid and a publicKey")
        raw = base64url.decode(value.get("publicKey"), place="field `publicKey`")
        return cls.from_bytes(suite, raw, kid=value["kid"])

    def to_json(self) -> dict[str, str]:
        """`{"kid", "publicKey"}`."""
        return {"kid": self.kid, "publicKey": base64url.encode(self.raw)}


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """The half of a sealing key pair that opens what was sealed."""

    suite: Suite
    kid: str
    secret: bytes = field(repr=False)
    public: PublicKey
    handle: Any = field(repr=False, compare=False)

    @classmethod
    def generate(
        cls, suite: Suite, *, kid: str | None = None, random_bytes: RandomBytes = os.urandom
    ) -> PrivateKey:
        """A new key pair, named by its thumbprint unless a kid is given."""
        secret = _p256_secret(random_bytes) if suite is S0 else random_bytes(suite.private_bytes)
        return cls.from_bytes(suite, secret, kid=kid)

    @classmethod
    def from_bytes(cls, suite: Suite, secret: bytes, *, kid: str | None = None) -> PrivateKey:
        """Key pair from 32 bytes: X25519 scalar, P-256 scalar big-endian, or the s2 seed.

        Raises MalformedKey.
        """
        if len(secret) != suite.private_bytes:
            raise MalformedKey(f"private key of suite {suite.name}: wrong length")
        try:
            handle, raw = _private_handle(suite, secret)
        except ValueError as error:
            raise MalformedKey(f"private key of suite {suite.name}: not a valid key") from error
        public = PublicKey.from_bytes(suite, raw, kid=kid)
        return cls(suite, public.kid, secret, public, handle)

    @classmethod
    def from_json(cls, value: Any) -> PrivateKey:
        """Key pair from `{"suite", "kid", "privateKey"}`. Raises MalformedKey, BadEncoding."""
        if not isinstance(value, dict) or not isinstance(value.get("kid"), str):
            raise MalformedKey("private key: needs suite, kid and privateKey")
        secret = base64url.decode(value.get("privateKey"), place="field `privateKey`")
        return cls.from_bytes(suite_named(value.get("suite")), secret, kid=value["kid"])

    def to_json(self) -> dict[str, str]:
        """`{"suite", "kid", "privateKey"}`: secret; only for files in custody."""
        secret = base64url.encode(self.secret)
        return {"suite": self.suite.name, "kid": self.kid, "privateKey": secret}


def _p256_secret(random_bytes: RandomBytes) -> bytes:
    draw = int.from_bytes(random_bytes(_P256_DRAW_BYTES), "big")
    return (draw % (_P256_ORDER - 1) + 1).to_bytes(32, "big")


def _p256_private(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())


def _p256_point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _public_handle(suite: Suite, raw: bytes) -> Any:
    if suite is S1:
        return x25519.X25519PublicKey.from_public_bytes(raw)
    if suite is S0:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    return hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC_BYTES]),
        x25519.X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC_BYTES:]),
    )


def _private_handle(suite: Suite, secret: bytes) -> tuple[Any, bytes]:
    """Library key and public bytes; s2 expands its seed as draft-ietf-hpke-pq section 4 says."""
    if suite is S1:
        private = x25519.X25519PrivateKey.from_private_bytes(secret)
        return private, private.public_key().public_bytes_raw()
    if suite is S0:
        scalar = _p256_private(secret)
        return scalar, _p256_point(scalar.public_key())
    if suite is not S2:
        raise UnknownSuite("no key form is known for this suite")
    expanded = hashlib.shake_256(secret).digest(_MLKEM_SEED_BYTES + 32)
    pq = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES])
    classic = x25519.X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:])
    raw = pq.public_key().public_bytes_raw() + classic.public_key().public_bytes_raw()
    return hpke.MLKEM768X25519PrivateKey(pq, classic), raw


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """Checks signatures: Ed25519 (key of 32 bytes) or ECDSA P-256 with SHA-256 (65 bytes)."""

    algorithm: SignatureAlgorithm
    raw: bytes
    handle: Any = field(repr=False, compare=False)

    @classmethod
    def from_bytes(cls, algorithm: SignatureAlgorithm, raw: bytes) -> VerifyKey:
        """Key from its bytes. Raises MalformedKey."""
        try:
            handle: Any
            if algorithm is SignatureAlgorithm.ED25519:
                handle = ed25519.Ed25519PublicKey.from_public_bytes(raw)
            else:
                handle = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
                if len(raw) != S0.public_bytes:
                    raise MalformedKey("verify key p256: needs the uncompressed point")
        except ValueError as error:
            raise MalformedKey(f"verify key {algorithm}: not a valid key") from error
        return cls(algorithm, raw, handle)

    @classmethod
    def from_text(cls, algorithm: SignatureAlgorithm, text: object) -> VerifyKey:
        """Key from base64url. Raises MalformedKey, BadEncoding."""
        return cls.from_bytes(algorithm, base64url.decode(text, place="verify key"))

    def to_text(self) -> str:
        """Base64url of the key's bytes."""
        return base64url.encode(self.raw)

    def verify(self, data: bytes, signature: bytes) -> None:
        """Return only if the 64-byte signature is this key's over the data.

        Raises WrongSignature.
        """
        try:
            if self.algorithm is SignatureAlgorithm.ED25519:
                self.handle.verify(signature, data)
            else:
                self.handle.verify(_der(signature), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise WrongSignature(
                "the signature inside was not made with the expected key; "
                "check whose verify key was used and treat the message as forged"
            ) from error


def _der(signature: bytes) -> bytes:
    """DER form of r||s; 64 bytes or no signature."""
    if len(signature) != SIGNATURE_BYTES:
        raise InvalidSignature
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    return utils.encode_dss_signature(r, s)


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes signatures of 64 bytes: Ed25519, or ECDSA P-256 as r||s (IEEE P1363)."""

    algorithm: SignatureAlgorithm
    secret: bytes = field(repr=False)
    verify_key: VerifyKey
    handle: Any = field(repr=False, compare=False)

    @classmethod
    def generate(
        cls, algorithm: SignatureAlgorithm, *, random_bytes: RandomBytes = os.urandom
    ) -> Signer:
        """A new signing key."""
        is_p256 = algorithm is SignatureAlgorithm.P256
        secret = _p256_secret(random_bytes) if is_p256 else random_bytes(32)
        return cls.from_bytes(algorithm, secret)

    @classmethod
    def from_bytes(cls, algorithm: SignatureAlgorithm, secret: bytes) -> Signer:
        """Signer from 32 bytes: Ed25519 seed or P-256 scalar. Raises MalformedKey."""
        if len(secret) != 32:  # noqa: PLR2004 - RFC 8032 seed and P-256 scalar alike
            raise MalformedKey(f"signing key {algorithm}: wrong length")
        handle: Any
        try:
            if algorithm is SignatureAlgorithm.ED25519:
                handle = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
                raw = handle.public_key().public_bytes_raw()
            else:
                handle = _p256_private(secret)
                raw = _p256_point(handle.public_key())
        except ValueError as error:
            raise MalformedKey(f"signing key {algorithm}: not a valid key") from error
        return cls(algorithm, secret, VerifyKey.from_bytes(algorithm, raw), handle)

    def sign(self, data: bytes) -> bytes:
        """Signature of 64 bytes over the data."""
        if self.algorithm is SignatureAlgorithm.ED25519:
            signature: bytes = self.handle.sign(data)
            return signature
        r, s = utils.decode_dss_signature(self.handle.sign(data, _ECDSA))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
