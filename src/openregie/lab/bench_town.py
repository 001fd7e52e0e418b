"""A whole synthetic town for the bench, with a share of its adults enrolled, delivered to the run.

    python -m openregie.lab.bench_town FOLDER RESIDENTS CONTENT

Fills a tenant folder and prints counts; a process of its own, for the sealed zone has one tenant
a process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from openregie.blind.streams.declaration import load_all
from openregie.blind.streams.intake import receive
from openregie.envelope import custody
from openregie.lab.bench_tenant import make_folder
from openregie.lab.demo import enrol_personas
from openregie.synth import deliveries
from openregie.synth.municipality import make
from openregie.synth.people import Municipality

DAY = date(2026, 11, 1)
SEED = 7
ADULT_YEARS = 18
ENROLLED_SHARE = 0.1
"""One adult in ten enrolled: a bench without residents would measure an empty promise."""
SIDECAR = ".delivery.json"


def settle(folder: Path, *, residents: int, content: Path) -> Mapping[str, int]:
    """Make the town and its folder up to just before a run; counts of what is in it."""
    streams = load_all(content / "streams")
    kinds = (stream.source_kind for stream in streams.values())
    make_folder(folder, seed=SEED, sources=kinds)
    town = make(residents, seed=SEED, on=DAY)
    files = deliveries.write(deliveries.compose(town, seed=SEED), folder)
    recipient = custody.load_run_public(folder).age_recipient
    rows = 0
    for file in files:
        manifest = json.loads(file.with_name(file.name + SIDECAR).read_text(encoding="utf-8"))
        accepted = receive(
            file,
            manifest,
            streams=streams,
            inbox=folder / "inbox",
            run_recipient=recipient,
            today=DAY,
        )
        rows += accepted.rows or 0
    enrolled = _write_personas(town, folder / "demo")
    enrol_personas(folder, seed=SEED, on=DAY)
    return {"residents": residents, "rows": rows, "enrolled": enrolled}


def _write_personas(town: Municipality, folder: Path) -> int:
    """Every tenth adult who lives there comes enrolled; how many."""
    last_birth_year = DAY.year - ADULT_YEARS - 1
    adults = [
        person
        for person in town.persons
        if person.present and 0 < person.birth.year <= last_birth_year
    ]
    chosen = adults[:: round(1 / ENROLLED_SHARE)]
    told = [
        {
            "name": "",
            "bsn": person.bsn,
            "birthYear": person.birth.year,
            "initials": person.initials,
            "enrolled": True,
        }
        for person in chosen
    ]
    folder.mkdir(exist_ok=True)
    (folder / "personas.json").write_text(json.dumps(told), encoding="utf-8")
    return len(chosen)


if __name__ == "__main__":
    place, number, words = sys.argv[1:]
    print(json.dumps(settle(Path(place), residents=int(number), content=Path(words))))
