"""The shape of an age file's header: all that can be told of one without a key.

Source: age-encryption.org/v1. A stanza for X25519 does not say whose key it is for.
"""

from __future__ import annotations

import re

from openregie.envelope.errors import AgeRefused

MOST_HEADER_BYTES = 16 * 1024
_VERSION = b"age-encryption.org/v1\n"
_LINE = re.compile(rb"[\x21-\x7e]+(?: [\x21-\x7e]+)*")
_BODY = re.compile(rb"[A-Za-z0-9+/]{0,64}")
_X25519 = re.compile(rb"-> X25519 [A-Za-z0-9+/]{43}")
_MAC = re.compile(rb"--- [A-Za-z0-9+/]{43}")
_KEY_CHARS = 43
_FULL_LINE = 64
_LEAST_PAYLOAD = 16 + 16
"""A nonce and the tag of one empty chunk."""


def demand_sealed(data: bytes) -> None:
    """Refuse what is not an age file for one X25519 key at least. Raises AgeRefused."""
    if not data.startswith(_VERSION):
        raise AgeRefused("file: not encrypted with age; encrypt it to the run's key and send that")
    lines = data[len(_VERSION) : MOST_HEADER_BYTES].split(b"\n")
    end = next((place for place, line in enumerate(lines[:-1]) if line.startswith(b"---")), -1)
    if end < 0 or not _MAC.fullmatch(lines[end]):
        raise AgeRefused("file: its age header has no end; encrypt it again")
    kinds = _stanzas(lines[:end])
    if "X25519" not in kinds or "scrypt" in kinds:
        raise AgeRefused("file: encrypted to no age1 key; use the run's key, no passphrase")
    header = len(_VERSION) + sum(len(line) + 1 for line in lines[: end + 1])
    if len(data) - header < _LEAST_PAYLOAD:
        raise AgeRefused("file: ends after its age header; encrypt it again")


def _stanzas(lines: list[bytes]) -> list[str]:
    """The kinds of the stanzas, each with a body that ends in a short line. Raises AgeRefused."""
    kinds: list[str] = []
    open_stanza = False
    for line in lines:
        if not open_stanza and line.startswith(b"-> ") and _LINE.fullmatch(line):
            kinds.append(line.split(b" ")[1].decode("ascii"))
            open_stanza = True
            if kinds[-1] == "X25519" and not _X25519.fullmatch(line):
                raise AgeRefused("file: its age header is damaged; encrypt it again")
        elif open_stanza and _BODY.fullmatch(line):
            if kinds[-1] == "X25519" and len(line) != _KEY_CHARS:
                raise AgeRefused("file: its age header is damaged; encrypt it again")
            open_stanza = len(line) == _FULL_LINE
        else:
            raise AgeRefused("file: its age header is damaged; encrypt it again")
    if open_stanza:
        raise AgeRefused("file: its age header is damaged; encrypt it again")
    return kinds
