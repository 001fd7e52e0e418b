"""The bench: every figure the product states, measured here and nowhere else."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openregie.lab import bench_log, bench_machine, bench_sealing, bench_towns
from openregie.lab.bench_figure import Bench, Figure, Scene
from openregie.lab.bench_machine import Machine
from openregie.lab.errors import BenchFailed
from openregie.terms import Progress, silent

BENCHES = (
    Bench("seal", "sealing per suite", bench_sealing.measure_sealing),
    Bench("open", "opening per suite, in Python", bench_sealing.measure_opening),
    Bench("jcs", "canonical JSON", bench_sealing.measure_jcs),
    Bench("log", "the log: batches, openings, proofs", bench_log.measure),
    Bench("synth", "making a synthetic town", bench_towns.measure_synth),
    Bench("link", "record linkage", bench_towns.measure_linkage),
    Bench("run-5000", "the whole run, 5,000 residents", bench_towns.whole_run(5_000)),
    Bench("run-20000", "the whole run, 20,000 residents", bench_towns.whole_run(20_000)),
)
"""The registry: one entry per thing that is measured; a new one goes at its place in the path."""

NAMES = tuple(bench.name for bench in BENCHES)
COLUMNS = ("figure", "median", "min", "max", "unit", "runs", "peer", "ratio", "load")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure, with the machine's load before and after it was measured."""

    figure: Figure
    load_before: float
    load_after: float

    def to_json(self) -> dict[str, Any]:
        """For `openregie bench --json`."""
        load = {"before": round(self.load_before, 2), "after": round(self.load_after, 2)}
        return {**self.figure.to_json(), "load": load}


@dataclass(frozen=True, slots=True)
class Measured:
    """All rows of one call, and what they were measured on."""

    on: date
    machine: Machine
    rows: tuple[Row, ...]

    @property
    def busy(self) -> bool:
        """Whether the machine was busy with something else before any of it."""
        return any(
            bench_machine.is_busy(row.load_before, self.machine.processors) for row in self.rows[:1]
        )

    def to_json(self) -> dict[str, Any]:
        """For `openregie bench --json`."""
        return {
            "on": self.on.isoformat(),
            "machine": self.machine.lines(),
            "busy": self.busy,
            "rows": [row.to_json() for row in self.rows],
        }


def measure(
    names: Sequence[str], *, content: Path, on: date, progress: Progress = silent
) -> Measured:
    """Measure the named benches, all when none is named. Raises BenchFailed."""
    if unknown := set(names) - set(NAMES):
        raise BenchFailed(f"no bench `{min(unknown)}`; there are {', '.join(NAMES)}")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="openregie-bench-") as folder:
        scene = Scene(Path(folder), content.resolve(), progress)
        for bench in BENCHES:
            if names and bench.name not in names:
                continue
            before = bench_machine.load()
            figures = bench.measure(scene)
            after = bench_machine.load()
            rows += [Row(figure, before, after) for figure in figures]
    return Measured(on, bench_machine.look(), tuple(rows))


def table(measured: Measured) -> str:
    """Every row as one table in Markdown, with what each figure is below it."""
    cells = [COLUMNS, tuple("---" for _ in COLUMNS), *(_cells(row) for row in measured.rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    lines += ["", *(f"- **{row.figure.name}**: {row.figure.what}" for row in measured.rows)]
    return "\n".join(lines)


def page(measured: Measured) -> str:
    """docs/benchmarks.md."""
    busy = (
        "The machine was busy with other work meanwhile (see the column load): read these figures "
        "as lower bounds, and the ratios, measured in turns, as the firmer part.\n\n"
        if measured.busy
        else ""
    )
    machine = "\n".join(f"- {line}" for line in measured.machine.lines())
    return (
        "# Benchmarks\n\n"
        "Written by `openregie bench --write docs/benchmarks.md`; every number is one that this "
        "command measured.\n"
        "Each row: median, lowest and highest of several runs; the ratio to its peer, taken turn "
        "by turn; the machine's load before and after (processes that wanted a processor, "
        "average of a minute, our own included).\n\n"
        f"Measured on {measured.on.isoformat()}:\n{machine}\n\n{busy}{table(measured)}\n"
    )


def _cells(row: Row) -> tuple[str, ...]:
    told = row.figure.to_json()
    peer = told["peer"]
    return (
        row.figure.name,
        *(_number(told[key]) for key in ("median", "min", "max")),
        row.figure.unit,
        str(len(row.figure.runs)),
        f"{peer['name']}: {_number(peer['median'])}" if peer else "",
        f"{told['ratio']:.2f}" if peer else "",
        f"{row.load_before:.1f} - {row.load_after:.1f}",
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"  # noqa: PLR2004 - three digits
