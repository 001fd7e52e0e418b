"""The vault as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Tables of the vault: ciphertext, wrapped keys and public keys."""

    name = "openregie.sealed.vault"
    label = "openregie_vault"
