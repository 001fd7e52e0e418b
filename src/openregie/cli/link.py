"""`openregie link`: any two files, each row with its best candidate, chance, margin and class."""

from __future__ import annotations

from pathlib import Path

import click

from openregie.blind.linkage.config import read_config
from openregie.cli import options
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.cli.progress import bars
from openregie.lab.link import LinkFilesReport, link_files

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("link", epilog=EXIT_CODES_HELP)
@click.argument("register", type=_FILE)
@click.argument("delivery", type=_FILE)
@click.option(
    "--columns", type=_FILE, required=True, help="YAML: which column plays which role, per file."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Parquet file to write: one row per row of DELIVERY.",
)
@options.content
@options.as_json
def command(
    register: Path, delivery: Path, columns: Path, out: Path, content: Path, as_json: bool
) -> None:
    """Link each row of DELIVERY to one person of REGISTER: CSV or Parquet, any column names.

    Written to --out, per row: the best candidate, its probability, its margin in bits over the
    next one, the class (certain, household, review, none), and the reasons. Records with a citizen
    number teach the model; without them it learns by itself (EM), or the shipped model serves.
    This works on files of your own; it keeps no lanes, no keys and no log.

    \b
    The columns, in YAML:
      register: {id: A-nummer, surname: Achternaam, initials: Voorletters,
                 birth_on: Geboortedatum, postcode: Postcode, house_number: Huisnummer}
      delivery: {surname: naam, birth_on: geboren, postcode: pc, house_number: nr}
    """  # noqa: D301 - click reads this backspace as: keep these lines
    if not out.parent.is_dir():
        raise Stop(
            f"option --out: no folder `{out.parent}`",
            remedy="make the folder first, or choose another place",
            code=Exit.USAGE,
        )
    config = read_config(content / "linkage.yaml")
    with bars(quiet=as_json) as progress:
        made = link_files(register, delivery, columns, out, config=config, progress=progress)
    report({**made.to_json(), "out": str(out)}, as_json=as_json, lines=_told(made, out))


def _told(made: LinkFilesReport, out: Path) -> str:
    lines = [f"{made.rows} rows against {made.people} people: {made.pairs} pairs compared"]
    lines += [f"  {kind:<10} {number:>8}" for kind, number in sorted(made.classes.items())]
    lines.append(f"  model {made.model}, learnt from {made.learnt_from}; {made.seconds} s")
    lines.append(f"  written to {out}")
    return "\n".join(lines)
