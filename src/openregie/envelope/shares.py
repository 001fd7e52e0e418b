"""A key in shares: any two give it back, one tells nothing, not even to who can compute for ever.

Shamir's sharing over GF(256) with two shares needed of two or three. A share is written as five
lines that people can type, each line with a check of its own. Source: docs/specs/custody.md;
sharing as draft-mcgrew-tss-03, whose test case it passes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from openregie.envelope.errors import ShareRefused
from openregie.envelope.keys import RandomBytes

VERSION = 1
NEEDED = 2
KEY_BYTES = 32
LINES = 5
LINE_CHARACTERS = 20
_GROUP = 4
_LINE_BYTES = 10
_LINE_CHECK_BITS = 20
_TENANT_BYTES = 4
_FINGERPRINT_BYTES = 8
_CHECK_BYTES = 4
_FIELD = 0x11B
"""x^8 + x^4 + x^3 + x + 1, the field of AES. Source: FIPS 197 section 4.2."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {c: value for value, c in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_SEPARATORS = "-\u00a0\u2010\u2011\u2012\u2013\u2014"


class Lock(StrEnum):
    """What a key opens: all that the run needs, or only what a login needs."""

    RUN = "run"
    MAILBOX = "mailbox"


_LOCK_NUMBERS = {Lock.RUN: 1, Lock.MAILBOX: 2}


@dataclass(frozen=True, slots=True)
class Share:
    """One organisation's part of the key of one lock; `fingerprint` names the key, not opens it."""

    lock: Lock
    number: int
    tenant_mark: bytes
    fingerprint: bytes
    value: bytes = field(repr=False)


def split_key(
    key: bytes, *, lock: Lock, tenant: str, shares: int, random_bytes: RandomBytes
) -> tuple[Share, ...]:
    """Shares of a key of 32 bytes, numbered from 1; any two give it back."""
    if len(key) != KEY_BYTES or shares not in (NEEDED, NEEDED + 1):
        raise ShareRefused("shares: a key of 32 bytes goes in two shares, or in three with a spare")
    slope = random_bytes(KEY_BYTES)
    return tuple(
        Share(lock, number, tenant_mark(tenant), fingerprint(key), points(key, slope, number))
        for number in range(1, shares + 1)
    )


def join_key(shares: Sequence[Share]) -> bytes:
    """The key of one lock from two of its shares (a third is not looked at).

    Raises ShareRefused when they are one share twice, of two keys, or do not fit.
    """
    if len(shares) < NEEDED:
        raise ShareRefused("shares: two are needed, of two organisations; one opens nothing")
    one, two = shares[0], shares[1]
    if one.lock is not two.lock:
        raise ShareRefused(
            f"shares: one opens `{one.lock}`, the other `{two.lock}`; take the same line of both"
        )
    if one.number == two.number:
        raise ShareRefused("shares: the same share twice; ask the other organisation for theirs")
    if (one.tenant_mark, one.fingerprint) != (two.tenant_mark, two.fingerprint):
        raise ShareRefused(
            "shares: of two different ceremonies; take both from the newest (`openregie custody "
            "status` shows its name)"
        )
    key = value_at_zero(one.number, one.value, two.number, two.value)
    if not hmac.compare_digest(fingerprint(key), one.fingerprint):
        raise ShareRefused(
            "shares: together they give no key; one was changed after the ceremony: use the spare"
        )
    return key


def tenant_mark(tenant: str) -> bytes:
    """Four bytes that tell one municipality's shares from another's."""
    return hashlib.sha256(b"openregie/custody/tenant/v1\0" + tenant.encode()).digest()[
        :_TENANT_BYTES
    ]


def fingerprint(key: bytes) -> bytes:
    """Eight bytes that name a key: of 256 random bits, so they help nobody find it."""
    return hashlib.sha256(b"openregie/custody/fingerprint/v1\0" + key).digest()[:_FINGERPRINT_BYTES]


def to_lines(share: Share) -> tuple[str, ...]:
    """Five lines of five groups of four characters; the last group of each checks its line."""
    head = bytes([VERSION << 4 | _LOCK_NUMBERS[share.lock], share.number])
    body = head + share.tenant_mark + share.fingerprint + share.value
    whole = body + _check(body)
    return tuple(
        _line_of(place, whole[start : start + _LINE_BYTES])
        for place, start in enumerate(range(0, len(whole), _LINE_BYTES), start=1)
    )


