"""What can be wrong when rules are applied."""

from __future__ import annotations


class SignalsError(Exception):
    """Base of all errors of this package."""


class TableMissing(SignalsError):
    """The situations of the day are not there."""

    def __init__(self) -> None:
        super().__init__("tables of the situations are missing; run situations.assess first")
