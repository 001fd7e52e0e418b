"""`openregie synth`: a synthetic municipality with the delivery files of its suppliers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from openregie.cli import options
from openregie.cli.outcome import EXIT_CODES_HELP, report
from openregie.cli.progress import bars
from openregie.lab.demo import make_deliveries


@click.command("synth", epilog=EXIT_CODES_HELP)
@click.option("--residents", type=click.IntRange(300), default=5000, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same bytes.")
@options.directory
@options.on
@options.as_json
def command(residents: int, seed: int, directory: Path, on: date, as_json: bool) -> None:
    """Make people, households and addresses, and the files that suppliers would deliver about them.

    Files go to DIR/deliveries, with the mistakes suppliers really make. What is true goes to
    DIR/truth, for tests and benchmarks alone.
    """
    with bars(quiet=as_json) as progress:
        files = make_deliveries(directory, residents=residents, seed=seed, on=on, progress=progress)
    told = {"residents": residents, "seed": seed, "files": sorted(f.name for f in files)}
    lines = [
        f"{residents} residents, seed {seed}: {len(files)} files in {directory / 'deliveries'}"
    ]
    report(told, as_json=as_json, lines="\n".join(lines))
