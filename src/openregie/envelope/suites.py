"""The three suites a resident's keys may have. Source: docs/specs/envelope.md section 2."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives import hpke

from openregie.envelope.errors import UnknownSuite

TAG_BYTES = 16
"""AES-256-GCM tag (RFC 9180 section 7.3)."""


class SignatureAlgorithm(StrEnum):
    """How the signature inside an envelope is made; always 64 bytes."""

    ED25519 = "ed25519"
    P256 = "p256"


@dataclass(frozen=True, slots=True)
class Suite:
    """One way of sealing: HPKE base mode (RFC 9180) with HKDF-SHA256 and AES-256-GCM.

    `encapsulated_bytes`, `public_bytes` and `private_bytes` are lengths.
    """

    name: str
    signature: SignatureAlgorithm
    encapsulated_bytes: int
    public_bytes: int
    private_bytes: int
    hpke: hpke.Suite

    @property
    def overhead_bytes(self) -> int:
        """How much longer a sealed text is than its plaintext."""
        return self.encapsulated_bytes + TAG_BYTES


def _hpke(kem: hpke.KEM) -> hpke.Suite:
    return hpke.Suite(kem, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


S0 = Suite("s0", SignatureAlgorithm.P256, 65, 65, 32, _hpke(hpke.KEM.P256))
"""P-256 and ECDSA P-256: for phones without X25519 and Ed25519."""
S1 = Suite("s1", SignatureAlgorithm.ED25519, 32, 32, 32, _hpke(hpke.KEM.X25519))
"""X25519 and Ed25519: the default."""
S2 = Suite("s2", SignatureAlgorithm.ED25519, 1120, 1216, 32, _hpke(hpke.KEM.MLKEM768_X25519))
"""MLKEM768-X25519 (draft-ietf-hpke-pq) and Ed25519: also against a later quantum computer."""

SUITES = (S0, S1, S2)
_BY_NAME = {suite.name: suite for suite in SUITES}


def suite_named(name: object) -> Suite:
    """Suite with this name. Raises UnknownSuite."""
    if not isinstance(name, str) or name not in _BY_NAME:
        raise UnknownSuite("the suite is not s0, s1 or s2; update the software that reads this")
    return _BY_NAME[name]
