"""What `openregie incident` calls: holds on what the vault hands out, and the end of keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from openregie.sealed.web.setup import prepare
from openregie.terms import Mailbox


def hold(folder: Path, *, run: int | None, mailbox: str | None) -> dict[str, Any]:
    """Keep back what a run brought, or close one mailbox, or everybody's when neither is given.

    Raises HandOverRefused, HoldsBroken, CustodyError.
    """
    vault, actions = _vault(folder)
    from openregie.sealed.vault import held  # noqa: PLC0415 - after prepare

    if run is not None:
        name, places = f"run-{run}", actions.of_run(vault, run)
    elif mailbox is not None:
        name, places = f"mailbox-{mailbox}", {mailbox: held.WHOLE}
    else:
        name, places = "everybody", {held.EVERYBODY: held.WHOLE}
    told = actions.hold(vault, name, places, now=timezone.now())
    _tick(vault)
    return {"hold": name, "mailboxes": len(places), "told": told}


def lift(folder: Path, name: str) -> int:
    """End a hold; how many mailboxes it held."""
    vault, actions = _vault(folder)
    count: int = actions.lift(vault, name, now=timezone.now())
    _tick(vault)
    return count


def affected(folder: Path, run: int) -> dict[str, Any]:
    """Whom a run reached: mailboxes and counts, nothing else."""
    vault, actions = _vault(folder)
    found = actions.affected(actions.of_run(vault, run))
    return {"mailboxes": list(found.mailboxes), "items": found.items, "still": found.kept}


def holds(folder: Path) -> dict[str, Any]:
    """Every hold in force: since when, and how many mailboxes."""
    from openregie.sealed.vault import held  # noqa: PLC0415 - as the others

    found = held.read(folder)
    return {
        name: {"on": found.days[name], "mailboxes": len(places)}
        for name, places in sorted(found.named.items())
    }


def end_keys(folder: Path, mailbox: str) -> None:
    """Take one resident's keys away. Raises NotEnrolled."""
    vault, actions = _vault(folder)
    actions.end_keys(vault, Mailbox(mailbox), now=timezone.now())
    _tick(vault)


def _vault(folder: Path) -> tuple[Any, Any]:
    prepare(folder)
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.holds import actions  # noqa: PLC0415 - after prepare
    from openregie.sealed.web.settings import OPENREGIE  # noqa: PLC0415 - after prepare

    return Vault(OPENREGIE.tenant, OPENREGIE.dir), actions


def _tick(vault: Any) -> None:
    from openregie.sealed.vault.tick.actions import tick  # noqa: PLC0415 - after prepare

    tick(vault, now=timezone.now())
