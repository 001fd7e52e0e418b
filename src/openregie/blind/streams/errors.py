"""What can go wrong between a delivery file and typed records. Messages never carry a value."""

from __future__ import annotations

from dataclasses import dataclass


class StreamsError(Exception):
    """Base of every error of this package."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a declaration: where it stands, what it is and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        """Place first, remedy last."""
        return f"{self.path}, line {self.line}: {self.message}"


class DeclarationInvalid(StreamsError):
    """A declaration in content/streams/ does not hold; carries every problem found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems, in the order of the files."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class DeliveryRefused(StreamsError):
    """A delivery is refused whole; carries every reason, and nothing of it was kept."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        """Keep the reasons, in the order in which they were found."""
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class InboxUnusable(StreamsError):
    """The inbox cannot be read or written; nothing was changed."""
