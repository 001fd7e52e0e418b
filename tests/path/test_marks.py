"""A landlord says that a bill is paid: at the next run nobody reads of it, and no signal stands."""

import csv
import json
import shutil

import pytest

from resident import Resident
from town import ON, openregie


@pytest.fixture
def own_town(town, tmp_path):
    """A copy of the town that a test may change."""
    directory = tmp_path / "lindestad"
    shutil.copytree(town.directory, directory)
    return directory


def arrears(directory, town):
    noor = Resident(directory, town.persona("Noor"))
    found = [fact for fact in noor.of_kind("fact") if fact["factKind"] == "arrears"]
    return {fact["source"]["name"]: fact for fact in found}, noor.of_kind("signal")


def delivered_by(directory, supplier):
    """Organisation number of a supplier, and the references of all rent that it delivered."""
    for sidecar in sorted((directory / "deliveries").glob("*.delivery.json")):
        manifest = json.loads(sidecar.read_text())
        if manifest["stream"] == "rent_arrears" and manifest["supplier"]["name"] == supplier:
            file = sidecar.with_name(sidecar.name.removesuffix(".delivery.json"))
            with file.open(newline="", encoding="utf-8") as opened:
                dialect = csv.Sniffer().sniff(opened.readline(), ",;\t")
                opened.seek(0)
                rows = list(csv.DictReader(opened, dialect=dialect))
            return manifest["supplier"]["oin"], [row["ID"] for row in rows]
    raise AssertionError(supplier)


def mark(directory, tmp_path, supplier, references, what, oin):
    file = tmp_path / f"{what}.csv"
    lines = [f"rent_arrears;{reference};{what};{ON}" for reference in references]
    file.write_text("\n".join(["stroom;kenmerk;melding;datum", *lines]) + "\n")
    words = ["--stream", "paid_or_objected", "--supplier", supplier, "--oin", oin]
    openregie("deliver", file, "--dir", directory, "--on", ON, *words)
    openregie("run", "--dir", directory, "--on", ON, "--json", "--quiet")
    openregie("take-in", "--dir", directory)


def test_what_a_landlord_marks_as_paid_is_gone_at_the_next_run(own_town, town, tmp_path):
    supplier = "Woonstichting De Linde"
    before, signals = arrears(own_town, town)
    assert supplier in before
    told_of = {fact["id"] for fact in before.values() if fact["source"]["name"] == supplier}
    assert any(told_of & set(signal["facts"]) for signal in signals)
    oin, references = delivered_by(own_town, supplier)
    mark(own_town, tmp_path, supplier, references, "betaald", oin)
    after, still = arrears(own_town, town)
    assert supplier not in after
    assert set(before) - set(after) == {supplier}
    assert not any(told_of & set(signal["facts"]) for signal in still)
    mark(own_town, tmp_path, supplier, references, "toch-open", oin)
    assert supplier in arrears(own_town, town)[0]


def test_another_supplier_cannot_take_it_out_of_force(own_town, town, tmp_path):
    supplier = "Woonstichting De Linde"
    _, references = delivered_by(own_town, supplier)
    mark(own_town, tmp_path, "Iemand anders", references, "betaald", "00000009999999990000")
    assert supplier in arrears(own_town, town)[0]
