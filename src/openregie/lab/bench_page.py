"""docs/benchmarks.md, from the file of results and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openregie.lab import bench_plots
from openregie.lab.bench import GROUPS

COLUMNS = ("figure", "median", "min", "max", "unit", "runs", "peer", "ratio", "target", "load")
HEAD = """# Benchmarks

Written by `openregie bench --write docs/benchmarks.md`; every number is one that this command \
measured.
Each row: median, lowest and highest of several runs; its peers, measured in the same run; our \
figure divided by theirs, taken turn by turn, with lowest and highest; the target that was set \
beforehand; the machine's load before and after (processes that wanted a processor, average of a \
minute, our own included).
"""
BUSY = (
    "The machine was busy with other work when it began (column load): read these figures as lower "
    "bounds, and the ratios, measured in turns, as the firmer part."
)
_WHOLE = 100


def page(groups: Mapping[str, Mapping[str, Any]]) -> str:
    """The whole page: a section per thing that is shown."""
    parts, plots = [HEAD], bench_plots.draw(groups)
    for section in dict.fromkeys(group.section for group in GROUPS):
        names = [group.name for group in GROUPS if group.section == section]
        shown = [groups[name] for name in names if name in groups]
        if shown:
            parts.append(f"## {section}\n\n{table(shown)}\n\n{_measured(shown)}\n")
            parts += [
                f"![{plot.told}]({bench_plots.FOLDER}/{plot.name}.svg)\n"
                for plot in plots
                if plot.section == section
            ]
    return "\n".join(parts)


def table(groups: Iterable[Mapping[str, Any]]) -> str:
    """Rows of some groups as one table in Markdown, with what each figure is below it."""
    measured = [(row, group) for group in groups for row in group["rows"]]
    cells = [COLUMNS, tuple("---" for _ in COLUMNS)]
    cells += [_cells(row, group) for row, group in measured if "left_out" not in row]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    lines += ["", *(_explained(row) for row, _ in measured)]
    return "\n".join(lines)


def _explained(row: Mapping[str, Any]) -> str:
    if "left_out" in row:
        return f"- **{row['name']}**: left out: {row['left_out']}"
    return f'- <a id="{row["name"]}"></a>**{row["name"]}**: {row["what"]}'


def _cells(row: Mapping[str, Any], group: Mapping[str, Any]) -> tuple[str, ...]:
    unit, load = row["unit"], group["load"]
    ratios = (peer["ratio"] for peer in row["peers"])
    return (
        row["name"],
        *(number(row[key], unit) for key in ("median", "min", "max")),
        unit,
        str(len(row["runs"])),
        "<br>".join(f"{peer['name']}: {number(peer['median'], unit)}" for peer in row["peers"]),
        "<br>".join(
            f"{_ratio(ratio['median'])} ({_ratio(ratio['min'])} - {_ratio(ratio['max'])})"
            for ratio in ratios
        ),
        _target(row),
        f"{load['before']:.1f} - {load['after']:.1f}",
    )


def _target(row: Mapping[str, Any]) -> str:
    target = row.get("target")
    if target is None:
        return ""
    unit = row["unit"] if target["of"] == "median" else "x"
    bounds = [
        f"at {word} {number(target[f'at_{word}'], unit)}"
        for word in ("least", "most")
        if f"at_{word}" in target
    ]
    of = "ratio " if target["of"] == "ratio" else ""
    return f"{of}{' and '.join(bounds)}: {'met' if target['met'] else '**not met**'}"


def number(value: float, unit: str) -> str:
    """A number for people: whole from a hundred, shares with enough digits to tell them apart."""
    if unit == "share":
        return f"{value:.6f}".rstrip("0").ljust(6, "0")
    return f"{value:,.0f}" if value >= _WHOLE else f"{value:,.2f}"


def _ratio(value: float) -> str:
    return f"{value:.3f}" if 0.9 < value < 1.1 else f"{value:.2f}"  # noqa: PLR2004 - near one


def _measured(groups: Iterable[Mapping[str, Any]]) -> str:
    """Say when, where and on which commit; groups that share it are named together."""
    told: dict[str, list[str]] = {}
    busy = False
    for group in groups:
        place = f"{group['at'][:10]}, commit {group['commit']}, {'; '.join(group['machine'])}"
        told.setdefault(place, []).append(group["group"])
        busy = busy or group["busy"]
    lines = [f"Measured on {place}: {', '.join(names)}." for place, names in told.items()]
    return "\n".join([*lines, *([BUSY] if busy else [])])
