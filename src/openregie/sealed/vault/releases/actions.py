"""Puts in the log what runs here, and which run the log did not know before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from openregie.logbook import released
from openregie.release_digest import Release
from openregie.sealed.log import actions as log
from openregie.sealed.log.models import Entry
from openregie.sealed.log.tree.actions import proof_text, sequence
from openregie.sealed.vault import keyring
from openregie.sealed.vault.actions import Vault
from openregie.sealed.vault.ledger import actions as ledger


def log_release(vault: Vault, release: Release, *, now: datetime) -> tuple[dict[str, Any], bool]:
    """Name a release in the log, unless its newest entry of this kind does; whether it was new.

    Shape: what public/release.json says, with a proof up to the newest head. Doing it again makes
    a new proof of the same entry. Raises RolledBack.
    """
    ledger.demand_newest(vault)
    with transaction.atomic():
        entry = log.last_for_tenant(released.LOGGED)
        is_new = entry is None or _release_of(entry) != release.to_json()
        if entry is None or is_new:
            entry = log.append_for_tenant(released.LOGGED, {"release": release.to_json()}, now=now)
    sequence(keyring.log_signer(vault.folder), now=now)
    ledger.keep_head(vault, now=now)
    told = {"v": released.VERSION, **json.loads(entry.sealed), "proof": proof_text(entry.pk)}
    return told, is_new


def note_unlogged(release: Any, *, run: int, now: datetime) -> None:
    """Say in the log that a run had the keys while the log did not name its release.

    `release` as its receipt says it. Inside the transaction that marks its hand-over as taken.
    """
    if isinstance(release, Mapping) and release.get("logged") is False:
        log.append_for_tenant(released.UNLOGGED, {"run": run, "release": dict(release)}, now=now)


def _release_of(entry: Entry) -> Any:
    return json.loads(entry.sealed)["entry"]["event"]["release"]
