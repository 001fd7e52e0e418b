"""What can be wrong with a rule, a parameter or a table of cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in content/: where, what, and what to do. It never holds a resident's data."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


class RulesError(Exception):
    """Base of all errors of this package."""


class RulesInvalid(RulesError):
    """The rules in a folder do not hold; every problem is named."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ExpressionRefused(RulesError):
    """An expression cannot be read or makes no sense; `column` counts from 1."""

    def __init__(self, column: int, what: str, remedy: str) -> None:
        self.column = column
        self.what = what
        self.remedy = remedy
        super().__init__(f"column {column}: {what}; {remedy}")


class ParameterMissing(RulesError):
    """A rule in force names a parameter that has no value on the day."""

    def __init__(self, rule: str, parameter: str) -> None:
        super().__init__(
            f"rule `{rule}`: parameter `{parameter}` has no value on this day; "
            f"add a dated value to content/parameters/"
        )
