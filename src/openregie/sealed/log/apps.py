"""The log as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LogConfig(AppConfig):
    """Tables of the log, in the vault's own file: an act and its entry commit together."""

    name = "openregie.sealed.log"
    label = "openregie_log"
