"""Who lives in the synthetic town: addresses, persons, households."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openregie.synth.days import PartialDay
from openregie.terms import Bsn


class Tenure(StrEnum):
    """How a dwelling is held; only rented ones can have rent arrears."""

    SOCIAL = "social"
    PRIVATE = "private"
    OWNED = "owned"
    INSTITUTION = "institution"
    OFFICE = "office"


class Kind(StrEnum):
    """What kind of household someone truly lives in."""

    SINGLE = "single"
    COUPLE = "couple"
    COUPLE_WITH_CHILDREN = "couple_with_children"
    SINGLE_PARENT = "single_parent"
    CO_PARENTS = "co_parents"
    STEPFAMILY = "stepfamily"
    ADULT_CHILD_AT_HOME = "adult_child_at_home"
    THREE_GENERATIONS = "three_generations"
    SIBLINGS = "siblings"
    LODGER = "lodger"
    STUDENT_HOUSE = "student_house"
    SHARED_ADDRESS = "shared_address"
    WORKERS_HOUSE = "workers_house"
    INSTITUTION = "institution"
    NO_FIXED_ADDRESS = "no_fixed_address"


@dataclass(frozen=True, slots=True)
class Address:
    """One addressable object of the town. `address_id`: 16 digits as in the address register."""

    street: str
    number: int
    letter: str
    addition: str
    postcode: str
    neighbourhood: str
    address_id: str
    tenure: Tenure


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the register, and beside it what only the truth knows: origin to business."""

    bsn: Bsn
    given_names: str
    initials: str
    prefix: str
    surname: str
    sex: str
    birth: PartialDay
    address: Address
    address_kind: str
    address_since: PartialDay
    previous: Address | None
    name_use: str
    partner_prefix: str
    partner_surname: str
    partner_bsn: Bsn | None
    parent1_bsn: Bsn | None
    parent2_bsn: Bsn | None
    authority: str
    curatele: bool
    bewind: bool
    representative_bsn: Bsn | None
    secrecy: int
    under_investigation: bool
    origin: str
    household: int
    kind: Kind
    role: str
    business: str
    died_on: date | None = None
    left_on: date | None = None

    @property
    def present(self) -> bool:
        """Whether this person lives in the town on the day."""
        return self.died_on is None and self.left_on is None


@dataclass(frozen=True, slots=True)
class Municipality:
    """A whole town on one day.

    Shape: `persons` holds residents first come first, with those who died or left in the past
    year among them; `addresses` holds every dwelling, lived in or empty.
    """

    name: str
    city: str
    seed: int
    on: date
    persons: tuple[Person, ...]
    addresses: tuple[Address, ...]

    def residents(self) -> tuple[Person, ...]:
        """Those who live in the town on the day."""
        return tuple(person for person in self.persons if person.present)
