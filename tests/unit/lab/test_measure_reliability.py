import pytest

from openregie.lab.measure_reliability import (
    EDGES,
    Share,
    Town,
    draw_origins,
    draw_reliability,
    recall_by_origin,
    reliability,
    wilson,
)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    # by hand, from the formula in Wilson 1927
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (0, 0, 0.0, 1.0)],
)
def test_an_interval_stays_within_what_a_share_can_be(right, of, low, high):
    assert wilson(right, of) == pytest.approx((low, high), abs=1e-4)


TOWNS = [
    Town((("with", 4, 10, 6, 6.2), ("with", 9, 90, 90, 89.95)), (("dutch", 90, 89), ("x", 4, 2))),
    Town((("with", 4, 30, 20, 19.8), ("without", 0, 5, 0, 0.01)), (("dutch", 10, 10),)),
]


def test_towns_are_pooled():
    found = reliability(TOWNS)
    assert [(s.right, s.of, round(s.claimed, 6)) for s in found["with"]] == [
        (26, 40, 0.65),
        (90, 90, 0.999444),
    ]
    assert found["with"][0].name == f"{EDGES[4]:g} to {EDGES[5]:g}"
    assert [(s.right, s.of) for s in found["without"]] == [(0, 5)]
    assert recall_by_origin(TOWNS) == [Share("x", 2, 4), Share("dutch", 99, 100)]


def test_both_plots_name_their_groups():
    drawn = draw_reliability(reliability(TOWNS), "Two towns.")
    assert ">with<" in drawn
    assert ">without<" in drawn
    assert "Two towns." in drawn
    assert "dutch: 0.99" in draw_origins(recall_by_origin(TOWNS), "Two towns.")


def test_edges_cover_every_chance():
    assert (EDGES[0], EDGES[-1]) == (0, 1)
    assert list(EDGES) == sorted(set(EDGES))
