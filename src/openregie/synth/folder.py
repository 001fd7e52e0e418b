"""A whole synthetic municipality on disk: deliveries, the demo's people, and the truth apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openregie.synth import deliveries, personas, truth
from openregie.synth.municipality import make
from openregie.synth.people import Municipality
from openregie.terms import Progress, silent


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made. `rows`: delivered data rows per file name, in the order of `files`."""

    municipality: Municipality
    files: tuple[Path, ...]
    truth: tuple[Path, ...]
    personas: Path
    rows: dict[str, int]


def fill(
    directory: Path, *, residents: int, seed: int, on: date, progress: Progress = silent
) -> Filled:
    """Make a town and write DIR/deliveries, DIR/demo/personas.json and DIR/truth.

    Same residents, seed and day: the same bytes. Raises TooFewResidents, TooManyResidents, and
    OSError where DIR cannot be written.
    """
    municipality = make(residents, seed=seed, on=on, progress=progress)
    composed = deliveries.compose(municipality, seed=seed)
    written = deliveries.write(composed, directory, progress=progress)
    progress("truth", 0, 1)
    kept = truth.write(municipality, composed, directory)
    progress("truth", 1, 1)
    return Filled(
        municipality=municipality,
        files=tuple(written),
        truth=tuple(kept),
        personas=personas.write(municipality, directory),
        rows={one.file_name: sum(1 for _ in one.origins()) for one in composed},
    )
