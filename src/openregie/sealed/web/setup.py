"""Makes the sealed zone ready in this process: one tenant's settings, tables up to date."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from openregie.sealed.vault.errors import TenantUnusable

CLIENT_PORT = 8000
DATA_PORT = 8001


def prepare(folder: Path, *, client_port: int = 0, data_port: int = 0) -> None:
    """Load a tenant folder's settings and bring its tables up to date; one tenant a process.

    In development ports make both origins http://localhost:<port>; otherwise openregie.json says.
    Call it before importing what has tables. Calling it again for the same folder does nothing.
    Raises TenantUnusable.
    """
    folder = folder.resolve()
    if settings.configured:
        if settings.OPENREGIE.folder != folder:
            raise TenantUnusable("this process has another tenant folder; start a new process")
        _move(client_port, data_port)
        return
    os.environ["OPENREGIE_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "openregie.sealed.web.settings"
    if client_port:
        os.environ["OPENREGIE_CLIENT_ORIGIN"] = _local(client_port)
    if data_port:
        os.environ["OPENREGIE_DATA_ORIGIN"] = _local(data_port)
    _make_web_key(folder / "custody" / "web.key")
    (folder / "sealed").mkdir(mode=0o700, exist_ok=True)
    django.setup()
    for database in ("default", "sessions"):
        call_command("migrate", database=database, verbosity=0, interactive=False)


def _move(client_port: int, data_port: int) -> None:
    """Change the ports of a development tenant whose settings are loaded already."""
    tenant = settings.OPENREGIE
    if tenant.development:
        settings.OPENREGIE = replace(
            tenant,
            client_origin=_local(client_port) if client_port else tenant.client_origin,
            data_origin=_local(data_port) if data_port else tenant.data_origin,
        )


def _local(port: int) -> str:
    return f"http://localhost:{port}"


def _make_web_key(path: Path) -> None:
    """The key of session signatures: made once, readable by this account alone."""
    if not path.exists() and path.parent.is_dir():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_urlsafe(48))
