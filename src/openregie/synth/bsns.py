"""Citizen numbers for people who do not exist."""

from __future__ import annotations

from openregie.synth.draws import child
from openregie.synth.errors import TooManyResidents
from openregie.terms import Bsn

# Assumption: numbers from 900000000 up are not given out to residents; the last hundredth of the
# range is left to test sets, and 9940000nn to the people of the demo.
FIRST_EIGHT = 90_000_000
RANGE = 9_000_000
RESERVED_EIGHT = 99_400_000
STRANGERS_EIGHT, STRANGERS = 99_000_000, 300_000
"""People of other towns whom suppliers mix in: numbers no register holds."""
MODULUS = 11


def with_check_digit(first_eight: int) -> Bsn | None:
    """The number these eight digits begin, or None where no last digit passes the elfproef."""
    digits = str(first_eight)
    check = sum(weight * int(d) for weight, d in zip(range(9, 1, -1), digits, strict=True))
    last = check % MODULUS
    return None if last == MODULUS - 1 else Bsn(f"{digits}{last}")


def reserved() -> list[Bsn]:
    """Numbers for the people of the demo: the same in every town."""
    made = (with_check_digit(RESERVED_EIGHT + index) for index in range(1, 60))
    return [bsn for bsn in made if bsn is not None]


class BsnSequence:
    """Gives every number once, in an order that a seed decides."""

    __slots__ = ("_first", "_given", "_offset", "_size", "_step")

    def __init__(self, seed: int, *, first_eight: int = FIRST_EIGHT, size: int = RANGE) -> None:
        """Numbers follow a fixed stride through the range: no memory of what was given."""
        random = child(seed, "bsn", str(first_eight))
        self._first, self._size = first_eight, size
        self._step = 2_000_003 + 30 * random.randrange(100_000)
        while self._step % 2 == 0 or self._step % 3 == 0 or self._step % 5 == 0:
            self._step += 1
        self._offset = random.randrange(size)
        self._given = 0

    def next(self) -> Bsn:
        """The next number. Raises TooManyResidents when the range is used up."""
        while self._given < self._size:
            number = self._first + (self._offset + self._given * self._step) % self._size
            self._given += 1
            bsn = with_check_digit(number)
            if bsn is not None:
                return bsn
        raise TooManyResidents(
            "synth: all synthetic citizen numbers are given out; make fewer residents"
        )
