"""The printed code: 128 random bits as 28 characters that people can read aloud and type over.

Source: docs/specs/envelope.md section 5; alphabet of Crockford's Base32.
"""

from __future__ import annotations

import hashlib
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openregie.envelope.errors import CodeCharacter, CodeChecksum, CodeLength
from openregie.envelope.keys import RandomBytes

SECRET_BYTES = 16
CODE_CHARACTERS = 28
_GROUP = 4
_CHECKSUM_BITS = CODE_CHARACTERS * 5 - SECRET_BYTES * 8
_CHECKSUM_LABEL = b"openregie/code/v1\0"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)} | {
    "O": 0,
    "I": 1,
    "L": 1,
}
_SEPARATORS = "- \t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014"

KEK_INFO = {
    "code": b"openregie/v1/kek/code",
    "letter": b"openregie/v1/kek/letter",
    "passkey": b"openregie/v1/kek/prf",
}
"""HKDF labels: the same secret under another label is another key."""


def new_code(random_bytes: RandomBytes = os.urandom) -> str:
    """A new code, seven groups of four: 128 bits and a 12-bit checksum."""
    return code_of(random_bytes(SECRET_BYTES))


def code_of(secret: bytes) -> str:
    """Code that stands for these 16 bytes."""
    number = int.from_bytes(secret, "big") << _CHECKSUM_BITS | _checksum(secret)
    last = (CODE_CHARACTERS - 1) * 5
    text = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(last, -1, -5))
    groups = (text[start : start + _GROUP] for start in range(0, CODE_CHARACTERS, _GROUP))
    return "-".join(groups)


def secret_of(code: str) -> bytes:
    """The 16 bytes of a code as a person types it: any case, O for 0, I or L for 1, any grouping.

    Raises CodeCharacter (with the place in the code), CodeLength, CodeChecksum.
    """
    characters = [c for c in code.upper() if c not in _SEPARATORS]
    number = 0
    for place, character in enumerate(characters, start=1):
        value = _VALUES.get(character)
        if value is None:
            raise CodeCharacter(f"code, character {place}: codes do not use this; look again")
        number = number << 5 | value
    if len(characters) != CODE_CHARACTERS:
        raise CodeLength(
            f"code: has {len(characters)} characters instead of {CODE_CHARACTERS}; look again"
        )
    secret = (number >> _CHECKSUM_BITS).to_bytes(SECRET_BYTES, "big")
    if number & (1 << _CHECKSUM_BITS) - 1 != _checksum(secret):
        raise CodeChecksum("code: a character differs from the printed one; compare each group")
    return secret


def kek(code: str, *, kind: str = "code") -> bytes:
    """Key of 32 bytes that a code gives: kind `code` for one's own print, `letter` for a letter.

    Raises CodeRefused.
    """
    return derive_kek(secret_of(code), kind=kind)


def derive_kek(secret: bytes, *, kind: str) -> bytes:
    """Key of 32 bytes from a secret of at least 128 bits, by HKDF-SHA256 with an empty salt."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=KEK_INFO[kind]).derive(secret)


def _checksum(secret: bytes) -> int:
    digest = hashlib.sha256(_CHECKSUM_LABEL + secret).digest()
    return int.from_bytes(digest[:2], "big") >> 16 - _CHECKSUM_BITS
