"""Whether the log names a release, shown by a file alone. Source: docs/specs/release.md section 4.

The run has no database of the log; it needs `public/release.json` and the log's public key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openregie.logbook import checkpoint, entry
from openregie.logbook.checkpoint import LogVerifier
from openregie.logbook.errors import ReleaseNotLogged
from openregie.logbook.proof import TlogProof, verify_inclusion
from openregie.release_digest import Release

FILE = "release.json"
"""In DIR/public: `{"v", "entry", "salt", "proof"}` of the newest `release.logged`."""
LOGGED = "release.logged"
UNLOGGED = "release.unlogged"
VERSION = 1
CHAIN = "vault"


def verify_released(told: Any, *, log: LogVerifier) -> Release:
    """The release that the log named, once entry, salt and proof lead to a head the log signed.

    Raises LogbookError.
    """
    if not isinstance(told, Mapping) or told.get("v") != VERSION:
        raise ReleaseNotLogged("release: not a file of this version")
    logged, salt = entry.opened(told)
    if (logged.chain, logged.mailbox, logged.type) != (CHAIN, None, LOGGED):
        raise ReleaseNotLogged("release: an entry about something else")
    try:
        release = Release.from_json(logged.event.get("release"))
        proof = TlogProof.from_text(told["proof"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ReleaseNotLogged("release: a field is missing or of another type") from error
    head = checkpoint.verify(proof.checkpoint, log=log)
    leaf = entry.leaf_of(type=logged.type, commit=entry.commit_of(logged, salt))
    verify_inclusion(leaf, index=proof.index, size=head.size, proof=proof.hashes, root=head.root)
    return release