def from_text(text: str) -> Share:
    """Share from its five lines as a person types or pastes them: any case, spacing or grouping.

    Raises ShareRefused, naming the line with the mistake.
    """
    characters = [c for c in text.upper() if c not in _SEPARATORS and not c.isspace()]
    if len(characters) != LINES * LINE_CHARACTERS:
        raise ShareRefused(
            f"share: has {len(characters)} characters instead of {LINES * LINE_CHARACTERS}; "
            "it is five lines of five groups of four"
        )
    whole = b"".join(
        line_bytes("".join(characters[start : start + LINE_CHARACTERS]), place)
        for place, start in enumerate(range(0, len(characters), LINE_CHARACTERS), start=1)
    )
    return _share_of(whole)


def line_bytes(text: str, place: int) -> bytes:
    """Ten bytes of one line, checked, so that a mistake shows before the next line is typed.

    Raises ShareRefused.
    """
    number = 0
    characters = [c for c in text.upper() if c not in _SEPARATORS and not c.isspace()]
    for character in characters:
        value = _VALUES.get(character)
        if value is None:
            raise ShareRefused(f"share, line {place}: holds a character that shares do not use")
        number = number << 5 | value
    if len(characters) != LINE_CHARACTERS:
        raise ShareRefused(f"share, line {place}: has {len(characters)} characters instead of 20")
    data = (number >> _LINE_CHECK_BITS).to_bytes(_LINE_BYTES, "big")
    if number & (1 << _LINE_CHECK_BITS) - 1 != _line_check(place, data):
        raise ShareRefused(
            f"share, line {place}: differs from the printed line {place}; compare each group"
        )
    return data


def points(secret: bytes, slope: bytes, number: int) -> bytes:
    """The value at `number` of the lines that start at each byte of the secret."""
    return bytes(s ^ _times(a, number) for s, a in zip(secret, slope, strict=True))


def value_at_zero(one: int, values: bytes, two: int, others: bytes) -> bytes:
    """The secret: where the lines through the two shares cross zero. Source: Lagrange."""
    scale = _inverse(one ^ two)
    return bytes(
        _times(_times(a, two) ^ _times(b, one), scale) for a, b in zip(values, others, strict=True)
    )


def _share_of(whole: bytes) -> Share:
    body, check = whole[:-_CHECK_BYTES], whole[-_CHECK_BYTES:]
    if _check(body) != check:
        raise ShareRefused("share: its lines are of two different shares; compare with the print")
    version, kind, number = body[0] >> 4, body[0] & 15, body[1]
    lock = next((lock for lock, value in _LOCK_NUMBERS.items() if value == kind), None)
    if version != VERSION or lock is None or not 1 <= number <= NEEDED + 1:
        raise ShareRefused("share: of a version that this release does not read; use a newer one")
    mark, rest = body[2 : 2 + _TENANT_BYTES], body[2 + _TENANT_BYTES :]
    return Share(lock, number, mark, rest[:_FINGERPRINT_BYTES], rest[_FINGERPRINT_BYTES:])


def _line_of(place: int, data: bytes) -> str:
    number = int.from_bytes(data, "big") << _LINE_CHECK_BITS | _line_check(place, data)
    last = (LINE_CHARACTERS - 1) * 5
    text = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(last, -1, -5))
    return "-".join(text[start : start + _GROUP] for start in range(0, LINE_CHARACTERS, _GROUP))


def _line_check(place: int, data: bytes) -> int:
    digest = hashlib.sha256(b"openregie/custody/line/v1\0" + bytes([place]) + data).digest()
    return int.from_bytes(digest[:3], "big") >> 24 - _LINE_CHECK_BITS


def _check(body: bytes) -> bytes:
    return hashlib.sha256(b"openregie/custody/share/v1\0" + body).digest()[:_CHECK_BYTES]


def _times(a: int, b: int) -> int:
    """Product in GF(256), with the same steps for every value."""
    product = 0
    for bit in range(8):
        product ^= a & -(b >> bit & 1)
        a = a << 1 ^ _FIELD & -(a >> 7)
    return product


def _inverse(a: int) -> int:
    """The value that times `a` is one: a to the power 254."""
    result = 1
    for _ in range(254):
        result = _times(result, a)
    return result
