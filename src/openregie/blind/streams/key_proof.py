"""Whether the log knows a resident's keys: the run seals to no key that nobody could see added."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from openregie.envelope.keys import VerifyKey
from openregie.envelope.vault_keys import VaultPublic
from openregie.logbook import checkpoint, entry
from openregie.logbook.errors import LogbookError
from openregie.logbook.proof import TlogProof, verify_inclusion

_TYPES = {"enrol": "key.added", "withdraw": "key.withdrawn"}


class KeysNotLogged(LogbookError):
    """The proof that came with a `keys` return does not show these keys in the log."""


def verify_logged(payload: Mapping[str, Any], told: object, *, log: tuple[str, VerifyKey]) -> int:
    """Index of the log entry that speaks of exactly these keys. Raises LogbookError.

    `told`: `{"entry", "salt", "proof"}` of a `keys` return; `log`: the log's origin and key.
    """
    if not isinstance(told, Mapping) or not isinstance(told.get("proof"), str):
        raise KeysNotLogged("field `log`: missing; the log must know the keys first")
    logged, salt = entry.opened(told)
    event = logged.event
    if logged.mailbox != payload.get("mailbox"):
        raise KeysNotLogged("field `log`: an entry of another mailbox")
    if event.get("type") != _TYPES.get(str(payload.get("action"))):
        raise KeysNotLogged("field `log`: an entry of another kind of event")
    if payload.get("action") == "withdraw":
        same = event.get("epoch") == payload.get("epoch")
    else:
        same = event.get("keys") == VaultPublic.from_json(dict(payload)).to_json()
    if not same:
        raise KeysNotLogged("field `log`: an entry about other keys")
    proof = TlogProof.from_text(told["proof"])
    origin, key = log
    head = _head(proof.checkpoint, origin, key.raw)
    leaf = entry.leaf_of(type=logged.type, commit=entry.commit_of(logged, salt))
    verify_inclusion(leaf, index=proof.index, size=head.size, proof=proof.hashes, root=head.root)
    return proof.index


@lru_cache(maxsize=64)
def _head(text: str, origin: str, key: bytes) -> checkpoint.Checkpoint:
    """The signed head; verified once, for the returns of one day mostly carry the same."""
    return checkpoint.verify(text, log=checkpoint.LogVerifier(origin, key))
