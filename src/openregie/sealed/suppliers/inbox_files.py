"""Writes a delivery into the run's inbox as intake does: whole or not at all, manifest last."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write_sealed(inbox: Path, stream: str, delivery_id: str, data: bytes) -> None:
    """Write the age file. Without its manifest the run does not see it."""
    folder = inbox / stream
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / f"{delivery_id}.age", data)


def write_manifest(inbox: Path, delivery_id: str, manifest: dict[str, Any]) -> None:
    """Write the manifest: from now on the delivery exists. Writing twice writes the same."""
    file = inbox / manifest["stream"] / f"{delivery_id}.json"
    if not file.exists():
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True)
        _write(file, text.encode() + b"\n")


def next_sequence(inbox: Path, manifest: dict[str, Any]) -> int:
    """One more than the last of this supplier, stream and day."""
    mine = (manifest["supplier"]["oin"], manifest["delivered_on"])
    last = 0
    for file in (inbox / manifest["stream"]).glob("*.json"):
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            if (told["supplier"]["oin"], told["delivered_on"]) == mine:
                last = max(last, int(told["sequence"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # the run names what it cannot read
    return last + 1


def _write(file: Path, data: bytes) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
