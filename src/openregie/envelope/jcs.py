"""Canonical JSON (RFC 8785): what is signed or bound is one byte string in every language."""

from __future__ import annotations

import json
import re
from typing import Any

import rfc8785

from openregie.envelope.errors import NotCanonical

MAX_INTEGER = 2**53 - 1
"""Beyond this JavaScript cannot tell neighbours apart (RFC 7493 section 2.2)."""

_BEYOND_BMP = re.compile("[\ud800-\U0010ffff]")


class _NeedsSlowPath(Exception):
    pass


def _no_float(_text: str) -> float:
    raise _NeedsSlowPath


def _small_integer(text: str) -> int:
    number = int(text)
    if abs(number) > MAX_INTEGER:
        raise _NeedsSlowPath
    return number


_encoder = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
_decoder = json.JSONDecoder(parse_float=_no_float, parse_int=_small_integer)


def canonical(value: Any) -> bytes:
    """Canonical JSON of dicts, lists, strings, numbers, booleans and None.

    Raises NotCanonical for anything else, for whole numbers beyond 2^53-1 (also as a float),
    for NaN and infinities, for keys that are not text and for lone surrogates.
    """
    # The C encoder of the standard library is four times as quick and gives the same bytes for
    # data without floats or characters beyond the basic plane; reading the text back proves that
    # nothing was silently turned into something else (a number as key, for instance).
    try:
        text = _encoder.encode(value)
        if not _BEYOND_BMP.search(text) and _decoder.decode(text) == value:
            return text.encode("utf-8")
    except (_NeedsSlowPath, TypeError, ValueError, RecursionError):
        pass
    return _canonical_slowly(value)


def _canonical_slowly(value: Any) -> bytes:
    _refuse_large(value)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise NotCanonical(
            "a value cannot be written as canonical JSON; "
            "use text, whole numbers up to 2^53-1, true, false, null, lists and objects"
        ) from error


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
