import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import yaml

from openregie.synth import deliveries
from openregie.synth.mistakes import Mistake
from openregie.synth.municipality import make
from openregie.synth.suppliers import Format
from openregie.terms import is_bsn

ON = date(2026, 11, 1)
STREAMS = Path(__file__).parents[3] / "content" / "streams"
MAKE = """
import sys
from datetime import date
from pathlib import Path
from openregie.synth import deliveries, personas, truth
from openregie.synth.municipality import make
town = make(600, seed=int(sys.argv[2]), on=date(2026, 11, 1))
composed = deliveries.compose(town, seed=int(sys.argv[2]))
deliveries.write(composed, Path(sys.argv[1]))
truth.write(town, composed, Path(sys.argv[1]))
personas.write(town, Path(sys.argv[1]))
"""


def declaration(stream):
    return yaml.safe_load((STREAMS / f"{stream}.yaml").read_text("utf-8"))


def read(delivery, folder):
    """Header and rows of a delivered file, as text, by the format its source uses."""
    data = (folder / "deliveries" / delivery.file_name).read_bytes()
    if delivery.format is Format.PARQUET:
        table = pq.read_table(io.BytesIO(data))
        rows = [[text(row[name]) for name in table.column_names] for row in table.to_pylist()]
        return table.column_names, rows
    if delivery.format is Format.JSON_LINES:
        flat = [flatten(json.loads(line)) for line in data.decode("utf-8").splitlines()]
        return list(delivery.headers), [[text(row[h]) for h in delivery.headers] for row in flat]
    encoding = {Format.SEMICOLON_WINDOWS: "cp1252", Format.COMMA_BOM: "utf-8-sig"}
    decoded = data.decode(encoding.get(delivery.format, "utf-8"))
    delimiter = {Format.TAB: "\t", Format.CSV: ",", Format.COMMA_BOM: ","}
    reader = csv.reader(io.StringIO(decoded), delimiter=delimiter.get(delivery.format, ";"))
    header, *rows = list(reader)
    return header, rows


def flatten(value, outer=""):
    flat = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            flat.update(flatten(inner, f"{outer}{key}."))
        else:
            flat[outer + key] = inner
    return flat


def text(cell):
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


DAY = r"\d{4}-\d{2}-\d{2}|\d{2}-\d{2}-\d{4}|\d{8}"
PATTERNS = {
    "text": r".+",
    "choice": r".+",
    "integer": r"\d{1,9}",
    "postcode": r"[1-9]\d{3}[A-Z]{2}",
    "boolean": r"ja|nee|true|false|0|1|J|N",
    "date": DAY,
    "partial_date": DAY,
    "euros": r"\d{1,9}",
    "decimal_euros": r"\d{1,9}[.,]\d{2}",
    "bsn": r"\d{9}",
}


def fits(cell, column):
    if not re.fullmatch(PATTERNS[column["type"]], cell):
        return False
    if column["type"] == "bsn":
        return is_bsn(cell)
    if "minimum" in column and not column["minimum"] <= float(cell) <= column["maximum"]:
        return False
    return "choices" not in column or cell in column["choices"]


def test_every_file_fits_the_declaration_of_its_stream(composed, synthetic_folder):
    for delivery in composed:
        columns = {column["name"]: column for column in declaration(delivery.stream)["columns"]}
        header, rows = read(delivery, synthetic_folder)
        assert header == list(delivery.headers)
        assert set(header) <= set(columns)
        assert {n for n, c in columns.items() if c.get("required")} <= set(header)
        for origin, row in zip(delivery.origins(), rows, strict=True):
            wrong = [
                name
                for name, cell in zip(header, row, strict=True)
                if (not cell and columns[name].get("required"))
                or (cell and not fits(cell, columns[name]))
            ]
            expected = Mistake.MALFORMED in origin.mistakes
            assert not wrong or expected, (delivery.file_name, wrong)


