"""Age files (age-encryption.org/v1): deliveries and the run's memory at rest."""

from __future__ import annotations

import pyrage  # type: ignore[import-untyped]  # ships no types

from openregie.envelope.errors import AgeRefused, MalformedKey
from openregie.envelope.keys import RandomBytes

_HEADER = b"age-encryption.org/v1\n"
_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_PREFIX = "age-secret-key-"
SEED_BYTES = 32


def is_age(data: bytes) -> bool:
    """Whether the bytes begin as an age file."""
    return data.startswith(_HEADER)


def encrypt(data: bytes, *, to: str) -> bytes:
    """Age file that only the holder of the identity behind `to` ("age1...") can read.

    Raises AgeRefused.
    """
    try:
        recipient = pyrage.x25519.Recipient.from_str(to)
    except pyrage.RecipientError as error:
        raise AgeRefused("age recipient: not an age1 key; copy public/run.json again") from error
    sealed: bytes = pyrage.encrypt(data, [recipient])
    return sealed


def decrypt(data: bytes, *, identity: str) -> bytes:
    """Whole content of an age file; `identity` may have several lines, each is tried.

    Raises AgeRefused.

    INVARIANT: nothing is returned before the last chunk was verified; a truncated file would
    otherwise yield nearly all of its content before it fails.
    """
    if not is_age(data):
        raise AgeRefused("age file: does not begin as one; deliver it again, encrypted with age")
    try:
        content: bytes = pyrage.decrypt(data, [_identity(line) for line in identity.splitlines()])
    except pyrage.DecryptError as error:
        raise AgeRefused(
            "age file: encrypted to another key, cut short, or changed; deliver it again"
        ) from error
    return content


def recipient_of(identity: str) -> str:
    """Public half ("age1...") of an identity, of the first line if several. Raises MalformedKey."""
    return str(_identity(identity.partition("\n")[0]).to_public())


def new_identity(random_bytes: RandomBytes) -> str:
    """An identity ("AGE-SECRET-KEY-1...") from 32 random bytes."""
    seed = random_bytes(SEED_BYTES)
    words = _five_bit_words(seed)
    checksum = _polymod([*_expanded_prefix(), *words, 0, 0, 0, 0, 0, 0]) ^ 1
    tail = [(checksum >> 5 * (5 - place)) & 31 for place in range(6)]
    return (_PREFIX + "1" + "".join(_CHARSET[word] for word in [*words, *tail])).upper()


def _identity(text: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise MalformedKey("age identity: unreadable; restore it from custody") from error


def _five_bit_words(data: bytes) -> list[int]:
    """Bytes as 5-bit words, zero-padded at the end. Source: BIP 173."""
    bits = len(data) * 8
    spare = -bits % 5
    number = int.from_bytes(data, "big") << spare
    return [(number >> shift) & 31 for shift in range(bits + spare - 5, -1, -5)]


def _expanded_prefix() -> list[int]:
    return [ord(c) >> 5 for c in _PREFIX] + [0] + [ord(c) & 31 for c in _PREFIX]


def _polymod(words: list[int]) -> int:
    """Bech32 checksum. Source: BIP 173."""
    check = 1
    for word in words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for place, generator in enumerate(_GENERATOR):
            if (top >> place) & 1:
                check ^= generator
    return check
