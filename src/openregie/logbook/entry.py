"""One thing that happened, as an event, a commitment and a leaf. Source: docs/specs/log.md.

The entry and its salt go to the resident, sealed; the tree gets the commitment only. Whoever
deletes the salt erases the event: the leaf then says nothing about anyone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from openregie.logbook.errors import ChainBroken, CommitmentBroken, MalformedEntry
from openregie.logbook.tree import leaf_hash

VERSION = 1
SALT_BYTES = 32
CHAINS = ("run", "vault")
"""Who writes a resident's row of entries: each of the two numbers its own."""

_TYPE = re.compile(r"[a-z]+(\.[a-z]+)+\Z")
_COMMIT = re.compile(r"[0-9a-f]{64}\Z")
_FIRST = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in a resident's chain.

    `seq` counts from 1 per mailbox and chain; `prev` is the commitment of the entry before it, None
    for the first. `event` holds `v` (1), `type` ("items.sealed") and what happened, in plain JSON.
    """

    chain: str
    seq: int
    prev: str | None
    event: Mapping[str, Any]
    mailbox: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could never be verified. Raises MalformedEntry."""
        if self.chain not in CHAINS:
            raise MalformedEntry("entry, chain: neither `run` nor `vault`")
        if type(self.seq) is not int or self.seq < _FIRST:
            raise MalformedEntry("entry, seq: not a whole number from 1")
        if (self.seq == _FIRST) != (self.prev is None):
            raise MalformedEntry("entry, prev: null for the first entry, set for all others")
        if self.prev is not None and not _COMMIT.match(self.prev):
            raise MalformedEntry("entry, prev: not 64 hexadecimal digits")
        if self.event.get("v") != VERSION or not _TYPE.match(str(self.event.get("type"))):
            raise MalformedEntry("entry, event: needs `v` 1 and a `type` of words joined by dots")

    @property
    def type(self) -> str:
        """Kind of event; the only part of it that the tree shows."""
        return str(self.event["type"])

    def to_json(self) -> dict[str, Any]:
        """What is committed to."""
        return {
            "chain": self.chain,
            "mailbox": self.mailbox,
            "seq": self.seq,
            "prev": self.prev,
            "event": dict(self.event),
        }

    def with_salt(self, salt: bytes) -> dict[str, Any]:
        """What is sealed to the resident: `{"entry", "salt"}`."""
        return {"entry": self.to_json(), "salt": salt.hex()}


def new_salt(random_bytes: Callable[[int], bytes] = os.urandom) -> bytes:
    """A salt of 32 random bytes; never used twice."""
    return random_bytes(SALT_BYTES)


def commit_of(entry: Entry, salt: bytes) -> str:
    """Commitment of 64 hexadecimal digits: HMAC-SHA256 of the canonical entry under the salt.

    Raises MalformedEntry.
    """
    if len(salt) != SALT_BYTES:
        raise MalformedEntry("entry, salt: does not have 32 bytes")
    return hmac.new(salt, _canonical(entry.to_json()), hashlib.sha256).hexdigest()


def leaf_data(*, type: str, commit: str) -> bytes:  # noqa: A002 - the field's name in the format
    """What the tree holds: canonical JSON of `v`, `type` and `commit`. Raises MalformedEntry."""
    if not _TYPE.match(type) or not _COMMIT.match(commit):
        raise MalformedEntry("leaf: needs a type and a commitment of 64 hexadecimal digits")
    return _canonical({"v": VERSION, "type": type, "commit": commit})


def leaf_of(*, type: str, commit: str) -> bytes:  # noqa: A002 - the field's name in the format
    """Leaf hash of a type and a commitment. Raises MalformedEntry."""
    return leaf_hash(leaf_data(type=type, commit=commit))


def opened(value: Any) -> tuple[Entry, bytes]:
    """Entry and salt from what a resident opened. Raises MalformedEntry."""
    try:
        told = value["entry"]
        entry = Entry(told["chain"], told["seq"], told["prev"], told["event"], told["mailbox"])
        return entry, bytes.fromhex(value["salt"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MalformedEntry("entry: a field is missing or of another type") from error


def verify_commit(entry: Entry, salt: bytes, commit: str) -> None:
    """Return only if the opened entry is what the log committed to. Raises CommitmentBroken."""
    if not hmac.compare_digest(commit_of(entry, salt).encode(), commit.encode()):
        raise CommitmentBroken(
            f"chain `{entry.chain}`, entry {entry.seq}: not what the log committed to; "
            "report it as an incident"
        )


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Last entry of a chain that was verified: remember it, verify from here the next time."""

    seq: int = 0
    commit: str | None = None


def verify_chain(
    entries: Iterable[tuple[Entry, bytes]],
    *,
    chain: str,
    mailbox: str | None,
    after: ChainHead | None = None,
) -> ChainHead:
    """Head of a resident's chain once no gap, no changed link and no stranger's entry was found.

    `entries` are entries with their salts, in order. Raises ChainBroken.
    """
    head = ChainHead() if after is None else after
    for entry, salt in entries:
        if (entry.chain, entry.mailbox) != (chain, mailbox):
            raise ChainBroken(f"chain `{chain}`: an entry of another chain or mailbox lies in it")
        if entry.seq != head.seq + 1:
            raise ChainBroken(
                f"chain `{chain}`: entry {head.seq + 1} is missing; report it as an incident"
            )
        if entry.prev != head.commit:
            raise ChainBroken(
                f"chain `{chain}`: what came before entry {entry.seq} was changed; "
                "report it as an incident"
            )
        head = ChainHead(entry.seq, commit_of(entry, salt))
    return head


def _canonical(value: Any) -> bytes:
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise MalformedEntry(
            "entry: holds a value that canonical JSON cannot write; use text and whole numbers"
        ) from error
