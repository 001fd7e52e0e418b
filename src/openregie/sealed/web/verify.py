"""What `openregie log verify` calls."""

from __future__ import annotations

from pathlib import Path

from openregie.envelope import custody
from openregie.logbook.checkpoint import LogVerifier
from openregie.sealed.log.verification.report import Report
from openregie.sealed.web.setup import prepare
from openregie.terms import Progress, silent


def verify(folder: Path, *, progress: Progress = silent) -> Report:
    """Check the log of a tenant folder with its public key alone. Raises CustodyError."""
    origin, key = custody.load_log_public(folder)
    prepare(folder)
    from openregie.sealed.log.verification import actions  # noqa: PLC0415 - after prepare

    return actions.verify(LogVerifier(origin, key.raw), progress=progress)
