"""What can go wrong at the suppliers' door; the API maps these to an HTTP status in one place."""

from __future__ import annotations


class SupplierError(Exception):
    """Base of every refusal at the door; messages never carry a value of a delivery."""


class AccountUnknown(SupplierError):
    """No account in force has this name."""


class AccountRefused(SupplierError):
    """An account cannot be made as asked."""


class NotAllowed(SupplierError):
    """The account may not deliver this stream."""


class ClaimsRefused(SupplierError):
    """What was said about the delivery does not fit."""


class SaidOtherwise(SupplierError):
    """These very bytes were delivered already, with other words about them."""
