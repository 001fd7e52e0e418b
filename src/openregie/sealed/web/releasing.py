"""What `openregie log release` and the demo call: a release into the log, with its proof."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from openregie.logbook import released
from openregie.release_digest import Release
from openregie.sealed.web.setup import prepare


def log_release(folder: Path, release: Release) -> bool:
    """Name a release in the log and write public/release.json; False if the log named it before.

    A crash in between is answered by doing it again. Raises RolledBack, CustodyError.
    """
    prepare(folder)
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.releases import actions  # noqa: PLC0415 - after prepare
    from openregie.sealed.web.settings import OPENREGIE  # noqa: PLC0415 - after prepare

    vault = Vault(OPENREGIE.tenant, OPENREGIE.dir)
    told, is_new = actions.log_release(vault, release, now=datetime.now(UTC))
    file = folder / "public" / released.FILE
    beside = file.with_name(f"{file.name}.new")
    with beside.open("w", encoding="utf-8") as opened:
        json.dump(told, opened, indent=1, sort_keys=True)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)
    return is_new
