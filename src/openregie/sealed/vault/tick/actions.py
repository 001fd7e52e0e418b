"""The vault's heartbeat: harmless to call at any time, from any thread."""

from __future__ import annotations

import threading
from datetime import datetime

from openregie.sealed.log.tree.actions import sequence
from openregie.sealed.vault import keyring
from openregie.sealed.vault.actions import Vault
from openregie.sealed.vault.inbox.actions import write_due
from openregie.sealed.vault.ledger.actions import keep_head

_ONE_AT_A_TIME = threading.Lock()


def tick(vault: Vault, *, now: datetime) -> tuple[int, int]:
    """Sequence what waits, then put due returns in the inbox: how many of each."""
    with _ONE_AT_A_TIME:
        placed = sequence(keyring.log_signer(vault.folder), now=now)
        if placed:
            keep_head(vault, now=now)
        return placed, write_due(vault, now=now)
