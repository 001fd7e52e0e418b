"""What can go wrong while linking. Messages name place and remedy, never a value."""

from __future__ import annotations

from dataclasses import dataclass


class LinkageError(Exception):
    """Base of every error of this package."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in content/linkage.yaml: where it stands, what it is and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        """Place first, remedy last."""
        return f"{self.path}, line {self.line}: {self.message}"


class ConfigInvalid(LinkageError):
    """The linkage configuration does not hold; carries every problem found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems, in the order of the file."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ModelInvalid(LinkageError):
    """A model does not fit the comparisons of this version; make or ship another one."""


class TableMissing(LinkageError):
    """A table that linking reads is not on the connection, or lacks a column."""


class TooLittleToLearn(LinkageError):
    """Expectation maximisation found no usable model; the shipped model serves instead."""
