"""The glossary's words as types: one word per thing, in every zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType, Protocol

Bsn = NewType("Bsn", str)
"""Citizen number: nine digits that pass the elfproef. Only in the blind zone and a login claim."""

Mailbox = NewType("Mailbox", str)
"""A resident as the sealed zone knows them: base64url HMAC-SHA256 of the BSN, 43 characters."""

Cents = NewType("Cents", int)
"""Money, always whole euro cents."""


class Lane(StrEnum):
    """What the run may link, and about whom (docs/path.md)."""

    WGS = "wgs"
    OWN_VIEW = "own-view"
    COUNTS = "counts"


class Compartment(StrEnum):
    """Which of a resident's keys opens an item."""

    MONEY = "money"
    OTHER = "other"
    OWN = "own"


class Domain(StrEnum):
    """Life domain of a fact, as the resident sees it."""

    MONEY = "money"
    HOUSING = "housing"
    CARE = "care"
    WORK = "work"
    FAMILY = "family"

    @property
    def compartment(self) -> Compartment:
        """Money and housing facts open with the money key, all others with the other key."""
        return Compartment.MONEY if self in {Domain.MONEY, Domain.HOUSING} else Compartment.OTHER


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `from_on` up to and including `until_on`."""

    from_on: date
    until_on: date

    def __contains__(self, on: date) -> bool:
        """Whether the day falls in the period."""
        return self.from_on <= on <= self.until_on


class Progress(Protocol):
    """Told how far long work is: a stop of the path, units done, units in all (0: not known)."""

    def __call__(self, stop: str, done: int, total: int) -> None:
        """Report; carries counts only, never a value."""


def silent(stop: str, done: int, total: int) -> None:
    """Report progress to nobody."""


Clock = Callable[[], date]
"""Says which day it is; always an argument, so that a run can be repeated."""


def is_bsn(text: str) -> bool:
    """Whether nine digits pass the elfproef: weights 9..2 and -1, modulo 11, not all zeros.

    Source: Besluit burgerservicenummer; the last weight is -1.
    """
    if len(text) != 9 or not text.isdecimal() or not text.isascii() or text == "000000000":  # noqa: PLR2004 - the length of a BSN
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(digit) for w, digit in zip(weights, text, strict=True)) % 11 == 0
