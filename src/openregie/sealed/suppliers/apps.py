"""The suppliers' door as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """Tables of accounts and of what they delivered, in the vault's own file."""

    name = "openregie.sealed.suppliers"
    label = "openregie_suppliers"
