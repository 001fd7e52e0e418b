"""The hand-over: what leaves the run, in signed, numbered parts. See docs/specs/hand-over.md."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openregie.envelope import base64url, jcs
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.keys import Signer, VerifyKey

VERSION = 1
MANIFEST = "manifest.json"
CONTEXT = b"openregie/hand-over/v1\0"
PART_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9.-]+)?\.(jsonl|json|sealed)")
UNFINISHED = ".part"
SPENT = "spent"
"""Marks a hand-over that was taken in and whose sealed parts went with their term."""
LASTING = frozenset({MANIFEST, "receipt.json", "counts.json", SPENT})
RETURNS = "returns"
NUMBER = re.compile(r"[1-9][0-9]{0,11}")


REMEDY = (
    "nothing of it was used: restore its folder from a backup or, if `openregie take-in` never "
    "took it in, remove the folder and run again"
)


class HandOverRefused(EnvelopeError):
    """A hand-over is incomplete, changed or not signed by the run: nothing of it may be used."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a hand-over. Units: bytes, lines."""

    name: str
    sha256: str
    bytes: int
    lines: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a hand-over holds: its number, its day, the digest of the run's decisions, its parts."""

    tenant: str
    number: int
    day: str
    run: str
    parts: tuple[Part, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the part of the manifest that is signed."""
        return {
            "v": VERSION,
            "tenant": self.tenant,
            "number": self.number,
            "day": self.day,
            "run": self.run,
            "parts": [
                {"name": p.name, "sha256": p.sha256, "bytes": p.bytes, "lines": p.lines}
                for p in self.parts
            ],
        }

    def part(self, name: str) -> Part | None:
        """Return a part by its name, or None when the hand-over has no such part."""
        return next((part for part in self.parts if part.name == name), None)


def write(
    directory: Path,
    parts: Mapping[str, Iterable[bytes]],
    *,
    tenant: str,
    number: int,
    day: str,
    run: str,
    signer: Signer,
) -> Path:
    """Write a hand-over beside its final place and return that unfinished folder.

    Shape: `parts` gives lines per part name. Nothing is a hand-over before `finish` renames it.
    What cannot be written whole (no room, no rights) is taken away again; then raises OSError.
    """
    directory.mkdir(parents=True, exist_ok=True)
    sync(directory.parent)
    folder = directory / f"{number}{UNFINISHED}"
    _clear(folder)
    try:
        folder.mkdir()
        written = tuple(_write_part(folder, name, parts[name]) for name in sorted(parts))
        manifest = Manifest(tenant, number, day, run, written).to_json()
        signature = signer.sign(CONTEXT + jcs.canonical(manifest))
        signed = {**manifest, "signature": base64url.encode(signature)}
        _write_bytes(folder / MANIFEST, [jcs.canonical(signed)])
    except OSError:
        with suppress(OSError):
            _clear(folder)
        raise
    return folder


def finish(folder: Path) -> Path:
    """Give an unfinished hand-over its number, in one step.

    INVARIANT: every name in the folder is on disk before the number is, so that no power cut
    leaves a numbered folder with less in it than its manifest says.
    """
    for inner in sorted(one for one in folder.rglob("*") if one.is_dir()):
        sync(inner)
    sync(folder)
    final = folder.with_name(folder.name.removesuffix(UNFINISHED))
    folder.replace(final)
    sync(folder.parent)
    return final


def numbers(directory: Path) -> list[int]:
    """Return the numbers of all finished hand-overs, lowest first."""
    if not directory.is_dir():
        return []
    return sorted(int(one.name) for one in directory.iterdir() if NUMBER.fullmatch(one.name))


def newest(directory: Path) -> int:
    """Return the highest number of a finished hand-over; 0 when there is none."""
    return max(numbers(directory), default=0)


def read(folder: Path, *, verify: VerifyKey, tenant: str) -> Manifest:
    """Read a hand-over's manifest and check signature, number and the digest of every part.

    Raises `HandOverRefused`; whatever the reason, nothing of the folder may be used.
    """
    manifest = glance(folder, verify=verify, tenant=tenant)
    for part in manifest.parts:
        _check_part(folder, part)
    return manifest


def glance(folder: Path, *, verify: VerifyKey, tenant: str) -> Manifest:
    """Read a manifest and check its signature, its number and the size of every part.

    Quick, whatever the size: enough to see that a power cut or a full disk left it whole, not
    enough to use it. Raises `HandOverRefused`.
    """
    where = f"hand-over {folder.name}"
    try:
        signed = jcs.parse((folder / MANIFEST).read_bytes().rstrip(b"\n"), place=where)
        signature = base64url.decode(signed.pop("signature"), place=where)
        verify.verify(CONTEXT + jcs.canonical(signed), signature)
        parts = tuple(_part(**part) for part in signed["parts"])
        manifest = Manifest(signed["tenant"], signed["number"], signed["day"], signed["run"], parts)
        version = signed["v"]
    except (OSError, KeyError, TypeError, AttributeError, ValueError, EnvelopeError) as error:
        raise HandOverRefused(
            f"{where}: its manifest is missing, changed or not signed by the run; {REMEDY}"
        ) from error
    if version != VERSION or manifest.tenant != tenant or str(manifest.number) != folder.name:
        raise HandOverRefused(f"{where}: made for another version, tenant or number; {REMEDY}")
    spent = (folder / SPENT).is_file()
    for part in parts:
        if not (spent and part.name not in LASTING and not (folder / part.name).exists()):
            _check_size(folder, part)
    return manifest


def lines(folder: Path, part: str) -> Iterable[dict[str, Any]]:
    """Yield the lines of a part that `read` has checked. A part that is not there is empty."""
    file = folder / part
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as opened:
        for line in opened:
            yield json.loads(line)


def spendable(folder: Path, *, rows: bool) -> list[Path]:
    """Sealed parts that are still there; `rows`: those that went back to a source, else the rest.

    Manifest, receipt and counts are none of them.
    """
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in LASTING and (file.parent.name == RETURNS) is rows
    ]


def spend(folder: Path, *, rows: bool) -> None:
    """Take sealed parts of a hand-over away once it was taken in. Again after a crash: the rest.

    INVARIANT: the mark is on disk before a part goes, so that no hand-over looks cut short.
    """
    if not folder.is_dir():
        return
    (folder / SPENT).touch()
    sync(folder)
    for file in spendable(folder, rows=rows):
        file.unlink(missing_ok=True)
    sync(folder)


def _part(*, name: Any, sha256: Any, bytes: Any, lines: Any) -> Part:  # noqa: A002 - its field
    """A part as the manifest tells of it. Raises TypeError."""
    if [type(told) for told in (name, sha256, bytes, lines)] != [str, str, int, int]:
        raise TypeError("a part's name and digest are text, its bytes and lines whole numbers")
    return Part(name, sha256, bytes, lines)


def _write_part(folder: Path, name: str, content: Iterable[bytes]) -> Part:
    if not PART_NAME.fullmatch(name):
        raise HandOverRefused(f"hand-over part `{name}`: not a name a part may have")
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    return _write_bytes(file, content, name=name)


def _write_bytes(file: Path, content: Iterable[bytes], *, name: str = MANIFEST) -> Part:
    digest = hashlib.sha256()
    size = count = 0
    with file.open("wb") as opened:
        for line in content:
            whole = line + b"\n"
            digest.update(whole)
            size += len(whole)
            count += 1
            opened.write(whole)
        opened.flush()
        os.fsync(opened.fileno())
    return Part(name, digest.hexdigest(), size, count)


def _check_size(folder: Path, part: Part) -> None:
    where = f"hand-over {folder.name}"
    if not PART_NAME.fullmatch(part.name):
        raise HandOverRefused(f"{where}: a part has a name that no part may have; {REMEDY}")
    try:
        size = (folder / part.name).stat().st_size
    except OSError as error:
        raise HandOverRefused(f"{where}, part `{part.name}`: missing; {REMEDY}") from error
    if size != part.bytes:
        raise HandOverRefused(f"{where}, part `{part.name}`: not what the run signed; {REMEDY}")


def _check_part(folder: Path, part: Part) -> None:
    where = f"hand-over {folder.name}, part `{part.name}`"
    try:
        with (folder / part.name).open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise HandOverRefused(f"{where}: cannot be read; {REMEDY}") from error
    if digest != part.sha256:
        raise HandOverRefused(f"{where}: not what the run signed; {REMEDY}")


def _clear(folder: Path) -> None:
    """Remove what an earlier attempt left."""
    if folder.is_dir():
        for file in sorted(folder.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        folder.rmdir()


def sync(directory: Path) -> None:
    """Make the names in a folder durable: without it a power cut may undo a rename."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
