"""What `openregie retain` calls for the sealed zone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openregie.policy.keeping import Ended, Terms
from openregie.sealed.web.setup import prepare


def sweep(folder: Path, terms: Terms, *, on: date, dry: bool) -> list[Ended]:
    """Take away what is past its term on a day. Safe beside a serving process."""
    prepare(folder)
    from django.contrib.sessions.models import Session  # noqa: PLC0415 - after prepare
    from django.utils import timezone  # noqa: PLC0415 - after prepare

    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.retention import actions  # noqa: PLC0415 - after prepare
    from openregie.sealed.web.settings import OPENREGIE  # noqa: PLC0415 - after prepare

    ended = actions.sweep(Vault(OPENREGIE.tenant, OPENREGIE.dir), terms, on=on, dry=dry)
    over = Session.objects.filter(expire_date__lt=timezone.now())
    if number := over.count():
        ended.append(Ended("sessions", number, 0, "their time was over"))
        if not dry:
            over.delete()
    return ended
