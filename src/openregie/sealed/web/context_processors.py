"""What every template may know."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest


def tenant(_request: HttpRequest) -> dict[str, object]:
    """Name and origins of the municipality; nothing about the reader."""
    here = settings.OPENREGIE
    theme = theme_of(here.tenant)
    return {
        "tenant_id": here.tenant,
        "tenant_name": here.name,
        "synthetic": here.synthetic,
        "client_origin": here.client_origin,
        "data_origin": here.data_origin,
        "theme_style": f"{theme}.css",
        "theme_logo": f"logo-{theme}.svg",
    }


def theme_of(tenant_id: str) -> str:
    """The tenant's own theme where content/themes/ has one, else the example municipality's."""
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    return (
        tenant_id if any((one / f"{tenant_id}.css").is_file() for one in folders) else "lindestad"
    )
