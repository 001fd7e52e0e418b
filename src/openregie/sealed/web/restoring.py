"""What `openregie restore` calls: what was revoked since the backup is taken away again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openregie.envelope.revocations import Line
from openregie.sealed.web.setup import prepare


def replay(
    folder: Path,
    since: Iterable[Line],
    *,
    sent: Iterable[tuple[date, dict[str, Any]]],
    everyone: bool,
) -> tuple[dict[str, int], int]:
    """Replay revocations on a folder that is not served yet; totals by what was taken away.

    `sent` are corrections and objections since, with their day; how many were put back is the
    second answer. `everyone` ends the keys of every resident: nobody knows any more who withdrew.
    """
    prepare(folder)
    from django.db import connections  # noqa: PLC0415 - after prepare

    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.ledger import actions  # noqa: PLC0415 - after prepare
    from openregie.sealed.web.settings import OPENREGIE  # noqa: PLC0415 - after prepare

    vault = Vault(OPENREGIE.tenant, OPENREGIE.dir)
    done = actions.replay(vault, since, sent=sent, everyone=everyone)
    connections.close_all()
    taken = {"residents": done.residents, "wraps": done.wraps, "returns": done.returns}
    return taken, done.put_back
