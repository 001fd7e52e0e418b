"""The plots of docs/benchmarks.md, from the file of results and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, log, log10
from typing import Any

from openregie.lab.plot import Axis, Point, Row, Series, draw_points, draw_rows

FOLDER = "images/bench"
Rows = Mapping[str, Mapping[str, Any]]
_RUN = re.compile(r"run-[0-9]+")
_MEMORY = re.compile(r"run-[0-9]+-memory")
_HEADROOM = 1.05


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture: the name of its file, the section it stands in, its words and its SVG."""

    name: str
    section: str
    told: str
    svg: str


def draw(groups: Mapping[str, Mapping[str, Any]]) -> tuple[Plot, ...]:
    """Every plot for which there are figures."""
    rows = {
        row["name"]: row
        for group in groups.values()
        for row in group["rows"]
        if "left_out" not in row
    }
    made = (
        _bars("febrl4", "Linkage", "FEBRL 4: recall of certain links", rows, ("febrl4-recall",)),
        _bars("febrl4-precision", "Linkage", "FEBRL 4: precision", rows, ("febrl4-precision",)),
        _bars(
            "sealing",
            "Sealing and opening",
            "Sealed per second",
            rows,
            tuple(f"seal-{suite}" for suite in ("s0", "s1", "s2")),
        ),
        _bars(
            "chromium",
            "Sealing and opening",
            "Opened per second in Chromium",
            rows,
            tuple(f"chromium-open-{suite}" for suite in ("s0", "s1", "s2")),
        ),
        _bars(
            "take-in",
            "The run",
            "How long taking in holds the database",
            rows,
            ("take-in-p99", "take-in-longest", "take-in-held", "take-in-wait"),
        ),
        _growth("run-time", "Time of a run against size", "time", _matching(rows, _RUN)),
        _growth("run-memory", "Memory of a run against size", "memory", _matching(rows, _MEMORY)),
    )
    return tuple(plot for plot in made if plot is not None)


def exponent(sizes: Sequence[float], found: Sequence[float]) -> float:
    """Slope of the best line through the logarithms: 1 is work that grows as the size does."""
    xs, ys = [log(size) for size in sizes], [log(value) for value in found]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - middle_x) ** 2 for x in xs)


def _matching(rows: Rows, name: re.Pattern[str]) -> list[Mapping[str, Any]]:
    found = [row for row in rows.values() if name.fullmatch(row["name"]) and "size" in row]
    return sorted(found, key=lambda row: int(row["size"]))


def _bars(name: str, section: str, title: str, rows: Rows, wanted: Iterable[str]) -> Plot | None:
    """Ours and every peer of these rows as bars from nought."""
    bars = []
    for row in (rows[one] for one in wanted if one in rows):
        bars.append(Row(row["name"], row["median"], row["min"], row["max"]))
        bars += [
            Row(f"{peer['name']}", peer["median"], peer["min"], peer["max"])
            for peer in row["peers"]
        ]
    if not bars:
        return None
    unit = next(row["unit"] for one, row in rows.items() if one == bars[0].name)
    top = max(bar.high or bar.value for bar in bars)
    name_of = "rate" if unit.endswith("/s") else "time"
    axis = Axis("share", 0, 1) if unit == "share" else Axis(name_of, 0, top * _HEADROOM, unit)
    told = "; ".join(f"{bar.name} {bar.value:.4g}" for bar in bars)
    return Plot(name, section, f"{title}: {told}.", draw_rows(title, told, axis, bars))


def _growth(name: str, title: str, what: str, rows: Sequence[Mapping[str, Any]]) -> Plot | None:
    """Measured values against size, both by their logarithm, with the line through them."""
    if len(rows) < 2:  # noqa: PLR2004 - a line needs two
        return None
    sizes = [row["size"] for row in rows]
    medians = [row["median"] for row in rows]
    slope = exponent(sizes, medians)
    pairs = zip(medians, sizes, strict=True)
    start = exp(sum(log(median) - slope * log(size) for median, size in pairs) / len(rows))
    fitted = tuple(Point(size, start * size**slope) for size in sizes)
    line = Series(f"line of exponent {slope:.2f}", fitted, joined=True)
    points = tuple(Point(row["size"], row["median"], row["min"], row["max"]) for row in rows)
    told = f"{what} grows as size to the power {slope:.2f}, from {sizes[0]:,} to {sizes[-1]:,}"
    low = min(row["min"] for row in rows)
    high = max(row["max"] for row in rows)
    svg = draw_points(
        title,
        told,
        Axis("residents", *_powers(sizes[0], sizes[-1]), log=True),
        Axis(what, *_powers(low, high), unit=rows[0]["unit"], log=True),
        [Series("measured", points), line],
    )
    return Plot(name, "The run", f"{title}: {told}.", svg)


def _powers(low: float, high: float) -> tuple[float, float]:
    """The powers of ten around some values."""
    first, last = floor(log10(low)), ceil(log10(high))
    return 10.0**first, 10.0 ** max(last, first + 1)
