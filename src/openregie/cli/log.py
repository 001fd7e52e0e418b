"""`openregie log`: questions to the log that nobody can quietly change."""

from __future__ import annotations

from pathlib import Path

import click

from openregie.cli import options, tenant
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.cli.progress import bars
from openregie.sealed.web.verify import verify


@click.group("log", epilog=EXIT_CODES_HELP)
def command() -> None:
    """Verify the log that nobody can quietly change."""


@command.command("verify", epilog=EXIT_CODES_HELP)
@options.directory
@options.as_json
def verify_log(directory: Path, as_json: bool) -> None:
    """Recompute the whole log and compare it with every head that was signed.

    Each entry in its place, each stored hash, each signed head, each resident's chain without a
    gap. Needs the log's public key alone. A log that was changed gives exit code 1 and the first
    place that is wrong.
    """
    place = tenant.find(directory)
    if not place.path("sealed", "db.sqlite3").is_file():
        raise Stop(
            f"folder `{directory}`: holds no log yet",
            remedy=f"make one with: openregie take-in --dir {directory}",
            code=Exit.NOT_READY,
        )
    with bars(quiet=as_json) as progress:
        found = verify(directory, progress=progress)
    lines = [
        f"log of {found.entries} entries in {found.chains} chains, {found.checkpoints} heads",
        f"  root {found.root}",
        f"  {found.waiting} entries wait for their place",
    ]
    lines += [f"  wrong: {_place(one.index)}{one.text}" for one in found.findings]
    lines.append("  sound" if found.is_sound else "  NOT SOUND")
    report(found.to_json(), as_json=as_json, lines="\n".join(lines))
    if not found.is_sound:
        raise SystemExit(Exit.PROBLEMS)


def _place(index: int | None) -> str:
    return "" if index is None else f"entry {index}: "
