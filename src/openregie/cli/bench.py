"""`openregie bench`: the figures, measured on this machine, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from openregie.cli import options
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.cli.progress import bars
from openregie.lab import bench, bench_page, bench_plots, bench_results
from openregie.lab.bench_figure import Group

_MINUTE = 60


@click.command("bench", epilog=EXIT_CODES_HELP)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(bench.NAMES),
    metavar="GROUP",
    help=f"Measure this group alone; repeat it for more: {', '.join(bench.NAMES)}.",
)
@click.option("--large", is_flag=True, help="Also what takes long: a million residents.")
@click.option("--quick", is_flag=True, help="Small and once: to see that all works.")
@options.content
@options.as_json
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the page docs/benchmarks.md anew, with its plots and its file of results; "
    "groups that were not measured now keep their last figures, with date and commit.",
)
@click.option("--measure/--no-measure", default=True, help="Without: only write the page anew.")
def command(
    only: tuple[str, ...],
    large: bool,
    quick: bool,
    content: Path,
    as_json: bool,
    write: Path | None,
    measure: bool,
) -> None:
    """Measure linkage, sealing, opening, the log and the whole run, on this machine.

    Each row is the median, lowest and highest of several runs, beside its peers in the same run,
    with the ratio to each and how busy the machine was. What cannot be measured here is left out,
    with the reason. `make bench` installs the peers first.
    """
    if write is not None and quick:
        raise Stop(
            "option --write: quick figures are for trying, not for the page",
            remedy="measure without --quick",
            code=Exit.USAGE,
        )
    groups = bench.choose(only, large=large) if measure else ()
    if not as_json:
        click.echo(_outlook(groups, quick=quick), err=True)
    results = write.with_suffix(".json") if write is not None else None
    kept = bench_results.read(results) if results is not None else {}
    measured = []
    for group in _measured(groups, content, quick=quick, quiet=as_json):
        measured.append(group)
        kept[group["group"]] = group
        if results is not None:  # after each group: what was measured is never lost
            bench_results.write(results, _in_order(kept))
    if write is not None:
        _write_page(write, _in_order(kept))
    report({"groups": measured}, as_json=as_json, lines=bench_page.table(measured))
    if failed := [row["name"] for group in measured for row in group["rows"] if "failed" in row]:
        raise Stop(
            f"not measured: {', '.join(failed)}",
            remedy="the reason stands below the table; the other figures hold",
            code=Exit.PROBLEMS,
        )


def _write_page(page: Path, groups: Mapping[str, dict[str, Any]]) -> None:
    """Write the page and its plots; plots that no longer belong to it go."""
    folder = page.parent / bench_plots.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    plots = {f"{plot.name}.svg": plot.svg for plot in bench_plots.draw(groups)}
    for old in folder.glob("*.svg"):
        if old.name not in plots:
            old.unlink()
    for name, svg in plots.items():
        (folder / name).write_text(svg, encoding="utf-8")
    page.write_text(bench_page.page(groups), encoding="utf-8")


def _measured(
    groups: Sequence[Group], content: Path, *, quick: bool, quiet: bool
) -> Iterator[dict[str, Any]]:
    with bars(quiet=quiet) as progress:
        yield from bench.measure(groups, content=content, quick=quick, progress=progress)


def _in_order(kept: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The groups as the registry has them; what is no longer in it goes."""
    return {name: kept[name] for name in bench.NAMES if name in kept}


def _outlook(groups: Sequence[Group], *, quick: bool) -> str:
    """Say beforehand what it will take."""
    if quick or not groups:
        return f"{len(groups)} groups to measure"
    whole = sum(group.seconds for group in groups)
    parts = ", ".join(f"{group.name} {group.seconds} s" for group in groups)
    return f"about {-(-whole // _MINUTE)} minutes on two idle cores: {parts}"
