"""`openregie take-in`: the run's hand-over into the sealed zone."""

from __future__ import annotations

from pathlib import Path

import click

from openregie.cli import options, tenant
from openregie.cli.disk import told_plainly
from openregie.cli.lock import only_one
from openregie.cli.outcome import EXIT_CODES_HELP, report
from openregie.lab.demo import take_in


@click.command("take-in", epilog=EXIT_CODES_HELP)
@options.directory
@options.as_json
def command(directory: Path, as_json: bool) -> None:
    """Take every finished hand-over in: signature and digests first, then mailbox by mailbox.

    Doing it again changes nothing, and after a crash goes on where it was. A hand-over that is not
    the run's is refused whole.
    """
    tenant.find(directory)
    with told_plainly(directory, "openregie take-in"), only_one(directory, "take-in"):
        taken = take_in(directory)
    report({"taken": taken}, as_json=as_json, lines=f"{taken} hand-overs taken in")
