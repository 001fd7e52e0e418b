"""What must hold before anything is served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from openregie.sealed.vault.tenant import Tenant


def login_is_safe(app_configs: Any = None, **_kwargs: Any) -> Sequence[CheckMessage]:
    """Django check: what `tenant_errors` finds in this tenant."""
    del app_configs
    return [Error(text, id=code) for code, text in tenant_errors(settings.OPENREGIE)]


def tenant_errors(tenant: Tenant) -> list[tuple[str, str]]:
    """Codes and messages of what is unsafe about a tenant's settings; empty when all is well."""
    if tenant.folder is None:
        return []
    found = []
    if tenant.development and not tenant.synthetic:
        found.append(
            (
                "openregie.E001",
                "openregie.json: development needs a synthetic tenant; set `development` to false",
            )
        )
    if tenant.development and not tenant.is_local:
        found.append(
            (
                "openregie.E002",
                "openregie.json: development needs both origins on localhost; set `development` to false",
            )
        )
    if not tenant.development_login and tenant.provider is None:
        found.append(
            (
                "openregie.E003",
                "openregie.json: `login` is missing; name the OpenID Connect provider",
            )
        )
    if not tenant.development_login and not tenant.is_secure:
        found.append(
            (
                "openregie.E004",
                "openregie.json: `origins.data` must start with https:// outside development",
            )
        )
    if tenant.client_origin == tenant.data_origin:
        found.append(
            ("openregie.E005", "openregie.json: `origins.client` and `origins.data` must differ")
        )
    return found
