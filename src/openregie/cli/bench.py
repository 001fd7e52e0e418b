"""`openregie bench`: the figures, measured on this machine, in one table."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from openregie.cli import options
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.cli.progress import bars
from openregie.lab import bench


@click.command("bench", epilog=EXIT_CODES_HELP)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(bench.NAMES),
    help="Measure this alone; repeat it for more.",
)
@options.content
@options.as_json
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the page docs/benchmarks.md anew; needs the whole bench.",
)
def command(only: tuple[str, ...], content: Path, as_json: bool, write: Path | None) -> None:
    """Measure sealing, opening, the log, linkage and the whole run, on this machine.

    Each row is the median, lowest and highest of several runs, the ratio to its peer measured in
    turns with it, and how busy the machine was. All of it takes several minutes.
    """
    if write is not None and only:
        raise Stop(
            "option --write: a page with some rows would hide that others are old",
            remedy="measure everything, without --only",
            code=Exit.USAGE,
        )
    with bars(quiet=as_json) as progress:
        today = datetime.now(UTC).date()
        measured = bench.measure(only, content=content, on=today, progress=progress)
    if write is not None:
        write.write_text(bench.page(measured), encoding="utf-8")
    lines = [*measured.machine.lines(), "", bench.table(measured)]
    report(measured.to_json(), as_json=as_json, lines="\n".join(lines))
