"""Households of adults: singles, couples, siblings, lodgers, shared houses, institutions."""

from __future__ import annotations

from typing import NamedTuple

from openregie.synth import rates
from openregie.synth.days import birth_at_age
from openregie.synth.draws import Weighted
from openregie.synth.people import Kind, Tenure
from openregie.synth.registrar import ADULT, Home, Identity, Registrar, Ties

OLDEST = 103
SINGLE_AGES = Weighted(  # CBS, rounded, as for couples
    (((18, 29), 22.0), ((30, 49), 24.0), ((50, 66), 25.0), ((67, 79), 18.0), ((80, 89), 9.0),
     ((90, 99), 2.0))
)  # fmt: skip
COUPLE_AGES = Weighted(
    (((20, 34), 18.0), ((35, 54), 10.0), ((55, 69), 42.0), ((70, 79), 23.0), ((80, 92), 7.0))
)
STUDENTS_FROM, STUDENTS_TO = 4, 8
WORKERS_FROM, WORKERS_TO = 4, 8
CARE_HOME_FROM, CARE_HOME_TO = 12, 60
CARE_HOMES_OLD = 0.75  # assumption: the others are sheltered homes for younger adults
CARE_HOME_MOVES_YEARS = 2.5
ROOM_MOVES_YEARS = 1.8
WORKER_ORIGINS = Weighted((("polish", 0.85), ("ukrainian", 0.15)))
TOWN_HALL = ("Stadhuisplein", 1)


class Pair(NamedTuple):
    """Two partners; `married` decides what the register says of them."""

    one: Identity
    two: Identity
    married: bool

    def ties(self, who: Identity) -> Ties:
        """What the register ties this one of the two to."""
        if not self.married:
            return Ties()
        return Ties(spouse=self.two if who is self.one else self.one)


def single(registrar: Registrar) -> None:
    """One adult alone."""
    random = registrar.random
    low, high = SINGLE_AGES.pick(random)
    sex = "V" if random.random() < (0.62 if low > rates.NAME_USE_OLD_AGE else 0.46) else "M"
    birth = birth_at_age(random, random.randint(low, high), on=registrar.on)
    who = registrar.identity(sex, birth, registrar.origin())
    registrar.enter(who, registrar.home(Kind.SINGLE), "alone")


def pair(registrar: Registrar, age: int, *, origin: str = "", married: float = -1.0) -> Pair:
    """Two partners, the first one about this old; a woman and a man unless the draw says else."""
    random = registrar.random
    origin = origin or registrar.origin()
    same_sex = random.random() < rates.SAME_SEX_COUPLE
    first_sex = "V" if not same_sex or random.random() < 0.5 else "M"  # noqa: PLR2004 - a coin
    second_sex = first_sex if same_sex else "M"
    other_age = min(max(ADULT, age + round(random.gauss(2.5, 4.0))), OLDEST)
    two_origin = registrar.partner_origin(origin)
    one = registrar.identity(first_sex, birth_at_age(random, age, on=registrar.on), origin)
    same_name = random.random() < rates.SAME_SURNAME_COUPLE and two_origin == origin
    two = registrar.identity(
        second_sex,
        birth_at_age(random, other_age, on=registrar.on),
        two_origin,
        family=one.surname if same_name else None,
    )
    if two.parents[0] and two.parents == one.parents:  # brother and sister: no couple
        two = two._replace(parents=(None, None))
    chance = rates.MARRIED if married < 0 else married
    return Pair(one, two, random.random() < chance)


def couple(registrar: Registrar) -> None:
    """Two partners without children at home."""
    low, high = COUPLE_AGES.pick(registrar.random)
    both = pair(registrar, registrar.random.randint(low, high))
    enter_pair(registrar, both, registrar.home(Kind.COUPLE))
    if both.one.sex != both.two.sex and both.one.origin == both.two.origin:
        registrar.settled(both.one, both.two)


def enter_pair(registrar: Registrar, both: Pair, home: Home) -> None:
    """Enter two partners at one home."""
    registrar.enter(both.two, home, "head", both.ties(both.two))
    registrar.enter(both.one, home, "partner", both.ties(both.one))


def siblings(registrar: Registrar) -> None:
    """Grown brothers and sisters who share a home: one surname, no partners."""
    random = registrar.random
    origin, age = registrar.origin(), random.randint(21, 70)
    home = registrar.home(Kind.SIBLINGS)
    eldest: Identity | None = None
    for index in range(2 if random.random() < 0.85 else 3):  # noqa: PLR2004 - mostly two
        birth = birth_at_age(random, max(ADULT, age - 3 * index), on=registrar.on)
        family = eldest.surname if eldest else None
        who = registrar.identity(random.choice("MV"), birth, origin, family=family)
        eldest = eldest or who
        who = who._replace(parents=eldest.parents)
        registrar.enter(who, home, "head" if index == 0 else "sibling")


