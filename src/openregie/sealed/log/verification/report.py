"""What a verification of the log found. No Django here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `index` is the first place in the tree it concerns, if any.

    `is_exact` says that it is that very place; otherwise the wrong one is there or further on.
    """

    index: int | None
    text: str
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Totals and findings; `root` is hexadecimal and belongs to the `entries` that have a place."""

    entries: int
    waiting: int
    checkpoints: int
    chains: int
    root: str
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_wrong_index(self) -> int | None:
        """The lowest place that is surely wrong, else where it begins; None when no place is."""
        placed = [(not one.is_exact, one.index) for one in self.findings if one.index is not None]
        return min(placed)[1] if placed else None

    def to_json(self) -> dict[str, Any]:
        """The report as it is printed."""
        return {
            "sound": self.is_sound,
            "entries": self.entries,
            "waiting": self.waiting,
            "checkpoints": self.checkpoints,
            "chains": self.chains,
            "root": self.root,
            "firstWrongIndex": self.first_wrong_index,
            "findings": [{"index": one.index, "text": one.text} for one in self.findings],
        }
