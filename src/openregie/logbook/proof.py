"""Check proofs, and carry one around as text. Source: RFC 9162 section 2.1; C2SP tlog-proof.

See docs/specs/log.md sections 3 and 5.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from openregie.logbook.errors import MalformedProof, ProofBroken
from openregie.logbook.tree import EMPTY_ROOT, HASH_BYTES, node_hash

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})\Z")
_ADVICE = "the leaf, the proof or the checkpoint was changed, or they do not belong together"


def root_of_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Root to which the proof leads from this leaf hash. Source: RFC 9162 2.1.3.2.

    Raises ProofBroken when the proof's length does not fit index and size.
    """
    if not 0 <= index < size:
        raise ProofBroken("inclusion: the index lies outside the tree")
    position, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofBroken("inclusion: the proof is longer than the tree is high")
        if position % 2 or position == last:
            value = node_hash(sibling, value)
            while position % 2 == 0 and position:
                position, last = position // 2, last // 2
        else:
            value = node_hash(value, sibling)
        position, last = position // 2, last // 2
    if last:
        raise ProofBroken("inclusion: the proof is shorter than the tree is high")
    return value


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Return only if the leaf hash is in the tree at this index. Raises ProofBroken."""
    if root_of_inclusion(leaf, index=index, size=size, proof=proof) != root:
        raise ProofBroken(f"inclusion: {_ADVICE}")


def verify_consistency(
    *, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Return only if the new tree begins with the old one. Source: RFC 9162 2.1.4.2.

    Raises ProofBroken.
    """
    if not 0 <= old_size <= size:
        raise ProofBroken("consistency: the new tree is smaller than the old one")
    if old_size in {0, size}:
        known = EMPTY_ROOT if old_size == 0 else root
        if proof or old_root != known:
            raise ProofBroken("consistency: same size, another root")
        return
    path = list(proof)
    if old_size & (old_size - 1) == 0:  # the old tree is complete: its root starts the path
        path.insert(0, old_root)
    if _roots_of_consistency(path, old_size=old_size, size=size) != (old_root, root):
        raise ProofBroken("consistency: the history was edited, or the proof belongs elsewhere")


def _roots_of_consistency(
    path: Sequence[bytes], *, old_size: int, size: int
) -> tuple[bytes, bytes]:
    """Old and new root to which a path leads. Raises ProofBroken on a wrong length."""
    if not path:
        raise ProofBroken("consistency: the proof is empty")
    old_position, position = old_size - 1, size - 1
    while old_position % 2:
        old_position, position = old_position // 2, position // 2
    old_value = value = path[0]
    for sibling in path[1:]:
        if position == 0:
            raise ProofBroken("consistency: the proof is longer than the tree is high")
        if old_position % 2 or old_position == position:
            old_value, value = node_hash(sibling, old_value), node_hash(sibling, value)
            while old_position % 2 == 0 and old_position:
                old_position, position = old_position // 2, position // 2
        else:
            value = node_hash(value, sibling)
        old_position, position = old_position // 2, position // 2
    if position:
        raise ProofBroken("consistency: the proof is shorter than the tree is high")
    return old_value, value


@dataclass(frozen=True, slots=True)
class TlogProof:
    """An inclusion proof with its checkpoint: stands alone, is checked offline."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def to_text(self) -> str:
        """Text in the C2SP tlog-proof format."""
        extra = [] if self.extra is None else [f"extra {_base64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *(_base64(h) for h in self.hashes)]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def from_text(cls, text: str) -> TlogProof:
        """Proof from its text; the checkpoint is kept as it is, still to be verified.

        Raises MalformedProof.
        """
        head, separator, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not separator or lines[0] != HEADER:
            raise MalformedProof("proof: does not begin as a tlog-proof of version 1")
        rest = lines[1:]
        extra = None
        if rest and rest[0].startswith("extra "):
            extra = _bytes(rest.pop(0).removeprefix("extra "), place="extra")
        match = _INDEX.match(rest.pop(0)) if rest else None
        if match is None:
            raise MalformedProof("proof, line `index`: missing or not a whole number")
        if len(rest) > MAX_HASHES:
            raise MalformedProof("proof: more hashes than any tree is high")
        hashes = tuple(_bytes(line, place="hash") for line in rest)
        if any(len(value) != HASH_BYTES for value in hashes):
            raise MalformedProof("proof: a hash does not have 32 bytes")
        return cls(int(match[1]), hashes, checkpoint, extra)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str, *, place: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedProof(f"proof, line `{place}`: not base64") from error
    if _base64(data) != text:
        raise MalformedProof(f"proof, line `{place}`: base64 with stray bits")
    return data
