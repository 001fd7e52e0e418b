"""The web part as a Django app: its template tags and its checks at start."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register


class WebConfig(AppConfig):
    """Registers the checks that keep the development login where it belongs."""

    name = "openregie.sealed.web"
    label = "openregie_web"

    def ready(self) -> None:
        """Register the checks."""
        from openregie.sealed.web import checks  # noqa: PLC0415 - apps must be loaded first

        register(checks.login_is_safe)
