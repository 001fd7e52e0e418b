"""`openregie run`: link the deliveries blind, seal the result, hand it over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from openregie.blind.content import load
from openregie.blind.exits import Receipt
from openregie.blind.run import run
from openregie.cli import options, released, tenant, unlocking
from openregie.cli.disk import told_plainly
from openregie.cli.lock import only_one
from openregie.cli.outcome import EXIT_CODES_HELP, report
from openregie.cli.progress import bars


@click.command("run", epilog=EXIT_CODES_HELP)
@options.directory
@options.content
@options.on
@unlocking.option
@released.unlogged_option
@options.as_json
@click.option(
    "--again", is_flag=True, help="Also on a day before that of the last run, if you mean it."
)
@click.option("--quiet", is_flag=True, help="No progress bars.")
def command(
    directory: Path,
    content: Path,
    on: date,
    given: tuple[Path, ...],
    unlogged: bool,
    as_json: bool,
    again: bool,
    quiet: bool,
) -> None:
    """Link the deliveries blind and seal the result to each resident.

    Nobody looks: the run reads DIR/inbox, has no network, and leaves sealed items, sealed labels,
    noisy counts and a receipt in DIR/handover. It can run with no network at all:

        unshare --net openregie run --dir DIR

    Running again after a crash continues where the last finished run ended. Same deliveries, keys
    and day: same receipt. A day before that of the last run is refused: a clock that went back
    would take away what came since.

    Where two organisations hold the keys, name two shares, or let `openregie custody unlock` hold
    the keys in memory. The log must name what runs here first: `openregie log release`.
    """
    place = tenant.find(directory)
    with (
        told_plainly(directory, "openregie run"),
        only_one(directory),
        bars(quiet=quiet, file=place.path("progress.json")) as progress,
    ):
        read = load(content)
        logged = released.demand_logged(directory, read.release, unlogged=unlogged)
        unlocked = unlocking.for_run(directory, given)
        made = run(
            directory,
            read,
            on=on,
            progress=progress,
            unlocked=unlocked,
            again=again,
            logged=logged,
        )
    report(made.to_json(), as_json=as_json, lines=told(made))


def told(receipt: Receipt) -> str:
    """Say a receipt in lines for people."""
    totals = receipt.to_json()
    lines = [f"run {totals['number']} of {totals['day']}: {totals['readers']} residents enrolled"]
    lines += [
        f"  {file['stream']:<24} {file['rows']:>8} rows {file['quarantined']:>6} back to the source"
        for file in totals["files"]
    ]
    for stream, classes in totals["links"].items():
        shares = ", ".join(f"{number} {kind}" for kind, number in classes.items())
        lines.append(f"  {stream:<24} links: {shares}")
    sealed = ", ".join(f"{number} in suite {s}" for s, number in totals["items"]["sealed"].items())
    lines.append(f"  items sealed: {sealed or 'none'}; removed: {totals['items']['removed']}")
    lines.append(f"  decisions: {totals['decisions']}")
    return "\n".join(lines)
