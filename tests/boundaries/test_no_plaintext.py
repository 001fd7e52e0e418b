"""A value that was planted in the deliveries is nowhere outside a sealed item."""

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from resident import Resident
from town import ON, openregie

PLAIN_BY_NATURE = ("deliveries", "truth", "demo")
"""The suppliers' own desks and the synthetic truth: no zone reads or keeps them."""


@pytest.fixture(scope="module")
def planted(town, tmp_path_factory):
    """The town again, with canaries in the rows about Noor, who is enrolled."""
    directory = tmp_path_factory.mktemp("canary") / "lindestad"
    shutil.copytree(town.directory, directory)
    file = next(
        f
        for f in (directory / "deliveries").glob("*")
        if f.name.startswith("rent_arrears") and f.suffix != ".json" and "Bakker" in read(f)
    )
    canary = "Kanarievogeltje"
    header, *rows = read(file).splitlines()
    place = header.split(";").index("status")
    planted_rows = []
    for row in rows:
        cells = row.split(";")
        cells[place] = canary
        planted_rows.append(";".join(cells))
    changed = "\r\n".join([header, *planted_rows, ""]).encode("cp1252")
    fresh = directory / "fresh.csv"
    fresh.write_bytes(changed)
    sidecar = json.loads(Path(str(file) + ".delivery.json").read_text())
    sidecar["sha256"] = hashlib.sha256(changed).hexdigest()
    Path(str(fresh) + ".delivery.json").write_text(json.dumps(sidecar))
    openregie("deliver", fresh, "--dir", directory, "--on", ON)
    fresh.unlink()
    Path(str(fresh) + ".delivery.json").unlink()
    run = openregie("run", "--dir", directory, "--on", ON)
    openregie("take-in", "--dir", directory)
    return directory, canary, run.stdout + run.stderr


def read(file):
    return file.read_bytes().decode("cp1252", "ignore")


def every_file(directory):
    for file in sorted(directory.rglob("*")):
        if file.is_file() and file.relative_to(directory).parts[0] not in PLAIN_BY_NATURE:
            yield file


def test_no_file_of_the_zones_holds_a_planted_value(planted):
    directory, canary, told = planted
    assert canary not in told
    for file in every_file(directory):
        assert canary.encode() not in file.read_bytes(), file.name


def test_the_planted_value_went_all_the_way_to_its_reader(planted, town):
    directory, canary, _ = planted
    noor = Resident(directory, town.persona("Noor"))
    assert canary in json.dumps(noor.items())


def test_no_file_of_the_zones_holds_a_name_or_a_citizen_number(town):
    words = [p["bsn"] for p in town.personas] + ["Woonstichting", "Welzeker", "Bakker"]
    for file in every_file(town.directory):
        if file.name == "openregie.json":
            continue
        whole = file.read_bytes()
        for word in words:
            clear_manifest = file.suffix == ".json" and file.parent.parent.name == "inbox"
            if clear_manifest and not word.isdecimal():
                continue  # a delivery's manifest names its supplier, never a person
            assert word.encode() not in whole, f"{file.name}: holds a planted word"


def test_the_sealed_database_has_no_readable_column_about_a_person(town):
    for file in (town.directory / "sealed").glob("*.sqlite3"):
        with sqlite3.connect(file) as con:
            dump = "\n".join(con.iterdump())
        for persona in town.personas:
            assert persona["bsn"] not in dump
            assert persona["name"].split()[-1] not in dump
