"""Writes returns that are due as files in the run's inbox. A file is whole or it is not there."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.db import transaction

from openregie.sealed.log.errors import NotSequenced
from openregie.sealed.log.tree.actions import proof_text
from openregie.sealed.vault.actions import Vault, return_id
from openregie.sealed.vault.models import Return


def write_due(vault: Vault, *, now: datetime) -> int:
    """Put every return that is due in the inbox, and empty our copy. Returns how many.

    A `keys` return goes with the proof that the log knows its keys; it waits for its place in the
    tree. Writing twice writes the same file: a crash in between does no harm.
    """
    written = 0
    for held in Return.objects.filter(written_at=None, due_at__lte=now).order_by("pk"):
        try:
            body = _with_proof(held)
        except NotSequenced:
            continue
        _write(vault.folder / "inbox" / held.stream / f"{held.return_id}.return", body)
        with transaction.atomic():
            Return.objects.filter(pk=held.pk).update(body="", proof="", written_at=now)
        written += 1
    return written


def put_back(vault: Vault, sealed_return: dict[str, Any], *, on: date) -> None:
    """Put a return that came after a backup in the inbox again, of the day it was sent.

    It has the name it had: putting it back twice, or beside itself, changes nothing.
    """
    name = return_id(sealed_return)
    file = vault.folder / "inbox" / sealed_return["stream"] / f"{name}.return"
    if not file.exists():
        _write(file, sealed_return)
        when = datetime.combine(on, time(), UTC).timestamp()
        os.utime(file, (when, when))


def _with_proof(held: Return) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(held.body)
    if held.proof_of is None:
        return body
    return {**body, "log": {**json.loads(held.proof), "proof": proof_text(held.proof_of)}}


def _write(path: Path, body: dict[str, Any]) -> None:
    """Write beside its place, make it durable, then give it its name in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.part")
    with beside.open("w", encoding="utf-8") as opened:
        json.dump(body, opened, sort_keys=True, separators=(",", ":"))
        opened.write("\n")
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
