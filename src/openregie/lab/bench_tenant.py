"""A made-up municipality's folder to measure in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from openregie.envelope import custody
from openregie.lab.demo import seeded

TENANT = "lindestad"
TEAMS = ("debt_help",)
SETTINGS = {
    "v": 1,
    "tenant": TENANT,
    "name": "Gemeente Lindestad",
    "synthetic": True,
    "development": True,
}


def make_folder(folder: Path, *, seed: int, sources: Iterable[str] = ()) -> Path:
    """Keys and settings of a synthetic municipality; `sources` are the kinds that deliver."""
    folder.mkdir(parents=True)
    custody.create(
        folder,
        tenant=TENANT,
        teams=TEAMS,
        sources=sorted(set(sources)),
        random_bytes=seeded(seed, "bench"),
    )
    (folder / "openregie.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (folder / "sealed").mkdir(mode=0o700)
    return folder
