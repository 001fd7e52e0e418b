"""One mistake in content/ or docs/, in the one form in which `openregie check` lists them all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Where it stands, what it is, what to do. Never holds a resident's data."""

    path: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """Place first, remedy last: one line that an editor can jump to."""
        return f"{self.path}:{self.line}: {self.message}" + (f"; {self.remedy}" * bool(self.remedy))

    def to_json(self) -> dict[str, object]:
        """For `openregie check --json`."""
        return {
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "remedy": self.remedy,
        }
