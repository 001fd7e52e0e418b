"""The inbox: accepted deliveries at rest, age-encrypted to the run, each with a clear manifest."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from openregie.blind.streams.errors import DeliveryRefused, InboxUnusable
from openregie.blind.streams.limits import MAX_FILE_BYTES, MAX_MANIFEST_BYTES
from openregie.blind.streams.manifest import Manifest, parse_json_object, parse_manifest
from openregie.blind.streams.own_file import read_own

_OWN_KEYS = ("sealed_by_source", "sequence")


@dataclass(frozen=True, slots=True)
class Kept:
    """One delivery in the inbox.

    `sealed_by_source`: the source encrypted it, nobody has judged it yet. `sequence` tells
    deliveries of one source and day apart, in the order in which they came.
    """

    manifest: Manifest
    sealed_by_source: bool
    sequence: int
    file: Path

    @property
    def order(self) -> tuple[str, int, str]:
        """Later deliveries are larger."""
        return (self.manifest.delivered_on.isoformat(), self.sequence, self.manifest.delivery_id)


def keep(
    data: bytes, manifest: Manifest, *, sealed_by_source: bool, inbox: Path
) -> tuple[Path, bool]:
    """Write one encrypted delivery; says where, and whether it was there already.

    The manifest is written last: without it a delivery does not exist. Raises InboxUnusable.
    """
    folder = inbox / manifest.stream
    file = folder / f"{manifest.delivery_id}.age"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if file.exists() and file.with_suffix(".json").exists():
            return file, True
        own: dict[str, object] = {
            "sealed_by_source": sealed_by_source,
            "sequence": _next_sequence(folder, manifest),
        }
        _write(file, data)
        text = json.dumps({**manifest.to_json(), **own}, ensure_ascii=False, sort_keys=True)
        _write(file.with_suffix(".json"), text.encode() + b"\n")
    except OSError as error:
        message = f"inbox, stream `{manifest.stream}`: cannot be written; check rights and room"
        raise InboxUnusable(message) from error
    return file, False


def list_kept(inbox: Path, stream: str) -> tuple[list[Kept], dict[str, tuple[str, ...]]]:
    """Deliveries of one stream, oldest first; and file stem -> reasons of those that fail."""
    kept: list[Kept] = []
    refused: dict[str, tuple[str, ...]] = {}
    for file in sorted((inbox / stream).glob("*.json")):
        try:
            kept.append(_kept(file, stream))
        except DeliveryRefused as error:
            refused[file.stem] = error.reasons
    return sorted(kept, key=lambda one: one.order), refused


def read_kept(kept: Kept) -> bytes:
    """The encrypted bytes. Raises DeliveryRefused."""
    try:
        return read_own(kept.file, at_most=2 * MAX_FILE_BYTES)
    except OSError as error:
        raise DeliveryRefused(("file: cannot be read; deliver it again",)) from error


def _kept(file: Path, stream: str) -> Kept:
    try:
        data = read_own(file, at_most=MAX_MANIFEST_BYTES)
    except OSError as error:
        raise DeliveryRefused(("manifest: cannot be read; check the rights",)) from error
    value = parse_json_object(data)
    manifest = parse_manifest({key: value[key] for key in value if key not in _OWN_KEYS})
    sealed, sequence = value.get("sealed_by_source"), value.get("sequence")
    if not isinstance(sealed, bool) or not isinstance(sequence, int):
        raise DeliveryRefused(("manifest: not written by intake; deliver the file again",))
    if manifest.stream != stream or manifest.delivery_id != file.stem:
        raise DeliveryRefused(("manifest: changed since intake; deliver the file again",))
    return Kept(manifest, sealed, sequence, file.with_suffix(".age"))


def _next_sequence(folder: Path, manifest: Manifest) -> int:
    mine = (manifest.supplier_oin, manifest.delivered_on)
    kept, _refused = list_kept(folder.parent, folder.name)
    theirs = [(one.manifest.supplier_oin, one.manifest.delivered_on) for one in kept]
    return theirs.count(mine) + 1


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, also after a power cut."""
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
