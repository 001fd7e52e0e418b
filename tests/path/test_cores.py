"""How many cores share the work changes nothing that a run decides."""

import json
import shutil
from datetime import date
from pathlib import Path

from openregie.blind.content import load
from openregie.blind.run import run
from openregie.cores import Cores
from town import ON

CONTENT = Path(__file__).parents[2] / "content"


def first_run(town, folder, processes):
    """The town's first run again, by so many processes; receipt and the outsides of its items."""
    shutil.copytree(town.directory, folder, ignore=shutil.ignore_patterns("sealed"))
    for name in ("state", "handover"):
        shutil.rmtree(folder / name)
    receipt = run(
        folder,
        load(CONTENT),
        on=date.fromisoformat(ON),
        cores=Cores(processes, few=1),
        logged=True,
    ).to_json()
    lines = [
        json.loads(one) for one in (folder / "handover/1/items.jsonl").read_text().splitlines()
    ]
    return receipt, [{**line["sealed"], "blob": None} for line in lines]


def test_the_receipt_does_not_depend_on_the_number_of_cores(town, tmp_path):
    alone, shared = (first_run(town, tmp_path / str(n), n) for n in (1, 2))
    assert alone == shared
    assert alone[0] == town.receipt
    assert len(alone[1]) > 10
