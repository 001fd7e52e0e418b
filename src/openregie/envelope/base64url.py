"""Base64url without padding (RFC 4648 section 5), strict: one text for one byte string."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode

from openregie.envelope.errors import BadEncoding

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*\Z")

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def encode(data: bytes) -> str:
    """Text of the bytes, without padding."""
    text = binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=")
    return text.decode("ascii")


def decode(text: object, *, place: str) -> bytes:
    """Bytes of the text; `place` names the field for the message.

    Raises BadEncoding on padding, other alphabets, stray bits or anything that is not text.
    """
    if not isinstance(text, str) or not _ALPHABET.match(text):
        raise BadEncoding(f"{place}: not base64url without padding; copy it again, unchanged")
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadEncoding(f"{place}: base64url of impossible length; copy it again") from error
    if encode(data) != text:  # INVARIANT: no second spelling of the same bytes
        raise BadEncoding(f"{place}: base64url with stray bits at the end; copy it again")
    return data