def lodger(registrar: Registrar) -> None:
    """A couple and, at the same address, someone who rents a room: two households."""
    random = registrar.random
    both = pair(registrar, random.randint(40, 72))
    home = registrar.home(Kind.LODGER)
    enter_pair(registrar, both, home)
    birth = birth_at_age(random, random.randint(20, 60), on=registrar.on)
    guest = registrar.identity(random.choice("MV"), birth, registrar.origin())
    registrar.enter(guest, registrar.home(Kind.LODGER, home.address, years=2.0), "lodger")


def student_house(registrar: Registrar) -> None:
    """Unrelated students at one address, each a household."""
    random = registrar.random
    address = registrar.dwelling(Tenure.PRIVATE)
    for _ in range(random.randint(STUDENTS_FROM, STUDENTS_TO)):
        birth = birth_at_age(random, random.randint(18, 27), on=registrar.on)
        who = registrar.identity(random.choice("MV"), birth, registrar.origin())
        home = registrar.home(Kind.STUDENT_HOUSE, address, years=ROOM_MOVES_YEARS)
        registrar.enter(who, home, "alone")


def shared_address(registrar: Registrar) -> None:
    """Two unrelated households behind one door."""
    random = registrar.random
    address = registrar.dwelling()
    for _ in range(2):
        home = registrar.home(Kind.SHARED_ADDRESS, address, years=4.0)
        if random.random() < 0.5:  # noqa: PLR2004 - a coin
            enter_pair(registrar, pair(registrar, random.randint(22, 60), married=0.5), home)
            continue
        birth = birth_at_age(random, random.randint(22, 75), on=registrar.on)
        who = registrar.identity(random.choice("MV"), birth, registrar.origin())
        registrar.enter(who, home, "alone")


def workers_house(registrar: Registrar) -> None:
    """Migrant workers at one address: unrelated, mostly one origin, short stays."""
    random = registrar.random
    address = registrar.dwelling(Tenure.PRIVATE)
    for _ in range(random.randint(WORKERS_FROM, WORKERS_TO)):
        birth = birth_at_age(random, random.randint(20, 55), on=registrar.on)
        who = registrar.identity(
            "M" if random.random() < 0.75 else "V",  # noqa: PLR2004 - mostly men
            birth,
            WORKER_ORIGINS.pick(random),
        )
        registrar.enter(who, registrar.home(Kind.WORKERS_HOUSE, address, years=0.8), "alone")


def institution(registrar: Registrar, *, size: int = 0) -> None:
    """A care home, or a sheltered home: many people, one address, each a household.

    Now and then a couple moves in together; the truth then holds one household of two.
    """
    random = registrar.random
    number = 1 + 2 * len(registrar.specials)
    address = registrar.special("Zorgplein", number, Tenure.INSTITUTION)
    old = random.random() < CARE_HOMES_OLD or size > 0
    for _ in range(size or random.randint(CARE_HOME_FROM, CARE_HOME_TO)):
        home = registrar.home(Kind.INSTITUTION, address, years=CARE_HOME_MOVES_YEARS)
        age = random.randint(74, 99) if old else random.randint(18, 64)
        if old and random.random() < 0.06:  # noqa: PLR2004 - assumption, few couples
            enter_pair(registrar, pair(registrar, age, married=1.0), home)
            continue
        birth = birth_at_age(random, age, on=registrar.on)
        sex = "V" if random.random() < (0.7 if old else 0.4) else "M"
        registrar.enter(registrar.identity(sex, birth, registrar.origin()), home, "alone")


def no_fixed_address(registrar: Registrar) -> None:
    """Someone without a home, registered at the town hall (a letter address, kind B)."""
    random = registrar.random
    address = registrar.special(*TOWN_HALL, Tenure.OFFICE)
    birth = birth_at_age(random, random.randint(19, 66), on=registrar.on)
    sex = "M" if random.random() < 0.8 else "V"  # noqa: PLR2004 - mostly men
    who = registrar.identity(sex, birth, registrar.origin())
    home = registrar.home(Kind.NO_FIXED_ADDRESS, address, years=1.0)
    registrar.enter(who, home._replace(address_kind="B"), "alone")
