"""What the bench of sizes works out: the exponent of growth, and a second delivery."""

import csv
import io

import pytest

from openregie.lab.bench_scale import CHANGED_EVERY, _change, exponent

SIZES = (10_000, 160_000, 1_000_000)


@pytest.mark.parametrize("power", [0.8, 1.0, 1.1, 2.0])
def test_the_exponent_of_a_power_law_is_its_power(power):
    assert exponent(SIZES, [0.002 * size**power for size in SIZES]) == pytest.approx(power)


def test_one_row_in_a_hundred_differs_in_one_column_alone():
    rows = [["nummer", "bedrag"], *([f"A{n}", f"{n}.50"] for n in range(1_000))]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    text, changed = _change(out.getvalue(), "bedrag")
    again = list(csv.reader(io.StringIO(text, newline="")))
    differ = [(one, other) for one, other in zip(rows, again, strict=True) if one != other]
    assert len(differ) == changed == 1_000 // CHANGED_EVERY
    assert all(one[0] == other[0] and one[1] != other[1] for one, other in differ)
