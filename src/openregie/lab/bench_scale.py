"""The run at three sizes: dense towns with a crowd enrolled, and what a second run costs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import shutil
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from openregie.blind.streams.declaration import load_all
from openregie.blind.streams.intake import receive
from openregie.envelope import custody
from openregie.lab.bench_figure import Figure, Scene
from openregie.lab.bench_process import Spent, spend
from openregie.lab.bench_town import DAY, SIDECAR

SIZES = (10_000, 160_000, 1_000_000)
CHANGED_EVERY = 100
"""Of every snapshot one row in so many is another one in the second delivery."""
CHANGED = {
    "benefits": "bedragPerMaand",
    "population": "voorletters",
    "tax_remission": "aanslagbedrag",
    "wmo_allocations": "omvangVolume",
    "youth_allocations": "omvangVolume",
}
"""Streams that come again whole on the next day, with the column that differs in some rows."""


def run_of(residents: int) -> Callable[[Scene], list[Figure]]:
    """Return the bench of a first run and of a second one after 1 % changed; once each."""

    def measure(scene: Scene) -> list[Figure]:
        stop, folder = f"dense town of {residents}", scene.folder / f"dense-{residents}"
        scene.progress(stop, 0, 3)
        place = [str(folder), str(residents), str(scene.content)]
        town = json.loads(spend("openregie.lab.bench_crowd", place).output)
        scene.progress(stop, 1, 3)
        first = _run(folder, scene.content, DAY)
        scene.progress(stop, 2, 3)
        deliver_again(folder, scene.content, on=DAY + timedelta(days=1))
        second = _run(folder, scene.content, DAY + timedelta(days=1))
        scene.progress(stop, 3, 3)
        shutil.rmtree(folder)
        return _figures(residents, town, first, second)

    return measure


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Slope of the straight line through log(size), log(cost): 1 grows as the town does."""
    xs, ys = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    return slope / sum((a - x) ** 2 for a in xs)


def _figures(residents: int, town: dict[str, int], first: Spent, second: Spent) -> list[Figure]:
    items = sum(json.loads(first.output)["items"]["sealed"].values())
    told = f"{residents} residents, {town['rows']} rows, {town['enrolled']} enrolled, {items} items"
    again = f"second run of {residents}: every snapshot again, 1 row in {CHANGED_EVERY} changed"
    name = f"dense-{residents}"
    return [
        Figure(name, f"first run of {told}", "s", (first.seconds,), size=residents),
        Figure(f"{name}-cpu", "processor time of it", "s", (first.cpu_seconds,), size=residents),
        Figure(f"{name}-memory", "peak memory of it", "MB", (first.peak_mb,), size=residents),
        Figure(f"{name}-second", again, "s", (second.seconds,), size=residents),
        Figure(
            f"{name}-second-share",
            "processor time of that run, of the first run's",
            "%",
            (100 * second.cpu_seconds / first.cpu_seconds,),
            size=residents,
        ),
    ]


def deliver_again(folder: Path, content: Path, *, on: date) -> int:
    """Deliver every snapshot of CHANGED anew, with one row in a hundred changed; rows changed."""
    streams = load_all(content / "streams")
    recipient = custody.load_run_public(folder).age_recipient
    changed = 0
    for sidecar in sorted((folder / "deliveries").glob(f"*{SIDECAR}")):
        manifest = json.loads(sidecar.read_text(encoding="utf-8"))
        if manifest["stream"] not in CHANGED:
            continue
        file = sidecar.with_name(sidecar.name.removesuffix(SIDECAR))
        text, rows = _change(file.read_text(encoding="utf-8"), CHANGED[manifest["stream"]])
        changed += rows
        new = file.with_name(f"again-{file.name}")
        new.write_text(text, encoding="utf-8", newline="")
        manifest |= {
            "delivered_on": on.isoformat(),
            "sha256": hashlib.sha256(new.read_bytes()).hexdigest(),
        }
        receive(
            new,
            manifest,
            streams=streams,
            inbox=folder / "inbox",
            run_recipient=recipient,
            today=on,
        )
    return changed


def _change(text: str, column: str) -> tuple[str, int]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    at, changed = rows[0].index(column), 0
    for row in rows[1::CHANGED_EVERY]:
        row[at] = _other(row[at])
        changed += 1
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue(), changed


def _other(cell: str) -> str:
    """Another cell of the same kind: one euro or unit more, or one letter more."""
    try:
        return f"{float(cell) + 1:.2f}" if "." in cell else str(int(cell) + 1)
    except ValueError:
        return f"{cell}X."


def _run(folder: Path, content: Path, on: date) -> Spent:
    words = ["run", "--json", "--quiet", "--dir", str(folder), "--content", str(content)]
    return spend("openregie.cli", [*words, "--on", on.isoformat()])
