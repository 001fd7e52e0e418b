"""`openregie backup`: one encrypted file from which a municipality's folder can be put back."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.lock import only_one
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.envelope import age, handover, revocations

VERSION = 1
KEY = "backup.json"
LABEL = "backup.json"
DATABASE = "sealed/db.sqlite3"
HOLDS = "holds.json"
PARTS = (
    "openregie.json",
    "public",
    "inbox",
    "state",
    "handover",
    "sealed",
    revocations.FILE,
    HOLDS,
)
"""All that a backup holds. INVARIANT: never custody, never a plain delivery, no sessions."""


@click.command("backup", epilog=EXIT_CODES_HELP)
@options.directory
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="Where: NAME.age, not in DIR."
)
@click.option(
    "--new-key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="First make the key that opens backups, here; not in DIR, not beside them.",
)
@options.as_json
def command(directory: Path, to: Path | None, new_key: Path | None, as_json: bool) -> None:
    """Write one age file from which the municipality's folder can be put back.

    Database, inbox, hand-overs and the run's memory of one moment, also while it is served; it
    waits for no run, and refuses while one is busy. Never in it: custody, sessions, plain delivery
    files. All that speaks of residents in it is sealed already; age closes names and totals too.

    Copy DIR/revocations.jsonl to another disk more often than you make backups: it says what may
    not come back, and `openregie restore` asks for its newest copy (docs/backup.md).
    """
    place = tenant.find(directory)
    if to is None and new_key is None:
        raise Stop("option --to: missing", remedy="name a file: --to NAME.age", code=Exit.USAGE)
    told: dict[str, Any] = {}
    with told_plainly(directory, "openregie backup"):
        if new_key is not None:
            told["recipient"] = make_key(directory, new_key)
        if to is not None:
            told |= write(place, to, now=datetime.now(UTC))
    lines = [f"key that opens backups: {new_key}; keep it apart from them"] if new_key else []
    if to is not None:
        lines += [
            f"backup: {to}, {told['bytes']} bytes, {told['files']} files",
            f"  log of {told['logSize']} entries; {told['revocations']} revocations so far",
        ]
    report(told, as_json=as_json, lines="\n".join(lines))


def make_key(directory: Path, file: Path) -> str:
    """Make the key pair of backups: the private half in `file`, the other in DIR/public.

    Raises `Stop` where a key would be overwritten or lie with what it opens.
    """
    _demand_outside(directory, file, "--new-key")
    if file.exists():
        raise Stop("option --new-key: the file is there already", remedy="name another file")
    identity = age.new_identity(os.urandom)
    recipient = age.recipient_of(identity)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(identity + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    public = directory / "public" / KEY
    public.write_text(json.dumps({"v": VERSION, "age": recipient}) + "\n", encoding="utf-8")
    return recipient


def write(place: tenant.Tenant, to: Path, *, now: datetime) -> dict[str, Any]:
    """Write one backup, whole or not at all; returns its totals. Raises `Stop`, LedgerBroken.

    Shape: an age file of a tar whose first member is the label `backup.json`.
    """
    directory = place.directory
    _demand_outside(directory, to, "--to")
    recipient = _recipient(directory)
    with only_one(directory), only_one(directory, "take-in"):
        # INVARIANT: the ledger is read before the database, and the database before the inbox.
        # What happens in between is replayed once more, or written to the inbox once more.
        ledger = revocations.read(directory / revocations.FILE)
        database, log_size = _snapshot(directory / DATABASE)
        label = {
            "v": VERSION,
            "tenant": place.id,
            "made_at": now.isoformat(timespec="seconds"),
            "log_size": log_size,
            "hand_over": handover.newest(directory / "handover"),
        }
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            _add(tar, LABEL, json.dumps(label).encode(), when=now.timestamp())
            _add(tar, DATABASE, database, when=now.timestamp())
            _add(tar, revocations.FILE, ledger.text, when=now.timestamp())
            files = 3
            for file in _files(directory):
                when = file.stat().st_mtime
                _add(tar, str(file.relative_to(directory)), file.read_bytes(), when=when)
                files += 1
    sealed = age.encrypt(archive.getvalue(), to=recipient)
    _write_whole(to, sealed)
    return {
        "file": str(to),
        "bytes": len(sealed),
        "files": files,
        "logSize": log_size,
        "revocations": sum(1 for line in ledger.lines if line.what),
    }


def _files(directory: Path) -> Iterator[Path]:
    """Every finished file of the parts; ledger and database are read apart."""
    yield directory / tenant.SETTINGS
    if (directory / HOLDS).is_file():
        yield directory / HOLDS
    for name in ("public", "inbox", "state"):
        for file in sorted((directory / name).rglob("*")):
            if file.is_file() and file.suffix not in (".part", ".tmp"):
                yield file
    for number in handover.numbers(directory / "handover"):
        folder = directory / "handover" / str(number)
        yield from (file for file in sorted(folder.rglob("*")) if file.is_file())


def _snapshot(file: Path) -> tuple[bytes, int]:
    """The database as it was at one moment, while others write; and how long its log is."""
    if not file.is_file():
        raise Stop(
            f"file `{file}`: the sealed zone has no database yet",
            remedy="begin with: openregie take-in",
            code=Exit.NOT_READY,
        )
    with (
        closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(":memory:")) as copy,
    ):
        live.backup(copy)
        sizes = copy.execute("SELECT max(size) FROM openregie_log_checkpoint").fetchall()
        return copy.serialize(), sizes[0][0] or 0


def _add(tar: tarfile.TarFile, name: str, data: bytes, *, when: float) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(data), 0o600, int(when)
    tar.addfile(member, io.BytesIO(data))


def _recipient(directory: Path) -> str:
    try:
        said = json.loads((directory / "public" / KEY).read_text(encoding="utf-8"))
        return str(said["age"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Stop(
            f"file `public/{KEY}`: there is no key for backups yet",
            remedy="make one, on a medium of its own: openregie backup --new-key FILE",
            code=Exit.NOT_READY,
        ) from error


def _demand_outside(directory: Path, file: Path, option: str) -> None:
    if file.resolve().is_relative_to(directory.resolve()):
        raise Stop(
            f"option {option}: lies in the municipality's folder, and would be lost with it",
            remedy="name a place on another disk",
            code=Exit.USAGE,
        )


def _write_whole(file: Path, data: bytes) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    handover.sync(file.parent)
