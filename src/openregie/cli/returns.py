"""`openregie returns`: what a source does with the rows that went back to it."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from openregie.blind.streams.declaration import load_all
from openregie.cli import options
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.cli.returned_rows import Returned, ReturnedRow, find_files, open_files
from openregie.envelope import custody
from openregie.envelope.custody import RunPublic
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.keys import PrivateKey
from openregie.envelope.suites import S1

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OWN_HEADERS = ("run", "stream", "oin", "row", "column", "reason")
_RUN_PUBLIC = Path("public") / custody.RUN


@click.group("returns", epilog=EXIT_CODES_HELP)
def command() -> None:
    """Open the rows that went back to a source, to mend them."""


@command.command("open", epilog=EXIT_CODES_HELP)
@click.argument("place", type=click.Path(exists=True, path_type=Path))
@click.option("--key", "key_file", type=_FILE, required=True, help="The source's own key file.")
@click.option(
    "--run",
    "run_file",
    type=_FILE,
    help="The run's public key.  [default: public/run.json of the folder PLACE is in]",
)
@click.option("--number", type=click.IntRange(min=1), help="Of which run.  [default: the newest]")
@click.option("--oin", help="Only rows of this supplier (its organisation number).")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file to write: reason (columns with #) and row; only you may read it.",
)
@options.content
@options.as_json
def open_returns(
    place: Path,
    key_file: Path,
    run_file: Path | None,
    number: int | None,
    oin: str | None,
    out: Path | None,
    content: Path,
    as_json: bool,
) -> None:
    """Open rows that went back, with the reason for each, under your own column names.

    PLACE is a .jsonl file of returns, a folder with such files, or a municipality's folder. A row
    goes back when a cell does not fit the declaration, or when no resident surely fits. You see
    only what you sent: never a candidate person. Mend the rows at the source and deliver them
    anew; the next run reads them.

    Without --out or --json the screen shows the row number, the column and the reason alone.
    """
    if out is not None and out.exists():
        raise Stop(
            f"option --out: `{out}` is there already; it was left as it is",
            remedy="choose another name",
            code=Exit.USAGE,
        )
    run = _run_public(place, run_file)
    found = open_files(
        find_files(place, number=number),
        key=_key(key_file),
        verify=run.verify[S1.signature],
        tenant=run.tenant,
        streams=load_all(content / "streams"),
    )
    rows = [row for row in found.rows if oin in (None, row.oin)]
    if out is not None:
        _write_private(out, _as_csv(rows))
    told = {"files": found.files, "sealedToOthers": found.others}
    told_json = {**told, "rows": [row.to_json() for row in rows], "out": str(out) if out else None}
    report(told_json, as_json=as_json, lines=_lines(rows, found, out))
    if found.others and not found.files:
        raise Stop(
            f"option --key: opens none of {found.others} files; they are sealed to other sources",
            remedy="use the key whose public half the municipality has for your kind of source",
        )


def _key(file: Path) -> PrivateKey:
    remedy = "give the file of your own private key, as the municipality's `init` or you made it"
    try:
        return PrivateKey.from_json(json.loads(file.read_text(encoding="utf-8")))
    except EnvelopeError as error:
        raise Stop(f"option --key, file `{file.name}`: {error}", remedy=remedy) from error
    except (OSError, ValueError, RecursionError) as error:
        raise Stop(f"option --key, file `{file.name}`: not JSON", remedy=remedy) from error


def _run_public(place: Path, told: Path | None) -> RunPublic:
    """The run's public halves: as told, or of the nearest folder above that has them."""
    above = (place.resolve(), *place.resolve().parents)
    file = told or next((up / _RUN_PUBLIC for up in above if (up / _RUN_PUBLIC).is_file()), None)
    if file is None:
        raise Stop(
            f"`{place}`: no public/run.json in its folder or above it",
            remedy="give the run's public key with --run; the municipality publishes it",
            code=Exit.NOT_READY,
        )
    try:
        return custody.run_public_from_json(json.loads(file.read_text(encoding="utf-8")))
    except (EnvelopeError, KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise Stop(
            f"file `{file.name}` of the run's public key: cannot be read",
            remedy="fetch it again from the municipality",
        ) from error


def _as_csv(rows: Iterable[ReturnedRow]) -> str:
    """Reason and row; without the columns whose header starts with # it can be sent again."""
    rows = list(rows)
    headers = list(dict.fromkeys(header for row in rows for header in row.cells))
    written = io.StringIO(newline="")
    lines = csv.writer(written, delimiter=";")
    lines.writerow([*(f"#{name}" for name in _OWN_HEADERS), *headers])
    for row in rows:
        own: Mapping[str, Any] = row.to_json()
        cells = [row.cells.get(header, "") for header in headers]
        lines.writerow([*(own[name] for name in _OWN_HEADERS), *cells])
    return written.getvalue()


def _write_private(file: Path, text: str) -> None:
    """INVARIANT: rows are about people; no other account of this machine may read the file."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Stop(
            f"option --out: `{file}` cannot be written",
            remedy="make its folder first, or choose another place",
            code=Exit.USAGE,
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
        opened.write(text)


def _lines(rows: list[ReturnedRow], found: Returned, out: Path | None) -> str:
    """What the screen shows: no cell of any row."""
    lines = [f"{len(rows)} rows to mend, in {found.files} files"]
    by_part: dict[tuple[str, str, int], list[ReturnedRow]] = {}
    for row in rows:
        by_part.setdefault((row.stream, row.oin, row.run), []).append(row)
    for (stream, oin, run), part in by_part.items():
        lines.append(f"  {stream}, supplier {oin}, run {run}")
        lines += [f"    row {row.row}: {row.reason}" for row in part]
    lines += [f"  written to {out}"] if out else []
    return "\n".join(lines)
