"""The privacy budget: what was released, what it cost, what is left this year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from openregie.insight.errors import BudgetSpent

MICRO = 1_000_000
"""Epsilon is kept in millionths: sums stay exact."""


@dataclass(frozen=True, slots=True)
class Release:
    """One table of noisy counts, with its price. Noise was drawn once, here, and never again."""

    count: str
    period: str
    year: int
    epsilon_micro: int
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class Budget:
    """Epsilon a year, and every release charged to it. The unit of privacy is the household."""

    epsilon_micro_a_year: int
    releases: tuple[Release, ...] = field(default=())

    def spent_micro(self, year: int) -> int:
        """Epsilon spent in a calendar year, in millionths."""
        return sum(r.epsilon_micro for r in self.releases if r.year == year)

    def left_micro(self, year: int) -> int:
        """Epsilon left in a calendar year, in millionths."""
        return self.epsilon_micro_a_year - self.spent_micro(year)

    def find(self, count: str, period: str) -> Release | None:
        """Return the release of this count over this period, if it was made before."""
        return next((r for r in self.releases if (r.count, r.period) == (count, period)), None)

    def charge(self, release: Release) -> Self:
        """Return the budget with this release charged.

        Raises `BudgetSpent` when the year's epsilon does not cover it.
        """
        if release.epsilon_micro > self.left_micro(release.year):
            raise BudgetSpent(
                f"count `{release.count}`, period {release.period}: the privacy budget of "
                f"{release.year} does not cover it; wait for the next year or publish less often"
            )
        return type(self)(self.epsilon_micro_a_year, (*self.releases, release))

    def to_json(self) -> dict[str, Any]:
        """Return the budget as the run keeps it in its sealed state."""
        return {
            "v": 1,
            "epsilonMicroAYear": self.epsilon_micro_a_year,
            "releases": [
                {
                    "count": r.count,
                    "period": r.period,
                    "year": r.year,
                    "epsilonMicro": r.epsilon_micro,
                    "values": r.values,
                }
                for r in self.releases
            ],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            kept["epsilonMicroAYear"],
            tuple(
                Release(r["count"], r["period"], r["year"], r["epsilonMicro"], dict(r["values"]))
                for r in kept["releases"]
            ),
        )
