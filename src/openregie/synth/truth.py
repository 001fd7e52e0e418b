"""What only the maker knows: who each delivered row is, who lives with whom. For tests and lab."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from openregie.synth.people import Municipality
from openregie.synth.tables import Delivery

ROWS = pa.schema(
    [
        ("stream", pa.string()),
        ("supplier_oin", pa.string()),
        ("file", pa.string()),
        ("row_number", pa.int32()),
        ("bsn", pa.string()),
        ("about", pa.string()),
        ("mistakes", pa.list_(pa.string())),
    ]
)
PERSONS = pa.schema(
    [
        ("bsn", pa.string()),
        ("present", pa.bool_()),
        ("household", pa.int32()),
        ("kind", pa.string()),
        ("role", pa.string()),
        ("address_id", pa.string()),
        ("origin", pa.string()),
        ("business", pa.string()),
    ]
)


def write(
    municipality: Municipality, deliveries: Sequence[Delivery], directory: Path
) -> list[Path]:
    """Write DIR/truth/rows.parquet and DIR/truth/persons.parquet.

    Shape: one row per delivered data row (`row_number` 1 = first; `bsn` null: nobody in the
    register; `about`: resident, dead, departed, elsewhere, business, business_of_resident), and
    one row per person of the register (`household` null for who died or left).
    """
    folder = directory / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    rows, persons = folder / "rows.parquet", folder / "persons.parquet"
    with pq.ParquetWriter(rows, ROWS, compression="zstd") as writer:
        for delivery in deliveries:
            writer.write_table(_rows(delivery))
    pq.write_table(_persons(municipality), persons, compression="zstd")
    return [persons, rows]


def _rows(delivery: Delivery) -> pa.Table:
    origins = list(delivery.origins())
    count = len(origins)
    columns = [
        [delivery.stream] * count,
        [delivery.supplier_oin] * count,
        [delivery.file_name] * count,
        list(range(1, count + 1)),
        [origin.bsn for origin in origins],
        [origin.about for origin in origins],
        [[mistake.value for mistake in origin.mistakes] for origin in origins],
    ]
    return pa.table(columns, schema=ROWS)


def _persons(municipality: Municipality) -> pa.Table:
    people = municipality.persons
    columns = [
        [person.bsn for person in people],
        [person.present for person in people],
        [person.household if person.present else None for person in people],
        [person.kind.value for person in people],
        [person.role for person in people],
        [person.address.address_id for person in people],
        [person.origin for person in people],
        [person.business for person in people],
    ]
    return pa.table(columns, schema=PERSONS)
