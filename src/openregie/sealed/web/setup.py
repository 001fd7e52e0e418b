"""Makes the sealed zone ready in this process: settings of one tenant, tables up to date, checks passed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import django
from django.core.management import call_command

from openregie.sealed.vault.errors import TenantUnusable

CLIENT_PORT = 8000
DATA_PORT = 8001


def prepare(folder: Path, *, client_port: int | None = None, data_port: int | None = None) -> None:
    """Load the settings of a tenant folder and bring its tables up to date; a process has one tenant.

    Ports make both origins http://localhost; without them the folder's own settings say. Call it
    before anything of the sealed zone is imported that has tables. Raises TenantUnusable.
    """
    known = os.environ.get("OPENREGIE_DIR")
    if known not in {None, str(folder.resolve())} and "DJANGO_SETTINGS_MODULE" in os.environ:
        raise TenantUnusable("this process already serves another tenant folder; start a new one")
    os.environ["OPENREGIE_DIR"] = str(folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "openregie.sealed.web.settings"
    if client_port is not None:
        os.environ["OPENREGIE_CLIENT_ORIGIN"] = f"http://localhost:{client_port}"
    if data_port is not None:
        os.environ["OPENREGIE_DATA_ORIGIN"] = f"http://localhost:{data_port}"
    _make_web_key(folder / "custody" / "web.key")
    (folder / "sealed").mkdir(mode=0o700, exist_ok=True)
    django.setup()
    for database in ("default", "sessions"):
        call_command("migrate", database=database, verbosity=0, interactive=False)


def _make_web_key(path: Path) -> None:
    """The key of session signatures: made once, readable by this account alone."""
    if not path.exists() and path.parent.is_dir():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_urlsafe(48))
