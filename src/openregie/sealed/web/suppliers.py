"""What `openregie supplier` calls: accounts at the suppliers' door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from openregie.sealed.web.setup import prepare


def add(folder: Path, *, name: str, oin: str, streams: tuple[str, ...]) -> dict[str, str]:
    """Make an account; its secret is in the answer and nowhere else. Raises AccountRefused."""
    vault, actions = _vault(folder)
    made = actions.add(vault, name=name, oin=oin, streams=streams, now=timezone.now())
    _tick(vault)
    return {"client": made.client_id, "secret": made.secret}


def rotate(folder: Path, client_id: str) -> dict[str, str]:
    """Give an account a new secret; the old one ends at once. Raises AccountUnknown."""
    vault, actions = _vault(folder)
    made = actions.rotate(vault, client_id, now=timezone.now())
    _tick(vault)
    return {"client": made.client_id, "secret": made.secret}


def end(folder: Path, client_id: str) -> None:
    """End an account. Raises AccountUnknown."""
    vault, actions = _vault(folder)
    actions.end(vault, client_id, now=timezone.now())
    _tick(vault)


def accounts(folder: Path) -> list[dict[str, Any]]:
    """Every account, also those that ended; no secret."""
    prepare(folder)
    from openregie.sealed.suppliers.models import Account  # noqa: PLC0415 - after prepare

    return [
        {
            "client": one.client_id,
            "name": one.name,
            "oin": one.oin,
            "streams": one.streams,
            "deliveries": one.deliveries.count(),
            "ended": one.ended_at.date().isoformat() if one.ended_at else None,
        }
        for one in Account.objects.order_by("made_at")
    ]


def _vault(folder: Path) -> tuple[Any, Any]:
    prepare(folder)
    from openregie.sealed.suppliers import actions  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.web.settings import OPENREGIE  # noqa: PLC0415 - after prepare

    return Vault(OPENREGIE.tenant, OPENREGIE.dir), actions


def _tick(vault: Any) -> None:
    from openregie.sealed.vault.tick.actions import tick  # noqa: PLC0415 - after prepare

    tick(vault, now=timezone.now())
