"""Linking at the size of a city: all at once, then 10,000 and one more, the register prepared."""

from __future__ import annotations

import time

import duckdb

from openregie.blind.linkage.config import read_config
from openregie.blind.linkage.link import link
from openregie.blind.linkage.model import shipped_model
from openregie.lab.bench_figure import Figure, Scene, Target
from openregie.lab.bench_town import SEED
from openregie.lab.measure_linkage import lay_out

RESIDENTS, RECORDS, BATCH = 160_000, 50_000, 10_000
QUICK = 20
"""A quick look takes a twentieth."""
RUNS = 3


def measure(scene: Scene) -> list[Figure]:
    """Seconds of link() for all records, a batch and one record; none has a citizen number."""
    part = QUICK if scene.quick else 1
    sizes = {"all": RECORDS // part, "batch": BATCH // part, "one": 1}
    turns = scene.runs(RUNS)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        lay_out(con, residents=RESIDENTS // part, records=sizes["all"], seed=SEED)
        con.execute("ALTER TABLE identities RENAME TO delivered")
        seconds: dict[str, list[float]] = {name: [] for name in sizes}
        for turn in range(turns):
            con.execute("DROP TABLE IF EXISTS link_prepared")  # the first pays for the register
            for name, size in sizes.items():
                seconds[name].append(_seconds(con, scene, size, skip=turn if size == 1 else 0))
            scene.progress("linking", turn + 1, turns)
    named = f"{RESIDENTS // part} residents, none of the records with a citizen number"
    told = {
        "all": (f"link-{RESIDENTS // part}x{sizes['all']}", f"records linked to {named}", 12.0),
        "batch": (f"link-{sizes['batch']}-new", "more records, the register prepared", 5.0),
        "one": ("link-1-new", "one more record, the register prepared", 0.5),
    }
    return [
        Figure(row, what, "s", tuple(seconds[name]), target=Target(at_most=most), size=sizes[name])
        for name, (row, what, most) in told.items()
    ]


def _seconds(con: duckdb.DuckDBPyConnection, scene: Scene, size: int, *, skip: int) -> float:
    config = read_config(scene.content / "linkage.yaml")
    con.execute(
        "CREATE OR REPLACE TABLE identities AS SELECT * FROM delivered ORDER BY record_id "
        f"LIMIT {size} OFFSET {skip}"
    )
    started = time.perf_counter()
    link(con, config=config, model=shipped_model(config.model))
    return time.perf_counter() - started
