"""What `openregie restore` calls: what was revoked since the backup is taken away again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from openregie.envelope.revocations import Line
from openregie.sealed.web.setup import prepare


def replay(folder: Path, since: Iterable[Line], *, everyone: bool) -> dict[str, int]:
    """Replay revocations on a folder that is not served yet; totals by what was taken away.

    `everyone` ends the keys of every resident: nobody knows any more who withdrew.
    """
    prepare(folder)
    from django.db import connections  # noqa: PLC0415 - after prepare

    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.ledger import actions  # noqa: PLC0415 - after prepare
    from openregie.sealed.web.settings import OPENREGIE  # noqa: PLC0415 - after prepare

    done = actions.replay(Vault(OPENREGIE.tenant, OPENREGIE.dir), since, everyone=everyone)
    connections.close_all()
    return {"residents": done.residents, "wraps": done.wraps, "returns": done.returns}
