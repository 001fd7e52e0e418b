"""What became of a delivery, as the runs' receipts tell it. Source: docs/specs/hand-over.md."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class State:
    """Received until a run read it; then used or refused, by which run, and why."""

    state: str
    run: int | None = None
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For the supplier."""
        return {"state": self.state, "run": self.run, "reasons": list(self.reasons)}


RECEIVED = State("received")


def read_states(folder: Path, runs: Iterable[int], wanted: frozenset[str]) -> dict[str, State]:
    """The last word about each wanted delivery, from the receipts of these runs."""
    found: dict[str, State] = {}
    for number in sorted(runs, reverse=True):
        if len(found) == len(wanted):
            break
        for file in _files(folder / "handover" / str(number) / "receipt.json"):
            name = str(file.get("deliveryId"))
            if name in wanted and name not in found:
                reasons = tuple(map(str, file.get("refused", ())))
                found[name] = State("refused" if reasons else "used", number, reasons)
    return found


def _files(receipt: Path) -> list[dict[str, Any]]:
    try:
        told = json.loads(receipt.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    files = told.get("files", []) if isinstance(told, dict) else []
    return [one for one in files if isinstance(one, dict)]
