"""Work on every core: the same results in the same order, and a clear word when a core is lost."""

import os

import pytest

from batches import doubled, killed, refused
from openregie.cores import CoreLost, Cores


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_results_come_in_the_order_of_what_was_given(processes):
    with Cores(processes, few=100) as cores:
        made = list(cores.map(doubled, range(1_001), batch=50))
    assert made == [2 * number for number in range(1_001)]


def test_little_work_starts_no_process():
    with Cores(2, few=100) as cores:
        assert set(cores.map(lambda some: [os.getpid() for _ in some], range(99))) == {os.getpid()}


def test_nothing_to_do_gives_nothing():
    with Cores(2, few=0) as cores:
        assert list(cores.map(doubled, [])) == []


def test_a_process_that_is_killed_ends_the_work_with_a_remedy():
    with Cores(2, few=10) as cores, pytest.raises(CoreLost, match="run again"):
        list(cores.map(killed, range(2_000), batch=50))


def test_what_a_batch_raises_comes_back_as_it_was():
    with Cores(2, few=10) as cores, pytest.raises(ValueError, match="row 700"):
        list(cores.map(refused, range(2_000), batch=50))
