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
    wrong = (
        ("E001", tenant.development and not tenant.synthetic, "`development` needs `synthetic`"),
        ("E002", tenant.development and not tenant.is_local, "`development` needs localhost"),
        ("E003", not tenant.development_login and tenant.provider is None, "`login` is missing"),
        (
            "E004",
            not tenant.development_login and not tenant.is_secure,
            "both `origins` must start with https:// outside development",
        ),
        (
            "E005",
            tenant.client_origin == tenant.data_origin,
            "`origins.client` and `origins.data` must differ",
        ),
    )
    return [
        (f"openregie.{code}", f"openregie.json: {text}; see docs/specs/api.md")
        for code, is_wrong, text in wrong
        if is_wrong
    ]
