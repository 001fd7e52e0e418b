"""The vectors that the browser agrees with are what the run makes of cells and files today."""

import json

import pytest

from openregie.blind.streams.published import published
from openregie.blind.streams.stream import ColumnType
from unit.streams import make_cell_vectors as made
from unit.streams.deliveries import STREAMS

CELLS = json.loads((made.FOLDER / "cells.json").read_text())
FILES = json.loads((made.FOLDER / "files.json").read_text())


def test_the_cells_are_those_of_the_run():
    assert made.cells() == CELLS


def test_the_files_are_those_of_the_run():
    assert made.files() == FILES


def test_every_type_has_cells_that_are_taken_and_cells_that_are_not():
    for kind in ColumnType:
        cases = [case for case in CELLS["cases"] if case["column"]["type"] == kind.value]
        cells = [cell for case in cases for cell in case["cells"]]
        assert any(cell.get("values", {}).get("it_on") is not None for cell in cells), kind
        assert any("reason" in cell for cell in cells), kind


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_a_published_declaration_has_every_column_and_condition(name):
    told = json.loads(json.dumps(published(STREAMS[name])))
    assert [c["header"] for c in told["columns"]] == [c.header for c in STREAMS[name].columns]
    assert [c["id"] for c in told["attests"]] == [c.condition_id for c in STREAMS[name].attests]
