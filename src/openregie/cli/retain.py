"""`openregie retain`: what is past its term goes, in both zones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.lock import only_one
from openregie.cli.outcome import EXIT_CODES_HELP, report
from openregie.envelope import handover
from openregie.policy import keeping
from openregie.policy.keeping import Ended, Terms


@click.command("retain", epilog=EXIT_CODES_HELP)
@options.directory
@options.content
@options.on
@click.option("--zone", type=click.Choice(["blind", "sealed", "both"]), default="both")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would go and why; take nothing.")
@options.as_json
def command(directory: Path, content: Path, on: date, zone: str, dry: bool, as_json: bool) -> None:
    """Take away what is past its term on a day. Give it each night, before the run.

    Terms stand in content/streams (`retention_days`) and content/retention.yaml; what each table
    and file has stands in docs/retention.md. Manifest, receipt and counts of each hand-over stay,
    and the log's commitments. A fact whose term ended leaves the vault at the next run, which does
    not read it any more.

    It is a verb of its own, not a part of `run`: the run is a pure function of what lies there, and
    never deletes what it reads. Files are removed, not overwritten; all of them were encrypted.
    Doing it again takes nothing more; after a crash it goes on where it was.
    """
    tenant.find(directory)
    with told_plainly(directory, "openregie retain"), only_one(directory):
        ended = sweep(directory, content, on=on, zone=zone, dry=dry)
    verb = "would go" if dry else "went"
    lines = [f"  {one.number:>6} {one.what} {verb}: {one.why}" for one in ended]
    told = {"on": on.isoformat(), "dryRun": dry, "ended": [one.to_json() for one in ended]}
    report(told, as_json=as_json, lines="\n".join(lines) or "  nothing is past its term")


def sweep(directory: Path, content: Path, *, on: date, zone: str, dry: bool) -> list[Ended]:
    """Take away what is past its term in one zone or both; the caller holds the run's lock."""
    terms = keeping.load(content / "retention.yaml")
    ended: list[Ended] = []
    if zone != "sealed":
        ended += _sweep_blind(directory, content, terms, on=on, dry=dry)
    if zone != "blind" and (directory / "sealed" / "db.sqlite3").is_file():
        from openregie.sealed.web import retention  # noqa: PLC0415 - the other image

        with only_one(directory, "take-in"):
            ended += retention.sweep(directory, terms, on=on, dry=dry)
    return ended


def _sweep_blind(
    directory: Path, content: Path, terms: Terms, *, on: date, dry: bool
) -> list[Ended]:
    from openregie.blind.streams import retention  # noqa: PLC0415 - the other image
    from openregie.blind.streams.declaration import load_all  # noqa: PLC0415 - the other image

    streams = load_all(content / "streams").values()
    ended = retention.sweep(directory / "inbox", streams, terms, on=on, dry=dry)
    places = [directory / "inbox", directory / "state"]
    ended += retention.unfinished(places, terms, on=on, dry=dry)
    return ended + _sweep_memories(directory, dry=dry)


def _sweep_memories(directory: Path, *, dry: bool) -> list[Ended]:
    """The run's memory of before the newest hand-over: no run looks at it any more."""
    newest = handover.newest(directory / "handover")
    old = [
        file
        for file in sorted((directory / "state").glob("*.age"))
        if handover.NUMBER.fullmatch(file.stem) and int(file.stem) < newest
    ]
    size = sum(file.stat().st_size for file in old)
    if not dry:
        for file in old:
            file.unlink()
    why = "a newer run remembers all that the next one needs"
    return [Ended("memories of earlier runs", len(old), size, why)] if old else []
