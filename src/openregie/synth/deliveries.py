"""Every file that a town's sources deliver, with the manifest each source sends along."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from openregie.synth import arrears, debts, files, mistakes, provisions, stories
from openregie.synth.people import Municipality
from openregie.synth.tables import Delivery
from openregie.terms import Progress, silent

STOP = "deliveries"
BLOCK = 1 << 20


def compose(municipality: Municipality, *, seed: int, density: int = 1) -> list[Delivery]:
    """All deliveries of a town, population first. Same town and seed: the same rows.

    `density`: so many years of municipal files, and so many times the signals of arrears.
    """
    found = [*stories.facts(municipality), *provisions.facts(municipality, seed=seed)]
    found += provisions.archive(municipality, seed=seed, years=density - 1)
    owed = debts.signals(municipality, seed=seed, density=density)
    return [
        provisions.population(municipality),
        *arrears.deliveries(
            municipality,
            owed,
            stories.debts(municipality),
            seed=seed,
            malformed=mistakes.MALFORMED,
        ),
        *provisions.deliveries(municipality, found),
    ]


def write(
    deliveries: Sequence[Delivery], directory: Path, *, progress: Progress = silent
) -> list[Path]:
    """Write DIR/deliveries/<stream>-<supplier>.<suffix> and <file>.delivery.json for each.

    Returns the data files in the order of the deliveries. Raises OSError where DIR cannot be
    written. Holds no truth: who a row really is stands in DIR/truth only.
    """
    folder = directory / "deliveries"
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for number, delivery in enumerate(deliveries):
        path = folder / delivery.file_name
        files.write(delivery, path, lambda _rows, n=number: progress(STOP, n, len(deliveries)))  # type: ignore[misc]
        manifest = json.dumps(_manifest(delivery, path), ensure_ascii=False, indent=2) + "\n"
        path.with_name(f"{path.name}.delivery.json").write_text(manifest, encoding="utf-8")
        written.append(path)
        progress(STOP, number + 1, len(deliveries))
    return written


def _manifest(delivery: Delivery, path: Path) -> dict[str, object]:
    return {
        "v": 1,
        "stream": delivery.stream,
        "supplier": {"name": delivery.supplier_name, "oin": delivery.supplier_oin},
        "delivered_on": delivery.delivered_on.isoformat(),
        "covers": {
            "from_on": delivery.covers.from_on.isoformat(),
            "until_on": delivery.covers.until_on.isoformat(),
        },
        "attests": list(delivery.attests),
        "sha256": _sha256(path),
    }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
