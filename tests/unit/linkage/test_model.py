import json
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.blind.linkage.comparisons import COMPARISONS
from openregie.blind.linkage.errors import ModelInvalid
from openregie.blind.linkage.model import blend, make_model, read_model, shipped_model


def test_a_model_survives_its_own_json():
    model = shipped_model()
    assert read_model(model.to_json()) == model
    assert read_model(model.to_json()).digest == model.digest


def test_a_model_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        shipped_model().version = "other"
    with pytest.raises(TypeError):
        shipped_model().probabilities["birth_equal"] = (1.0, 0.0)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told | {"format": "other"},
        lambda told: told | {"probabilities": {"birth_equal": [0.9, 0.1]}},
        lambda told: told | {"share_in_register": 1.0},
        lambda told: {key: told[key] for key in told if key != "pairs"},
        lambda told: told | {"probabilities": {c: [2, 0.1] for c in told["probabilities"]}},
        lambda told: [told],
    ],
)
def test_a_broken_model_is_refused(change):
    told = json.loads(shipped_model().to_json())
    with pytest.raises(ModelInvalid, match="linkage model"):
        read_model(json.dumps(change(told)))


def test_an_unknown_or_unsafe_version_is_refused():
    for version in ("default-99", "../default-1", ""):
        with pytest.raises(ModelInvalid):
            shipped_model(version)


def test_agreement_weighs_for_and_difference_against():
    for code, (m, u) in shipped_model().probabilities.items():
        if code.endswith(("_equal", "_swapped", "_old")) and code != "birth_year_equal":
            assert m > u, code
        if code.endswith("_differs") and "addition" not in code and "prefix" not in code:
            assert m < u, code


@given(st.lists(st.integers(0, 100_000), min_size=60, max_size=60), st.integers(1, 1000))
def test_learning_gives_chances_whatever_was_counted(numbers, prior_pairs):
    codes = [code for comparison in COMPARISONS for code in comparison.codes]
    counts = dict(zip(codes, numbers, strict=False))
    learnt = blend(
        shipped_model(), counts, prior_pairs=prior_pairs, version="x", learnt_from="bsn-pairs"
    )
    for comparison in COMPARISONS:
        total = sum(learnt.probabilities[code][0] for code in comparison.codes)
        assert total == pytest.approx(1, abs=1e-4)
        assert all(
            0 < chance < 1 for code in comparison.codes for chance in learnt.probabilities[code]
        )


def test_counting_nothing_changes_nothing():
    model = shipped_model()
    learnt = blend(model, {}, prior_pairs=10, version="x", learnt_from="bsn-pairs")
    for code, (m, u) in learnt.probabilities.items():
        assert (m, u) == pytest.approx(model.probabilities[code], abs=1e-5)


def test_a_model_must_know_every_level():
    with pytest.raises(ModelInvalid, match="levels"):
        make_model(version="x", learnt_from="em", pairs=0, share_in_register=0.9, probabilities={})


def test_the_prior_falls_with_the_size_of_the_register():
    model = shipped_model()
    assert model.prior_bits(1000) - model.prior_bits(2000) == pytest.approx(1.0)
