"""What a ceremony writes and removes: share files, locked.json, plain keys. Each in one step."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openregie.envelope import custody, custody_locked, shares
from openregie.envelope.custody_locked import Locked
from openregie.envelope.errors import CustodyError, ShareRefused
from openregie.envelope.shares import Lock, Share

VERSION = 1
_NEW = ".new"


@dataclass(frozen=True, slots=True)
class Holding:
    """What one organisation keeps: its share of each lock."""

    tenant: str
    made_on: date
    number: int
    of: int
    shares: Mapping[Lock, Share]

    @property
    def is_spare(self) -> bool:
        """Whether it lies in a safe, for when another share is lost."""
        return self.number > shares.NEEDED

    def to_json(self) -> dict[str, Any]:
        """The share file: secret."""
        lines = {lock.value: list(shares.to_lines(share)) for lock, share in self.shares.items()}
        told = {"tenant": self.tenant, "madeOn": self.made_on.isoformat(), "number": self.number}
        return {"v": VERSION, **told, "of": self.of, **lines}


def write_holding(path: Path, holding: Holding) -> None:
    """Write a share file for this account alone, never over another. Raises ShareRefused."""
    text = json.dumps(holding.to_json(), indent=1, ensure_ascii=False) + "\n"
    try:
        write_secret(path, text.encode())
    except FileExistsError as error:
        raise ShareRefused(f"{path}: is there already; a share is never overwritten") from error
    except OSError as error:
        raise ShareRefused(f"{path}: cannot be written; check the folder and its rights") from error


def read_holding(path: Path) -> Holding:
    """Read a share file, or a file with the five typed lines of one share. Raises ShareRefused."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ShareRefused(f"{path}: cannot be read; is the medium there?") from error
    try:
        value = json.loads(text)
        held = {lock: shares.from_text("\n".join(value[lock.value])) for lock in Lock}
        made_on = date.fromisoformat(value["madeOn"])
        read = Holding(value["tenant"], made_on, value["number"], value["of"], held)
        mark = shares.tenant_mark(read.tenant)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ShareRefused(f"{path}: not a share file, or damaged; use the printed one") from error
    fits = all(
        (share.lock, share.number, share.tenant_mark) == (lock, read.number, mark)
        for lock, share in held.items()
    )
    if value.get("v") != VERSION or not fits:
        raise ShareRefused(f"{path}: its parts are of different shares; use the printed one")
    return read


def read_locked(directory: Path) -> Locked:
    """The locked file of a folder. Raises CustodyError."""
    path = directory / "custody" / custody.LOCKED
    try:
        return custody_locked.from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise CustodyError(
            f"custody/{custody.LOCKED}: the keys were never split; `openregie custody split`"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise CustodyError(
            f"custody/{custody.LOCKED}: cannot be read; restore it from a backup"
        ) from error


def write_locked(directory: Path, locked: Locked) -> None:
    """Replace the locked file. INVARIANT: at every moment the old one or the new one is whole."""
    text = json.dumps(locked.to_json(), indent=1, sort_keys=True) + "\n"
    _replace(directory / "custody" / custody.LOCKED, text.encode(), mode=0o600)


def write_public(directory: Path, locked: Locked) -> None:
    """Bring public/run.json up to the locked file."""
    text = json.dumps(dict(locked.public), indent=1, sort_keys=True) + "\n"
    _replace(directory / "public" / custody.RUN, text.encode(), mode=0o644)


def public_fits(directory: Path, locked: Locked) -> bool:
    """Whether public/run.json says what the locked file says."""
    try:
        said = json.loads((directory / "public" / custody.RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(said == dict(locked.public))


def unfinished(directory: Path) -> list[Path]:
    """What a ceremony that was broken off left half written; it opens nothing."""
    folders = (directory / "custody", directory / "public")
    return sorted(file for folder in folders for file in folder.glob(f"*{_NEW}"))


def plain_secrets(directory: Path) -> list[Path]:
    """The plain files that a split replaces, as far as they are there."""
    names = (custody.RUN, custody.TENANT_SECRET)
    return [path for name in names if (path := directory / "custody" / name).exists()]


def secrets_of_others(directory: Path) -> list[str]:
    """Private keys of teams, sources and the print house that still lie here."""
    folder = directory / "custody"
    found = [*folder.glob("teams/*.json"), *folder.glob("sources/*.json")]
    found += [file for file in (folder / "print-house.json",) if file.exists()]
    return sorted(file.relative_to(folder).with_suffix("").as_posix() for file in found)


def hand_out(directory: Path, name: str, to: Path) -> None:
    """Move a private key of another party out of the folder, to where they take it from.

    Raises CustodyError.
    """
    if name not in secrets_of_others(directory):
        raise CustodyError("custody: no such key here; `openregie custody status` names them")
    path = directory / "custody" / f"{name}.json"
    data = path.read_bytes()
    try:
        write_secret(to, data)
    except FileExistsError as error:
        raise CustodyError(f"{to}: is there already; a key is never overwritten") from error
    except OSError as error:
        raise CustodyError(f"{to}: cannot be written; check the folder and its rights") from error
    if to.read_bytes() != data:
        raise CustodyError(f"{to}: did not keep what was written; use another medium")
    remove(path)


def write_secret(path: Path, data: bytes) -> None:
    """Write a new file that only this account reads; on disk when this returns. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _sync(path.parent)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def remove(path: Path) -> None:
    """Overwrite a file, then remove it. On an SSD or in a backup its bytes may live on."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync(path.parent)


def _replace(path: Path, data: bytes, *, mode: int) -> None:
    new = path.with_name(path.name + _NEW)
    new.unlink(missing_ok=True)
    write_secret(new, data)
    new.chmod(mode)
    new.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
