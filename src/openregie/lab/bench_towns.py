"""Whole towns: making them, linking them, and the run from deliveries to hand-over."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from openregie.blind.linkage.config import read_config
from openregie.blind.linkage.link import link
from openregie.lab.bench_figure import Figure, Scene
from openregie.lab.bench_process import Spent, spend
from openregie.lab.bench_town import DAY, ENROLLED_SHARE, SEED
from openregie.lab.measure_linkage import lay_out
from openregie.synth import deliveries
from openregie.synth.municipality import make

SLOW_RUNS = 3
SYNTH_RESIDENTS = 5_000
LINK_RESIDENTS = 20_000
LINK_RECORDS = 5_000


def measure_synth(scene: Scene) -> list[Figure]:
    """Residents made per second, with the delivery files about them."""
    runs, turns = [], scene.runs(SLOW_RUNS)
    for turn in range(turns):
        folder = scene.folder / f"synth-{turn}"
        started = time.perf_counter()
        town = make(SYNTH_RESIDENTS, seed=SEED + turn, on=DAY)
        deliveries.write(deliveries.compose(town, seed=SEED + turn), folder)
        runs.append(SYNTH_RESIDENTS / (time.perf_counter() - started))
        shutil.rmtree(folder)
        scene.progress("synthetic towns", turn + 1, turns)
    what = f"residents made, with every delivery file about them ({SYNTH_RESIDENTS} a time)"
    return [Figure("synth", what, "residents/s", tuple(runs))]


def measure_linkage(scene: Scene) -> list[Figure]:
    """Records without a citizen number linked to a register."""
    config = read_config(scene.content / "linkage.yaml")
    runs, turns = [], scene.runs(SLOW_RUNS)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        lay_out(con, residents=LINK_RESIDENTS, records=LINK_RECORDS, seed=SEED)
        rows = con.execute("SELECT count(*) FROM identities").fetchall()[0][0]
        for turn in range(turns):
            started = time.perf_counter()
            link(con, config=config)
            runs.append(time.perf_counter() - started)
            scene.progress("linkage", turn + 1, turns)
    what = f"{rows} records, none with a citizen number, linked to {LINK_RESIDENTS} residents"
    return [Figure("link", what, "s", tuple(runs))]


def whole_run(residents: int) -> Callable[[Scene], list[Figure]]:
    """Return the bench of the run over a town of so many residents."""

    def measure(scene: Scene) -> list[Figure]:
        turns = scene.runs(SLOW_RUNS)
        stop = f"run of {residents} residents"
        folder = scene.folder / f"town-{residents}"
        scene.progress(stop, 0, turns + 1)
        place = [str(folder), str(residents), str(scene.content)]
        town = json.loads(spend("openregie.lab.bench_town", place).output)
        scene.progress(stop, 1, turns + 1)
        runs: list[Spent] = []
        for turn in range(turns):
            runs.append(_first_run(folder, scene.content))
            scene.progress(stop, turn + 2, turns + 1)
        items = sum(json.loads(runs[0].output)["items"]["sealed"].values())
        shutil.rmtree(folder)
        what = (
            f"first run of {residents} residents, {town['rows']} rows, "
            f"{town['enrolled']} enrolled ({ENROLLED_SHARE:.0%} of adults), {items} items sealed"
        )
        seconds = tuple(run.seconds for run in runs)
        memory = tuple(run.peak_mb for run in runs)
        return [
            Figure(f"run-{residents}", what, "s", seconds, size=residents),
            Figure(
                f"run-{residents}-memory",
                "peak memory of that run",
                "MB",
                memory,
                size=residents,
            ),
        ]

    return measure


def _first_run(folder: Path, content: Path) -> Spent:
    """Run as if never before: what an earlier run left is removed."""
    for name in ("state", "handover"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    words = ["run", "--json", "--quiet", "--dir", str(folder), "--content", str(content)]
    return spend("openregie.cli", [*words, "--on", DAY.isoformat()])
