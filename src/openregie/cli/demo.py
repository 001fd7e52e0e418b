"""`openregie demo`: a whole synthetic municipality in one command."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

import click

from openregie.cli import init, options, tenant
from openregie.cli.deliver import deliver, delivered_files
from openregie.cli.outcome import EXIT_CODES_HELP, Stop, report
from openregie.cli.progress import bars
from openregie.cli.serve import serve_and_run
from openregie.lab import demo
from openregie.lab.personas import Printed
from openregie.release_digest import measure
from openregie.sealed.web.releasing import log_release

SETTINGS = {
    "tenant": "lindestad",
    "name": "Gemeente Lindestad",
    "theme": "lindestad",
    "synthetic": True,
    "development": True,
    "recovery_hours": 0,  # in the demo nobody takes over anybody's vault
}


@click.command("demo", epilog=EXIT_CODES_HELP)
@click.option("--residents", type=click.IntRange(300), default=5000, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same town.")
@options.directory
@options.content
@options.on
@click.option("--serve/--no-serve", "serving", default=True, help="Serve the pages afterwards.")
@click.option("--port", type=int, default=8000, show_default=True, help="Pages; data on the next.")
@options.as_json
def command(
    residents: int,
    seed: int,
    directory: Path,
    content: Path,
    on: date,
    serving: bool,
    port: int,
    as_json: bool,
) -> None:
    """Make a synthetic municipality, link it blind, and serve it on http://localhost:8000.

    Nobody in it exists. Three residents come enrolled with printed codes; others can enrol. A demo
    that is there already is replaced. The same residents, seed and day give the same receipt.
    """
    _replace(directory)
    init.make(directory, dict(SETTINGS), random_bytes=demo.seeded(seed, "custody"))
    with bars(quiet=as_json) as progress:
        demo.make_deliveries(directory, residents=residents, seed=seed, on=on, progress=progress)
    _, refused = deliver(
        delivered_files(directory), directory, content, on=on, told={"on": on}, quiet=as_json
    )
    if refused:
        name, reasons = refused[0]
        raise Stop(f"file `{name}` was refused: {reasons[0]}", remedy="openregie check")
    printed = demo.enrol_personas(directory, seed=seed, on=on)
    log_release(directory, measure(content))
    receipt = demo.run_apart(directory, content, on=on, quiet=as_json)
    demo.take_in(directory)
    report(receipt, as_json=as_json, lines=_who(printed, receipt))
    sys.stdout.flush()
    if serving:
        serve_and_run(directory, content, on=on, port=port, quiet=as_json)


def _replace(directory: Path) -> None:
    """Remove an earlier demo. Never a folder that is not one.

    Raises `Stop`.
    """
    if not directory.exists() or not any(directory.iterdir()):
        return
    if not (directory / tenant.SETTINGS).is_file() or not tenant.find(directory).synthetic:
        raise Stop(
            f"folder `{directory}`: not empty, and not an earlier demo",
            remedy="choose another --dir",
        )
    shutil.rmtree(directory)


def _who(printed: tuple[Printed, ...], receipt: dict[str, object]) -> str:
    lines = ["", "  Who you can be (nobody exists, everything is made up):", ""]
    lines += [f"    {one.name:<18} code on paper:  {one.code}" for one in printed]
    lines += [
        "",
        "  Log in as one of them, or as another resident who can still enrol.",
        f"  Receipt: {receipt['decisions']}",
        "",
    ]
    return "\n".join(lines)
