"""The log's signed head, as C2SP tlog-checkpoint over C2SP signed-note with Ed25519.

Source: docs/specs/log.md section 4.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from openregie.logbook.errors import (
    CheckpointForged,
    HistoryEdited,
    MalformedCheckpoint,
    ProofBroken,
    Rollback,
)
from openregie.logbook.proof import verify_consistency
from openregie.logbook.tree import HASH_BYTES

ED25519_TYPE = b"\x01"
KEY_ID_BYTES = 4
MAX_SIGNATURES = 64
MAX_NOTE_CHARACTERS = 1_000_000
_SIGNATURE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\Z")
_SIZE = re.compile(r"(0|[1-9][0-9]{0,15})\Z")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_BODY_LINES = 3


@dataclass(frozen=True, slots=True)
class LogVerifier:
    """The public half of a note key: a name and an Ed25519 key of 32 bytes."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature line."""
        named = self.name.encode("utf-8") + b"\n" + ED25519_TYPE + self.public
        return hashlib.sha256(named).digest()[:KEY_ID_BYTES]

    def to_text(self) -> str:
        """`name+keyid+key` (a "vkey")."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519_TYPE + self.public)}"

    @classmethod
    def from_text(cls, text: str) -> LogVerifier:
        """Key from its vkey. Raises MalformedCheckpoint."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        key = _bytes(encoded, place="key")
        verifier = cls(name, key[1:])
        _check_name(name)
        if key[:1] != ED25519_TYPE or len(key) != 1 + HASH_BYTES:
            raise MalformedCheckpoint("note key: not an Ed25519 key")
        if verifier.key_id.hex() != key_id:
            raise MalformedCheckpoint("note key: its id does not fit; copy it again")
        return verifier

    def verify(self, note: Note) -> None:
        """Return only if the note has this key's signature and every such signature is right.

        Raises CheckpointForged.
        """
        mine = [s.data for s in note.signatures if (s.name, s.key_id) == (self.name, self.key_id)]
        if not mine:
            raise CheckpointForged("checkpoint: no signature of the log's key; ask the log again")
        for signature in mine:
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(
                    signature, note.text.encode("utf-8")
                )
            except (InvalidSignature, ValueError) as error:
                raise CheckpointForged(
                    "checkpoint: the log's signature does not verify; do not use it"
                ) from error


@dataclass(frozen=True, slots=True)
class LogSigner:
    """The log's private key: the origin is its name."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> LogVerifier:
        """The public half."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return LogVerifier(self.name, key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Note:
        """A note with this key's signature. Raises MalformedCheckpoint."""
        _check_name(self.name)
        _check_text(text)
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        signature = key.sign(text.encode("utf-8"))
        return Note(text, (NoteSignature(self.name, self.verifier.key_id, signature),))


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text; use it only after a verifier accepted it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_text(self) -> str:
        """The note as it travels."""
        lines = (f"\u2014 {s.name} {_base64(s.key_id + s.data)}\n" for s in self.signatures)
        return self.text + "\n" + "".join(lines)

    @classmethod
    def from_text(cls, text: str) -> Note:
        """Note from its text. Raises MalformedCheckpoint."""
        body, separator, tail = text.rpartition("\n\n")
        if len(text) > MAX_NOTE_CHARACTERS or not separator or not tail.endswith("\n"):
            raise MalformedCheckpoint("note: no signatures after an empty line")
        _check_text(body + "\n")
        lines = tail[:-1].split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise MalformedCheckpoint("note: too many signatures")
        return cls(body + "\n", tuple(_signature(line) for line in lines))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large the log is and what its root is."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), _base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    def sign(self, signer: LogSigner) -> str:
        """Signed checkpoint as text. Raises MalformedCheckpoint."""
        if signer.name != self.origin:
            raise MalformedCheckpoint("checkpoint: the log's key has another origin")
        return signer.sign(self.body()).to_text()

    @classmethod
    def from_body(cls, body: str) -> Checkpoint:
        """Checkpoint from the text of a note. Raises MalformedCheckpoint."""
        lines = body.removesuffix("\n").split("\n")
        if len(lines) < _BODY_LINES or not all(lines):
            raise MalformedCheckpoint("checkpoint: needs origin, size and root, no empty lines")
        if not _SIZE.match(lines[1]):
            raise MalformedCheckpoint("checkpoint, size: not a whole number")
        root = _bytes(lines[2], place="root")
        if len(root) != HASH_BYTES:
            raise MalformedCheckpoint("checkpoint, root: does not have 32 bytes")
        return cls(lines[0], int(lines[1]), root, tuple(lines[_BODY_LINES:]))


def verify(text: str, *, log: LogVerifier) -> Checkpoint:
    """Checkpoint of this log, once its signature and origin were found right.

    Raises MalformedCheckpoint, CheckpointForged.
    """
    note = Note.from_text(text)
    log.verify(note)
    checkpoint = Checkpoint.from_body(note.text)
    if checkpoint.origin != log.name:
        raise CheckpointForged("checkpoint: of another log than its key belongs to")
    return checkpoint


def extends(old: Checkpoint, new: Checkpoint, *, proof: Sequence[bytes]) -> None:
    """Return only if the new checkpoint continues the old one.

    Raises Rollback, HistoryEdited; either is worth an incident report.
    """
    if old.origin != new.origin:
        raise HistoryEdited("checkpoints: of two different logs")
    if new.size < old.size:
        raise Rollback("checkpoint: older than the one seen before")
    try:
        verify_consistency(
            old_size=old.size, old_root=old.root, size=new.size, root=new.root, proof=proof
        )
    except ProofBroken as error:
        raise HistoryEdited("checkpoints: the log's history was edited between them") from error


def _signature(line: str) -> NoteSignature:
    match = _SIGNATURE.match(line)
    data = _bytes(match[2], place="signature") if match else b""
    if match is None or len(data) <= KEY_ID_BYTES:
        raise MalformedCheckpoint("note: a signature line cannot be read")
    return NoteSignature(match[1], data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or "\ud800" <= c <= "\udfff" for c in name):
        raise MalformedCheckpoint("note key: a name has no spaces and no plus")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise MalformedCheckpoint("note: the text has control characters or no final newline")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str, *, place: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedCheckpoint(f"checkpoint, {place}: not base64") from error
    if _base64(data) != text:
        raise MalformedCheckpoint(f"checkpoint, {place}: base64 with stray bits")
    return data
