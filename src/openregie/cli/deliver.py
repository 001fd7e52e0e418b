"""`openregie deliver`: check a source's file and put it in the inbox, encrypted to the run."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import click

from openregie.blind.streams.checking import check_file
from openregie.blind.streams.declaration import load_all
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.intake import receive
from openregie.blind.streams.manifest import read_manifest
from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.cli.progress import bars
from openregie.envelope import custody

SIDECAR = ".delivery.json"


def manifest_of(file: Path, told: dict[str, Any]) -> dict[str, Any]:
    """Return a file's manifest: the sidecar <file>.delivery.json, or what the options say.

    Raises `Stop` when there is neither, DeliveryRefused when the sidecar is no manifest.
    """
    sidecar = file.with_name(file.name + SIDECAR)
    if sidecar.exists() or sidecar.is_symlink():
        return dict(read_manifest(sidecar))
    if missing := [name for name in ("stream", "supplier", "oin") if not told.get(name)]:
        raise Stop(
            f"file `{file.name}`: no {SIDECAR} beside it, and option --{missing[0]} is missing",
            remedy="give --stream, --supplier and --oin, or put the manifest beside the file",
            code=Exit.USAGE,
        )
    on: date = told["on"]
    first: date = told["covers_from"] or on.replace(day=1)
    return {
        "v": 1,
        "stream": told["stream"],
        "supplier": {"name": told["supplier"], "oin": told["oin"]},
        "delivered_on": on.isoformat(),
        "covers": {"from_on": first.isoformat(), "until_on": on.isoformat()},
        "attests": list(told["attests"]),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


@click.command("deliver", epilog=EXIT_CODES_HELP)
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.directory
@options.content
@options.on
@click.option("--stream", help="Which declared stream this is: rent_arrears.")
@click.option("--supplier", help="Who delivers: 'Woonstichting De Linde'.")
@click.option("--oin", help="The supplier's organisation number (20 digits).")
@click.option("--covers-from", type=options.Day(), help="First day the file is about.")
@click.option("--attest", "attests", multiple=True, help="A condition you attest; repeat it.")
@click.option("--check", "only_check", is_flag=True, help="Say every error; deliver nothing.")
@options.as_json
def command(
    files: tuple[Path, ...],
    directory: Path,
    content: Path,
    on: date,
    only_check: bool,
    as_json: bool,
    **told: Any,
) -> None:
    """Check files and put them in the inbox, encrypted to the run's key.

    A file is refused whole, with every reason, when its columns, dates or attestations do not fit
    its declaration in content/streams. What is delivered cannot be read back from the inbox. The
    same file twice is one delivery. With no FILES, everything in DIR/deliveries is delivered.
    """
    if only_check:
        check(files, directory, content, on=on, stream=told["stream"], as_json=as_json)
        return
    tenant.find(directory)
    found = files or delivered_files(directory)
    with told_plainly(directory, "openregie deliver"):
        accepted, refused = deliver(found, directory, content, on=on, told={**told, "on": on})
    lines = [
        f"  {name:<44} {'was here already' if one.known else 'accepted':<17} {one.rows or 0} rows"
        for name, one in accepted
    ]
    lines += [f"  {name:<44} refused\n" + _reasons(reasons) for name, reasons in refused]
    told_json = {
        "accepted": [
            {"file": n, "deliveryId": a.delivery_id, "stream": a.stream, "rows": a.rows}
            for n, a in accepted
        ],
        "refused": [{"file": name, "reasons": list(reasons)} for name, reasons in refused],
    }
    report(told_json, as_json=as_json, lines="\n".join(lines) or "nothing to deliver")
    if refused:
        raise SystemExit(Exit.REFUSED)


def deliver(
    files: tuple[Path, ...],
    directory: Path,
    content: Path,
    *,
    on: date,
    told: dict[str, Any],
    quiet: bool = False,
) -> tuple[list[tuple[str, Any]], list[tuple[str, tuple[str, ...]]]]:
    """Deliver files one by one; a refused one does not stop the others."""
    streams = load_all(content / "streams")
    recipient = custody.load_run_public(directory).age_recipient
    accepted: list[tuple[str, Any]] = []
    refused: list[tuple[str, tuple[str, ...]]] = []
    with bars(quiet=quiet) as progress:
        for done, file in enumerate(files, start=1):
            try:
                one = receive(
                    file,
                    manifest_of(file, told),
                    streams=streams,
                    inbox=directory / "inbox",
                    run_recipient=recipient,
                    today=on,
                )
                accepted.append((file.name, one))
            except DeliveryRefused as error:
                refused.append((file.name, error.reasons))
            progress("deliver files", done, len(files))
    return accepted, refused


def check(
    files: tuple[Path, ...],
    directory: Path,
    content: Path,
    *,
    on: date,
    stream: str | None,
    as_json: bool,
) -> None:
    """Say every error of every file, by row and column; nothing is delivered.

    Exit code 1 when a file would be refused or a row put apart.
    """
    streams = load_all(content / "streams")
    reports, lines = [], []
    for file in files or delivered_files(directory):
        named = stream or _stream_of(file)
        if named not in streams:
            raise Stop(
                f"file `{file.name}`: its stream is not declared",
                remedy=f"name one with --stream: {', '.join(sorted(streams))}",
                code=Exit.USAGE,
            )
        found = check_file(file, streams[named], today=on)
        reports.append({"file": file.name, **found.to_json()})
        lines.append(f"  {file.name:<44} {'fits' if found.ok else 'does not fit'}")
        lines += [f"    - {reason}" for reason in found.reasons]
        lines += [f"    - row {error.row_number}: {error.reason}" for error in found.errors]
    report({"files": reports}, as_json=as_json, lines="\n".join(lines) or "nothing to check")
    if not all(one["ok"] for one in reports):
        raise SystemExit(Exit.PROBLEMS)


def _stream_of(file: Path) -> str:
    """The stream that a file's manifest names. Raises `Stop` when it is no manifest."""
    try:
        return str(manifest_of(file, {}).get("stream"))
    except DeliveryRefused as error:
        raise Stop(
            f"file `{file.name}`, {error.reasons[0]}",
            remedy="or name the stream with --stream",
        ) from error


def delivered_files(directory: Path) -> tuple[Path, ...]:
    """Return the data files of DIR/deliveries, without their manifests."""
    found = sorted((directory / "deliveries").glob("*"))
    return tuple(file for file in found if not file.name.endswith(SIDECAR))


def _reasons(reasons: tuple[str, ...]) -> str:
    return "\n".join(f"    - {reason}" for reason in reasons)
