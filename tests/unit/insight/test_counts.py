from statistics import mean

import pytest

from openregie.insight.budget import MICRO, Budget, Release
from openregie.insight.counts import Count, draw, release
from openregie.insight.errors import BudgetSpent, CountRefused

HOUSEHOLDS = Count("households", ("Centrum", "Noord"), epsilon_micro=MICRO // 10)


def test_the_same_table_is_drawn_once_and_charged_once():
    budget, first = release(Budget(MICRO), HOUSEHOLDS, {"Noord": 40}, period="2026-11", year=2026)
    again_budget, again = release(budget, HOUSEHOLDS, {"Noord": 99}, period="2026-11", year=2026)
    assert again is first
    assert again_budget is budget
    assert budget.spent_micro(2026) == MICRO // 10


def test_a_spent_budget_refuses_and_publishes_nothing():
    budget = Budget(MICRO // 10)
    budget, _ = release(budget, HOUSEHOLDS, {}, period="2026-10", year=2026)
    with pytest.raises(BudgetSpent, match="2026-11"):
        release(budget, HOUSEHOLDS, {}, period="2026-11", year=2026)
    _, next_year = release(budget, HOUSEHOLDS, {}, period="2027-01", year=2027)
    assert next_year.year == 2027


def test_an_empty_cell_is_published_too():
    _, made = release(Budget(MICRO), HOUSEHOLDS, {"Noord": 40}, period="2026-11", year=2026)
    assert set(made.values) == {"Centrum", "Noord"}


def test_a_cell_that_was_not_declared_is_refused_without_its_name():
    with pytest.raises(CountRefused) as refused:
        release(Budget(MICRO), HOUSEHOLDS, {"Geheim": 1}, period="2026-11", year=2026)
    assert "Geheim" not in str(refused.value)


def test_noise_has_the_size_that_epsilon_buys():
    true = [1000] * 4000
    for epsilon_micro, cells in ((MICRO, 1), (MICRO // 10, 1), (MICRO, 3)):
        noisy = draw(true, epsilon_micro=epsilon_micro, cells_a_household=cells)
        scale = cells * MICRO / epsilon_micro
        # The mean absolute value of Laplace noise is its scale; 4,000 draws, 5 standard errors.
        assert abs(mean(abs(n - 1000) for n in noisy) - scale) < max(
            0.12, 5 * scale / 4000**0.5 + 0.1
        )


def test_the_budget_survives_being_kept():
    budget = Budget(MICRO).charge(Release("households", "2026-11", 2026, 7, {"Noord": 3}))
    assert Budget.from_json(budget.to_json()) == budget
