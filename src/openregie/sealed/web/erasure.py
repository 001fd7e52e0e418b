"""What `openregie erase` calls: a resident is taken out of the sealed zone."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from openregie.sealed.web.setup import prepare
from openregie.terms import Mailbox


def erase(folder: Path, mailbox: Mailbox) -> dict[str, int]:
    """Erase one mailbox and give the entry about it its place in the log; totals by what it was.

    Safe to call again, also beside a serving process. Raises CustodyError.
    """
    prepare(folder)
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.erasure import actions  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.retention.actions import spend_taken  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.tick.actions import tick  # noqa: PLC0415 - after prepare
    from openregie.sealed.web.settings import OPENREGIE  # noqa: PLC0415 - after prepare

    vault = Vault(OPENREGIE.tenant, OPENREGIE.dir)
    erased = actions.erase(vault, mailbox, now=timezone.now())
    spend_taken(vault)
    tick(vault, now=timezone.now())
    return erased.to_json()
