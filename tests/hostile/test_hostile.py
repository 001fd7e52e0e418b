"""Whatever is delivered: refused or set apart with a clear message, nothing lost, nothing told."""

import pytest

from hostile import written
from hostile.deliveries import ALL, BY_NAME
from hostile.delivery import HARMLESS
from hostile.parquet_files import crafted
from hostile.trial import MAX_PEAK_BYTES, Trial
from openregie.blind.streams.formats import parse
from unit.streams.deliveries import STREAMS


@pytest.fixture(scope="module")
def trial():
    trial = Trial()
    yield trial
    trial.close()


@pytest.fixture(scope="module")
def ended():
    """What became of each delivery tried so far."""
    return {}


def test_the_deliveries_are_many_and_have_names_of_their_own():
    assert len(BY_NAME) == len(ALL) >= 60
    assert sum(case.ends != HARMLESS for case in ALL) >= 60


@pytest.mark.parametrize("name", BY_NAME)
def test_a_hostile_delivery_does_no_harm(trial, ended, name):
    case = BY_NAME[name]
    one = ended[name] = trial.attempt(case)
    assert one.fault == ""
    assert (one.how, one.lost) == (case.ends, 0), one.message
    assert one.message or not case.says
    assert one.leaked == ()
    assert one.stray == ()
    assert one.peak < MAX_PEAK_BYTES


def test_the_page_about_them_is_up_to_date(ended):
    if len(ended) != len(ALL):
        pytest.skip("only some deliveries were tried")
    assert written.FILE.read_text(encoding="utf-8") == written.page(ended)


def test_the_hand_that_makes_the_bombs_writes_parquet():
    raw = parse(crafted(), STREAMS["rent_arrears"])
    assert raw.table.column("ID").to_pylist() == ["R-1"]
