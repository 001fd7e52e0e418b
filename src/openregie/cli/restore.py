"""`openregie restore`: put a backup back, without what was revoked since it was made."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from openregie.cli import options, retain, tenant
from openregie.cli.backup import DATABASE, LABEL, PARTS, VERSION
from openregie.cli.disk import told_plainly
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.envelope import age, handover, revocations
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.revocations import Kind, Ledger, Line
from openregie.sealed.web.restoring import replay
from openregie.sealed.web.verify import verify

UNFINISHED = ".restoring"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("restore", epilog=EXIT_CODES_HELP)
@click.argument("file", type=_FILE)
@click.option("--dir", "directory", type=click.Path(path_type=Path), required=True, help="New.")
@click.option("--identity", type=_FILE, required=True, help="The key that opens backups.")
@click.option("--revocations", "ledger", type=_FILE, help="The newest revocations.jsonl there is.")
@click.option(
    "--revocations-lost",
    is_flag=True,
    help="There is none: end the keys of every resident, so that nobody who stopped comes back.",
)
@click.option(
    "--log-goes-back",
    is_flag=True,
    help="No newer backup exists: accept that the log loses entries. An incident: docs/backup.md.",
)
@options.content
@options.on
@options.as_json
def command(
    file: Path,
    directory: Path,
    identity: Path,
    ledger: Path | None,
    revocations_lost: bool,
    log_goes_back: bool,
    content: Path,
    on: date,
    as_json: bool,
) -> None:
    """Put a backup back in a new folder, without what was revoked since it was made.

    Who withdrew, was erased or made new keys after the backup, and each wrap that was removed, is
    taken out again before the folder gets its name: nothing can be served from it earlier. A backup
    of before the log's last signed head is refused, unless you say that it is all there is.

    What is past its term on the day goes as well, as `openregie retain` would take it.

    Custody is in no backup: put it back from where the keys are kept.
    """
    if (ledger is None) is not revocations_lost:
        raise Stop(
            "option --revocations: without the newest revocations.jsonl, a backup would bring "
            "back who withdrew or was erased since",
            remedy="name its newest copy; if there is none at all: --revocations-lost",
            code=Exit.USAGE,
        )
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Stop(
            f"folder `{directory}`: holds something already",
            remedy="choose a new --dir; nothing is ever put back over what is there",
        )
    with told_plainly(directory, "openregie restore"):
        members = unpack(open_backup(file, identity))
        done = put_back(
            members,
            directory,
            identity=identity.read_text(encoding="utf-8").strip(),
            newest=revocations.read(ledger) if ledger else None,
            log_goes_back=log_goes_back,
            content=content,
            on=on,
            now=datetime.now(UTC),
        )
    told = ", ".join(f"{number} {name}" for name, number in done["revoked"].items())
    report(
        done,
        as_json=as_json,
        lines=f"restored {directory}: backup of {done['madeAt']}, log of {done['logSize']} entries"
        f"\n  taken out again: {told}"
        f"\n  corrections and objections of after it, put back: {done['putBack']}"
        f"\n  next: put custody/ back, then openregie log verify"
        f" --dir {directory}",
    )


def open_backup(file: Path, identity: Path) -> bytes:
    """The archive inside, checked to its last byte. Raises `Stop`."""
    try:
        return age.decrypt(file.read_bytes(), identity=identity.read_text(encoding="utf-8").strip())
    except EnvelopeError as error:
        raise Stop(
            f"file `{file.name}`: not a backup, cut short, changed, or of another key",
            remedy="try the backup before it, or the key that was in use when it was made",
        ) from error


def unpack(archive: bytes) -> dict[str, tuple[bytes, float]]:
    """Name to bytes and time of every file, in memory. Raises `Stop` for what no backup holds."""
    members: dict[str, tuple[bytes, float]] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
            for member in tar:
                opened = tar.extractfile(member) if member.isreg() else None
                top = member.name.partition("/")[0]
                if opened is None or not _NAME.fullmatch(member.name) or top not in (*PARTS, LABEL):
                    raise _not_ours()
                members[member.name] = (opened.read(), member.mtime)
    except tarfile.TarError as error:
        raise _not_ours() from error
    if not {LABEL, DATABASE, tenant.SETTINGS, revocations.FILE} <= set(members):
        raise _not_ours()
    return members


def put_back(
    members: dict[str, tuple[bytes, float]],
    directory: Path,
    *,
    identity: str,
    newest: Ledger | None,
    log_goes_back: bool,
    content: Path,
    on: date,
    now: datetime,
) -> dict[str, Any]:
    """Write, replay, check, and only then give the folder its name.

    INVARIANT: a folder of that name never holds what was revoked. A crash leaves NAME.restoring,
    which the next attempt begins anew. Raises `Stop`, LedgerBroken.
    """
    label = json.loads(members[LABEL][0])
    if label["v"] != VERSION:
        raise _not_ours()
    then = revocations.parse(members[revocations.FILE][0])
    known = then if newest is None else newest
    since = known.since(then)
    if label["log_size"] < known.log_size and not log_goes_back:
        raise Stop(
            f"the log of this backup has {label['log_size']} entries, and was signed at "
            f"{known.log_size} since: it would go back",
            remedy="put a newer backup back; if there is none, add --log-goes-back and follow "
            "docs/backup.md, for residents' devices will see it",
        )
    sent = _open_sent(since, identity)
    folder = directory.with_name(directory.name + UNFINISHED)
    shutil.rmtree(folder, ignore_errors=True)
    _write_all(folder, members)
    _write_settings(folder, members[tenant.SETTINGS][0], without_login=True)
    revoked, returned = replay(folder, since, sent=sent, everyone=newest is None)
    retain.sweep(folder, content, on=on, zone="both", dry=False)
    if not verify(folder).is_sound:
        raise Stop(
            "the log of this backup is not sound", remedy="put another backup back; keep this one"
        )
    ledger = folder / revocations.FILE
    ledger.write_bytes(known.text)
    revocations.append(ledger, [Line(Kind.RESTORED, now.date(), size=label["log_size"])])
    _write_settings(folder, members[tenant.SETTINGS][0], without_login=False)
    if directory.is_dir():
        directory.rmdir()
    folder.replace(directory)
    handover.sync(directory.parent)
    return {
        "directory": str(directory),
        "madeAt": label["made_at"],
        "logSize": label["log_size"],
        "logWas": known.log_size,
        "handOver": label["hand_over"],
        "revoked": revoked,
        "putBack": returned,
    }


def _open_sent(since: Iterable[Line], identity: str) -> list[tuple[date, dict[str, Any]]]:
    """Corrections and objections of after the backup, with their day. Raises `Stop`."""
    lines = [line for line in since if line.kind is Kind.SENT]
    try:
        return [(line.on, revocations.open_sent(line, identity=identity)) for line in lines]
    except EnvelopeError as error:
        raise Stop(
            "corrections and objections since the backup are closed to another key of backups",
            remedy="write the newer key as a second line in the file of --identity",
        ) from error


def _write_all(folder: Path, members: dict[str, tuple[bytes, float]]) -> None:
    folder.mkdir(mode=0o700, parents=True)
    for name in ("inbox", "state", "handover", "sealed", "deliveries"):
        (folder / name).mkdir(mode=0o700)
    for name, (data, when) in members.items():
        if name != LABEL:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            os.utime(file, (when, when))


def _write_settings(folder: Path, text: bytes, *, without_login: bool) -> None:
    """The settings as they were; while replaying without the login, whose secret is elsewhere."""
    said = json.loads(text)
    if without_login:
        said.pop("login", None)
    (folder / tenant.SETTINGS).write_text(
        json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _not_ours() -> Stop:
    return Stop(
        "the archive is not one that `openregie backup` writes",
        remedy="name a file that it wrote",
    )
