"""Reads how far the run is: from its progress file, and from what was handed over."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import Any

from openregie.sealed.vault.models import HandOver, Resident, Return
from openregie.terms import Mailbox


def latest_run(folder: Path, mailbox: Mailbox) -> dict[str, Any]:
    """State of the run that matters to this resident.

    Shape: {"state": idle | waiting | running | done, "stop", "done", "total", "finishedAt"}.
    `waiting`: something of theirs lies in the inbox that no finished run has seen.
    """
    last = HandOver.objects.filter(state=HandOver.State.TAKEN).order_by("-number").first()
    told: dict[str, Any] = {"stop": None, "done": None, "total": None, "finishedAt": None}
    if last and last.finished_at:
        told["finishedAt"] = last.finished_at.isoformat(timespec="seconds")
    under_way = _progress(folder)
    if under_way is not None:
        return {**told, **under_way, "state": "running"}
    if HandOver.objects.filter(state=HandOver.State.TAKING).exists():
        return {**told, "stop": "deliver", "state": "running"}
    if _waits(mailbox, last):
        return {**told, "state": "waiting"}
    return {**told, "state": "done" if last else "idle"}


def _waits(mailbox: Mailbox, last: HandOver | None) -> bool:
    resident = Resident.objects.filter(pk=mailbox).first()
    if resident and resident.state == Resident.State.ENROLLED and resident.sealed_by is None:
        return True
    sent = Return.objects.filter(mailbox=mailbox)
    if last and last.finished_at:
        sent = sent.exclude(written_at__lte=last.finished_at)
    return sent.exists()


def _progress(folder: Path) -> dict[str, Any] | None:
    """What the run says of itself; None when none is under way.

    A killed run leaves its file; the lock tells that nobody is at work any more.
    """
    try:
        with (folder / "run.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_progress(folder)
    except OSError:
        return None
    return None


def _read_progress(folder: Path) -> dict[str, Any] | None:
    try:
        said = json.loads((folder / "progress.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(said, dict) or said.get("done") is None:
        return None
    return {name: said.get(name) for name in ("stop", "done", "total")}
