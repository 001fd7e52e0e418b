"""What `openregie take-in` calls: everything the run handed over goes into the vault."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from openregie.sealed.web.setup import prepare


@dataclass(frozen=True, slots=True)
class Taken:
    """Totals of one hand-over that was taken in."""

    number: int
    items_added: int
    items_removed: int
    events: int
    skipped: int

    def to_json(self) -> dict[str, Any]:
        """As it is printed."""
        return {
            "number": self.number,
            "itemsAdded": self.items_added,
            "itemsRemoved": self.items_removed,
            "events": self.events,
            "skipped": self.skipped,
        }


def take_in(folder: Path) -> list[Taken]:
    """Take in every finished hand-over that is not in yet, then give its events their places.

    Safe to call again, also beside a serving process. Raises HandOverRefused (envelope.handover or
    vault.errors), CustodyError.
    """
    prepare(folder)
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.intake.actions import take_in_all  # noqa: PLC0415 - after prepare
    from openregie.sealed.web.settings import OPENREGIE  # noqa: PLC0415 - after prepare

    done = take_in_all(Vault(OPENREGIE.tenant, OPENREGIE.dir), clock=timezone.now)
    return [
        Taken(one.number, one.items_added, one.items_removed, one.events, one.skipped)
        for one in done
    ]
