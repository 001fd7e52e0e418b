"""Noisy counts: what the council may know without seeing anyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import opendp.prelude as dp

from openregie.insight.budget import MICRO, Budget, Release
from openregie.insight.errors import CountRefused

dp.enable_features("contrib")


@dataclass(frozen=True, slots=True)
class Count:
    """A declared table of counts.

    `cells` is the whole list, known before the run: a cell that nobody is in is published too, so
    that its absence says nothing. A household adds at most `cells_a_household` to the table.
    """

    name: str
    cells: tuple[str, ...]
    epsilon_micro: int
    cells_a_household: int = 1


@cache
def _laplace(scale: float) -> Any:
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    return dp.m.make_laplace(*space, scale=scale)


def draw(true: Sequence[int], *, epsilon_micro: int, cells_a_household: int) -> list[int]:
    """Add discrete Laplace noise to counts.

    Units: one household changes the counts by at most `cells_a_household` in L1; epsilon in
    millionths. Source: Ghosh, Roughgarden and Sundararajan 2009; noise by OpenDP `make_laplace`.
    """
    mechanism = _laplace(cells_a_household * MICRO / epsilon_micro)
    return list(mechanism([int(value) for value in true]))


def release(
    budget: Budget, count: Count, true: Mapping[str, int], *, period: str, year: int
) -> tuple[Budget, Release]:
    """Publish one table once: noise drawn and budget charged together.

    The same count over the same period gives what was drawn before, free of charge.
    Raises `BudgetSpent`; raises `CountRefused` for a cell that was not declared.
    """
    if made := budget.find(count.name, period):
        return budget, made
    if unknown := set(true) - set(count.cells):
        raise CountRefused(
            f"count `{count.name}`: {len(unknown)} cells are not in its declaration; "
            "add them to content/counts.yaml"
        )
    values = draw(
        [true.get(cell, 0) for cell in count.cells],
        epsilon_micro=count.epsilon_micro,
        cells_a_household=count.cells_a_household,
    )
    made = Release(
        count.name, period, year, count.epsilon_micro, dict(zip(count.cells, values, strict=True))
    )
    return budget.charge(made), made
