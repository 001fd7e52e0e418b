"""Bytes to text: UTF-8, or Windows-1252 when nothing in the file speaks against it."""

from __future__ import annotations

import re

from openregie.blind.streams.errors import DeliveryRefused

UTF8 = "UTF-8"
UTF8_BOM = "UTF-8 with BOM"
WINDOWS_1252 = "Windows-1252"

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_HEAD_BYTES = 4096
# Signs that no name, street or note is written with: daggers, currencies of elsewhere, operators.
_IMPLAUSIBLE = re.compile(rb"[\x86-\x89\x8b\x98\x9b\xa2\xa4-\xa6\xac\xaf\xb1\xb6\xb8\xd7\xf7]")


def decode_utf8(data: bytes) -> tuple[str, str]:
    """Text of a format that allows UTF-8 alone. Raises DeliveryRefused."""
    marked = data.startswith(_BOM)
    try:
        return data.removeprefix(_BOM).decode("utf-8"), UTF8_BOM if marked else UTF8
    except UnicodeDecodeError as error:
        raise DeliveryRefused(("file: not UTF-8; save it as UTF-8",)) from error


def decode(data: bytes) -> tuple[str, str]:
    """Text without BOM, and the encoding's name. Raises DeliveryRefused."""
    if data.startswith(_WIDE_BOMS) or b"\0" in data[:_HEAD_BYTES].split(b"\n", 1)[0]:
        raise DeliveryRefused(("file: UTF-16 or not text at all; save it as CSV in UTF-8",))
    marked = data.startswith(_BOM)
    try:
        text = data[len(_BOM) :].decode("utf-8") if marked else data.decode("utf-8")
    except UnicodeDecodeError as error:
        if marked:
            reason = "file: begins as UTF-8 but is not; save it as UTF-8"
            raise DeliveryRefused((reason,)) from error
        return _decode_windows(data), WINDOWS_1252
    return text, UTF8_BOM if marked else UTF8


def _decode_windows(data: bytes) -> str:
    if _UTF8_SEQUENCE.search(data):
        raise DeliveryRefused(("file: mixes UTF-8 with another encoding; save it as UTF-8",))
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        reason = "file: neither UTF-8 nor Windows-1252; save it as UTF-8"
        raise DeliveryRefused((reason,)) from error
    if _IMPLAUSIBLE.search(data):
        reason = "file: not UTF-8, and as Windows-1252 it holds signs no name has; save it as UTF-8"
        raise DeliveryRefused((reason,))
    return text
