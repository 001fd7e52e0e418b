"""Canonical JSON (RFC 8785): what is signed or bound is one byte string in every language."""

from __future__ import annotations

import json
from typing import Any

import rfc8785

from openregie.envelope.errors import NotCanonical

MAX_INTEGER = 2**53 - 1
"""Beyond this JavaScript cannot tell neighbours apart (RFC 7493 section 2.2)."""

_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, check_circular=False, separators=(",", ":")
).encode


def canonical(value: Any) -> bytes:
    """Canonical JSON of dicts, lists, strings, numbers, booleans and None.

    Raises NotCanonical for anything else, for whole numbers beyond 2^53-1 (also as a float),
    for NaN and infinities, for keys that are not text and for lone surrogates.
    """
    # The standard library's C encoder is four times as quick as rfc8785 and gives the same bytes
    # for plain values; its sorting differs only where a character lies beyond the basic plane,
    # and then the UTF-16 form is longer than two bytes for each character.
    try:
        if _is_plain(value):
            text = _encode(value)
            if text.isascii() or len(text.encode("utf-16-le")) == 2 * len(text):
                return text.encode("utf-8")
        _refuse_large(value)
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise NotCanonical(
            "a value cannot be written as canonical JSON; "
            "use text, whole numbers up to 2^53-1, true, false, null, lists and objects"
        ) from error


def _is_plain(value: Any) -> bool:
    """Whether the value holds only text, small whole numbers, booleans, None, lists and dicts."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is dict:
        for name, member in value.items():
            if type(name) is not str or not _is_plain(member):
                return False
        return True
    if kind is list:
        for member in value:  # noqa: SIM110 - a loop: this is the hot path of sealing
            if not _is_plain(member):
                return False
        return True
    return kind is int and -MAX_INTEGER <= value <= MAX_INTEGER


def _refuse_large(value: Any) -> None:
    if isinstance(value, dict):
        for member in value.values():
            _refuse_large(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _refuse_large(member)
    elif isinstance(value, float) and value.is_integer() and abs(value) > MAX_INTEGER:
        raise NotCanonical("a whole number beyond 2^53-1; write it as text")


def parse(data: bytes, *, place: str) -> Any:
    """Value of canonical JSON bytes; refuses every other spelling of the same value.

    Raises NotCanonical: so a signature over the bytes is a signature over one value.
    """
    try:
        value = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotCanonical(f"{place}: not JSON") from error
    if canonical(value) != data:
        raise NotCanonical(f"{place}: JSON, but not in canonical form")
    return value
