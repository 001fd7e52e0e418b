"""What can go wrong in the vault; the API maps these to an HTTP status in one place."""

from __future__ import annotations


class VaultError(Exception):
    """Base of every refusal of the vault; messages never carry a value."""


class TenantUnusable(VaultError):
    """The tenant folder or its settings cannot be used as they are."""


class NotEnrolled(VaultError):
    """This resident has no keys in the vault."""


class AlreadyEnrolled(VaultError):
    """This epoch, or a later one, is already there."""


class WrapUnknown(VaultError):
    """This resident has no wrap of that name."""


class LastWrap(VaultError):
    """The only wrap left cannot be removed: nothing would open the vault."""


class Malformed(VaultError):
    """A body does not have the declared shape."""


class HandOverRefused(VaultError):
    """A hand-over does not fit: signature, digest, number or order."""


class RolledBack(VaultError):
    """The database is of before the log's last signed head: nothing may be served from it."""


class Held(VaultError):
    """An incident keeps this mailbox closed; its owner comes back later."""


class HoldsBroken(VaultError):
    """The file of holds cannot be read: nothing is served until it can."""