def test_keys_are_unique_in_every_file(composed, synthetic_folder):
    for delivery in composed:
        columns = declaration(delivery.stream)["columns"]
        keys = [column["name"] for column in columns if column.get("key")]
        header, rows = read(delivery, synthetic_folder)
        found = [tuple(row[header.index(key)] for key in keys) for row in rows]
        assert len(set(found)) == len(found), delivery.file_name


AFTERWARDS = {"paid_or_objected"}
"""What a source says later about rows that it delivered: a first delivery has none."""


def test_every_declared_stream_of_a_source_is_delivered(composed):
    declared = {
        path.stem
        for path in STREAMS.glob("*.yaml")
        if not declaration(path.stem).get("sealed_return")
    }
    assert declared - AFTERWARDS == {delivery.stream for delivery in composed}


def test_arrears_come_from_several_suppliers_in_every_format(composed):
    assert {delivery.format for delivery in composed} == set(Format)
    suppliers = {}
    for delivery in composed:
        suppliers.setdefault(delivery.stream, set()).add(delivery.supplier_oin)
    assert len(suppliers["rent_arrears"]) == 2
    assert len(suppliers["energy_arrears"]) == 2
    assert len(suppliers["health_premium_arrears"]) == 3


def test_manifests_state_what_the_law_asks_and_the_files_digest(composed, synthetic_folder):
    for delivery in composed:
        path = synthetic_folder / "deliveries" / delivery.file_name
        manifest = json.loads(path.with_name(f"{path.name}.delivery.json").read_text("utf-8"))
        declared = declaration(delivery.stream)
        assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert set(manifest["attests"]) == {one["id"] for one in declared["attests"]}
        covers = manifest["covers"]
        assert covers["from_on"] <= covers["until_on"] <= manifest["delivered_on"] == "2026-11-01"


def test_no_truth_lies_among_the_deliveries(synthetic_folder, composed):
    names = {path.name for path in (synthetic_folder / "deliveries").iterdir()}
    expected = {delivery.file_name for delivery in composed}
    assert names == expected | {f"{name}.delivery.json" for name in expected}
    kinds = [mistake.value.encode() for mistake in Mistake] + [b"household", b"dutch"]
    for path in (synthetic_folder / "deliveries").iterdir():
        data = path.read_bytes()
        assert not any(kind in data for kind in kinds), path.name


def test_the_order_of_the_register_tells_nothing_of_households(composed, synthetic_folder):
    header, rows = read(composed[0], synthetic_folder)
    numbers = [row[header.index("burgerservicenummer")] for row in rows]
    assert numbers == sorted(numbers)


def test_windows_files_cannot_hold_what_they_hold_no_letter_for(composed, synthetic_folder):
    windows = [d for d in composed if d.format is Format.SEMICOLON_WINDOWS]
    for delivery in windows:
        (synthetic_folder / "deliveries" / delivery.file_name).read_bytes().decode("cp1252")
    assert len(windows) == 2


def test_progress_counts_the_files(composed, tmp_path):
    told = []
    deliveries.write(composed, tmp_path, progress=lambda *report: told.append(report))
    assert told[-1] == ("deliveries", len(composed), len(composed))


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes_whatever_order_a_process_hashes_in(tmp_path):
    for hash_seed in ("0", "4711"):
        subprocess.run(
            [sys.executable, "-c", MAKE, str(tmp_path / hash_seed), "3"],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
        )
    assert digests(tmp_path / "0") == digests(tmp_path / "4711")
    assert len(digests(tmp_path / "0")) > 30


def test_another_seed_gives_other_bytes():
    one, other = (deliveries.compose(make(600, seed=s, on=ON), seed=s) for s in (1, 2))
    assert [list(d.rows()) for d in one] != [list(d.rows()) for d in other]


def test_the_register_stays_when_only_the_seed_of_the_deliveries_differs(synthetic_town):
    again = deliveries.compose(synthetic_town, seed=8)
    assert list(again[0].rows()) == list(deliveries.compose(synthetic_town, seed=7)[0].rows())
