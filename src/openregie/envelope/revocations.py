"""What may not come back: an append-only ledger beside the backups, of commitments only.

DIR/revocations.jsonl: one JSON object a line, each naming the SHA-256 of the line before. A
restored backup is as old as it is; this file says what was taken away since. Source:
docs/backup.md.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from openregie.envelope import age, base64url, jcs
from openregie.envelope.errors import EnvelopeError

FILE = "revocations.jsonl"
VERSION = 1
_TAIL_BYTES = 1024 * 1024
"""More than two lines ever take: a return is at most 256 KiB, and encoded once more."""
_LABEL = b"openregie/revocation/v1\0"
_REMEDY = "use the newest copy of the file that is whole"


class LedgerBroken(EnvelopeError):
    """The ledger of revocations was changed, cut short, or is of before the backup."""


class Kind(StrEnum):
    """What was taken away, or what the log had become."""

    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    KEYS_REPLACED = "keys_replaced"
    WRAP_REMOVED = "wrap_removed"
    GRANT = "grant"
    """A grant was withdrawn; `what` commits to whose it was and, as `wrap_id`, to its name."""
    HEAD = "head"
    """The log reached `size` entries, signed."""
    RESTORED = "restored"
    """A backup was put back whose log has `size` entries."""
    SENT = "sent"
    """A correction or objection was sent; `sealed` is that return, closed to the backups' key."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `what` is a commitment (hexadecimal) or empty; `size` counts entries.

    `sealed` is a return as an age file in base64url, empty unless one was sent.
    """

    kind: Kind
    on: date
    what: str = ""
    size: int = 0
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The lines of one file, oldest first, and the bytes they stood in."""

    lines: tuple[Line, ...]
    text: bytes

    def since(self, other: Ledger) -> tuple[Line, ...]:
        """The lines that came after an older copy. Raises LedgerBroken if it is no older copy."""
        if not self.text.startswith(other.text):
            raise LedgerBroken(
                "revocations: this file does not continue the one in the backup; "
                "it is older, or of another municipality: " + _REMEDY
            )
        return self.lines[len(other.lines) :]

    @property
    def log_size(self) -> int:
        """How many entries the log had at its last signed head."""
        sizes = [line.size for line in self.lines if line.kind in (Kind.HEAD, Kind.RESTORED)]
        return sizes[-1] if sizes else 0


def commitment(kind: Kind, mailbox: str, *, epoch: int = 0, wrap_id: str = "") -> str:
    """Name of what was taken away: only who already holds the mailbox can recognise it.

    A mailbox is 256 bits under the tenant's secret: it cannot be guessed from its hash.
    """
    told = jcs.canonical([kind.value, mailbox, epoch, wrap_id])
    return hashlib.sha256(_LABEL + told).hexdigest()


def sent(sealed_return: Mapping[str, Any], *, on: date, recipient: str) -> Line:
    """Line that carries a return until the next backup; who reads it learns not even whose."""
    closed = age.encrypt(jcs.canonical(dict(sealed_return)), to=recipient)
    return Line(Kind.SENT, on, sealed=base64url.encode(closed))


def open_sent(line: Line, *, identity: str) -> dict[str, Any]:
    """The sealed return that a line carries. Raises AgeRefused, BadEncoding, NotCanonical."""
    place = "revocations, a return that was sent"
    closed = base64url.decode(line.sealed, place=place)
    told: dict[str, Any] = jcs.parse(age.decrypt(closed, identity=identity), place=place)
    return told


def read(path: Path) -> Ledger:
    """The ledger; an empty one where the file is not there. Raises LedgerBroken."""
    text = path.read_bytes() if path.is_file() else b""
    return parse(text)


def parse(text: bytes) -> Ledger:
    """Check every line against the one before. Raises LedgerBroken."""
    lines: list[Line] = []
    before = b""
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        lines.append(_line(line, number=number, before=before))
        before = line
    return Ledger(tuple(lines), text)


def append(path: Path, fresh: Sequence[Line]) -> None:
    """Add lines and make them durable; call it before the act itself is final.

    INVARIANT: a revocation is in the ledger before it is in a database. A crash between the two
    leaves one revocation too many, never one too few. A last line that a power cut left in half
    is taken away: its act never became final. Raises OSError.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        start = max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES)
        file.seek(start)
        tail = file.read()
        whole = tail[: tail.rfind(b"\n") + 1]
        file.seek(start + len(whole))
        file.truncate()
        before = whole.splitlines(keepends=True)[-1] if whole else b""
        for line in fresh:
            before = _to_bytes(line, before)
            file.write(before)
        file.flush()
        os.fsync(file.fileno())


def _line(text: bytes, *, number: int, before: bytes) -> Line:
    broken = LedgerBroken(f"revocations, line {number}: changed or cut short; {_REMEDY}")
    try:
        said = json.loads(text)
        line = Line(
            Kind(said["kind"]),
            date.fromisoformat(said["on"]),
            said["what"],
            int(said["size"]),
            str(said.get("sealed", "")),
        )
        follows = said["v"] == VERSION and said["prev"] == _name(before)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise broken from error
    if not follows or not text.endswith(b"\n"):
        raise broken
    return line


def _to_bytes(line: Line, before: bytes) -> bytes:
    told: dict[str, Any] = {
        "v": VERSION,
        "kind": line.kind.value,
        "on": line.on.isoformat(),
        "what": line.what,
        "size": line.size,
        **({"sealed": line.sealed} if line.sealed else {}),
        "prev": _name(before),
    }
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def _name(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest() if line else ""
