"""Enters people into the synthetic register, one household at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from openregie.synth import rates
from openregie.synth.addresses import special as special_address
from openregie.synth.bsns import BsnSequence
from openregie.synth.days import PartialDay, age, earliest, partial
from openregie.synth.draws import Weighted, child
from openregie.synth.names import ORIGINS, family_name, given_names, initials, surname
from openregie.synth.people import Address, Kind, Person, Tenure
from openregie.synth.surnames import Surname
from openregie.synth.words import sections
from openregie.terms import Bsn

ADULT = 18
WORKING_UNTIL = 70
DAYS_A_YEAR = 365.25
NAME_USE_MAN = Weighted(rates.NAME_USE_MAN)
NAME_USE_WOMAN_OLD = Weighted(rates.NAME_USE_WOMAN_OLD)
NAME_USE_WOMAN_YOUNG = Weighted(rates.NAME_USE_WOMAN_YOUNG)
SECRECY = Weighted(rates.SECRECY_VALUES)
ELDERS_RING = 400  # couples settled lately, whose children may live elsewhere in town
PARENT_FROM, PARENT_UNTIL = 19, 43
FAMILY_RING = 64  # adults entered lately, one of whom may represent someone


class Identity(NamedTuple):
    """Who someone is, before it is known with whom and where they live."""

    bsn: Bsn
    given: str
    surname: Surname
    sex: str
    birth: PartialDay
    origin: str
    parents: tuple[Bsn | None, Bsn | None] = (None, None)


class Ties(NamedTuple):
    """Whom the register ties someone to.

    `name_use` empty: draw it, or E where unmarried. `late`: the spouse died; the name stays.
    """

    spouse: Identity | None = None
    parent1: Bsn | None = None
    parent2: Bsn | None = None
    authority: str = ""
    name_use: str = ""
    late: bool = False


class Home(NamedTuple):
    """One household at one address."""

    address: Address
    kind: Kind
    household: int
    since: date
    previous: Address | None
    secrecy: int = 0
    address_kind: str = "W"
    plain: bool = False


class Registrar:
    """Holds the chance, the numbers, the dwellings and what was entered so far."""

    def __init__(
        self, *, seed: int, on: date, addresses: list[Address], bsns: BsnSequence | None = None
    ) -> None:
        """Dwellings are given out in an order that the seed decides."""
        self.random: Random = child(seed, "people")
        self.on = on
        self.persons: list[Person] = []
        self.addresses = addresses
        self.gone: list[Person] = []
        self.specials: dict[tuple[str, int], Address] = {}
        self._bsns = bsns or BsnSequence(seed)
        self._free = deque(addresses)
        self._households = 0
        self._elders: dict[str, deque[tuple[Identity, Identity]]] = {}
        self._ring: deque[Bsn] = deque(maxlen=FAMILY_RING)
        self._businesses = sections("business")["owned"]
        child(seed, "dwellings").shuffle(self._free)

    def bsn(self) -> Bsn:
        """A number nobody has yet."""
        return self._bsns.next()

    def dwelling(self, *tenures: Tenure) -> Address:
        """An empty dwelling, of one of these tenures if any are named."""
        for _ in range(len(self._free)):
            address = self._free.popleft()
            if not tenures or address.tenure in tenures:
                return address
            self._free.append(address)
        return self.random.choice(self.addresses)

    def special(self, street: str, number: int, tenure: Tenure) -> Address:
        """An address that is no dwelling; asked for twice, it is the same one."""
        place = (street, number)
        if place not in self.specials:
            index = len(self.specials)
            self.specials[place] = special_address(street, number, tenure, index=index)
        return self.specials[place]

    def home(self, kind: Kind, address: Address | None = None, *, years: float = 0.0) -> Home:
        """A household of this kind at a free dwelling (or the address given)."""
        random = self.random
        mean = years or rates.YEARS_AT_ADDRESS_MEAN
        days = min(int(random.expovariate(1 / (mean * DAYS_A_YEAR))) + 1, 25_000)
        in_town = random.random() < rates.MOVED_IN_TOWN
        self._households += 1
        return Home(
            address=address or self.dwelling(),
            kind=kind,
            household=self._households,
            since=self.on - timedelta(days=days),
            previous=random.choice(self.addresses) if in_town else None,
            secrecy=SECRECY.pick(random) if random.random() < rates.SECRECY else 0,
        )

    def origin(self) -> str:
        """An origin for a family."""
        return ORIGINS.pick(self.random)

    def partner_origin(self, origin: str) -> str:
        """An origin for the partner of someone of this origin."""
        same = rates.SAME_ORIGIN_PARTNER.get(origin, rates.SAME_ORIGIN_PARTNER_OTHERS)
        return origin if self.random.random() < same else self.origin()

    def identity(
        self,
        sex: str,
        birth: date,
        origin: str,
        *,
        family: Surname | None = None,
        given: str | None = None,
        born_here: bool = False,
    ) -> Identity:
        """Name and number someone; for those born abroad the birth date may be a guess."""
        random = self.random
        elders = None if family else self._elders_of(birth, origin)
        if elders:
            family = family_name(
                elders[1].surname, sex=sex, origin=origin, father_given=elders[1].given
            )
        return Identity(
            bsn=self.bsn(),
            given=given or given_names(random, origin=origin, sex=sex, birth_year=birth.year),
            surname=family or surname(random, origin=origin, sex=sex),
            sex=sex,
            birth=partial(birth) if born_here else self._registered_birth(birth, origin),
            origin=origin,
            parents=(elders[0].bsn, elders[1].bsn) if elders else (None, None),
        )

    def settled(self, mother: Identity, father: Identity) -> None:
        """A couple whose grown children may live elsewhere in town."""
        self._elders.setdefault(mother.origin, deque(maxlen=ELDERS_RING)).append((mother, father))

    def _elders_of(self, birth: date, origin: str) -> tuple[Identity, Identity] | None:
        """A couple of an age and origin to be someone's parents, for some of those grown up."""
        elders = self._elders.get(origin)
        if not elders or self.random.random() >= rates.PARENTS_IN_TOWN:
            return None
        mother, father = self.random.choice(elders)
        years = birth.year - max(mother.birth.year, father.birth.year)
        fits = years >= PARENT_FROM and birth.year - mother.birth.year <= PARENT_UNTIL
        return (mother, father) if fits else None

    def _registered_birth(self, birth: date, origin: str) -> PartialDay:
        random = self.random
        abroad = rates.BORN_ABROAD.get(origin, 0.0)
        if abroad and age(partial(birth), on=self.on) >= ADULT and random.random() < abroad:
            chance = random.random()
            guessed = rates.FIRST_OF_JANUARY.get(origin, 0.0)
            if chance < guessed:
                return PartialDay(birth.year, 1, 1)
            if chance < guessed + rates.PARTIAL_BIRTH.get(origin, 0.0):
                known = random.random() < rates.ONLY_DAY_UNKNOWN
                return PartialDay(birth.year, birth.month if known else 0, 0)
        return partial(birth)

    def enter(self, who: Identity, home: Home, role: str, ties: Ties = Ties()) -> Person:  # noqa: B008 - an immutable value
        """Enter one person into the register."""
        years = age(who.birth, on=self.on)
        spouse_name = ties.spouse.surname if ties.spouse else Surname("", "")
        born_later = earliest(who.birth) > home.since
        curatele, bewind, representative = self._protection(ties, years, plain=home.plain)
        person = Person(
            bsn=who.bsn,
            given_names=who.given,
            initials=initials(who.given),
            prefix=who.surname.prefix,
            surname=who.surname.name,
            sex=who.sex,
            birth=who.birth,
            address=home.address,
            address_kind=home.address_kind,
            address_since=who.birth if born_later else partial(home.since),
            previous=None if born_later else home.previous,
            name_use=ties.name_use or self._name_use(who, ties.spouse, years),
            partner_prefix=spouse_name.prefix,
            partner_surname=spouse_name.name,
            partner_bsn=ties.spouse.bsn if ties.spouse and not ties.late else None,
            parent1_bsn=ties.parent1 or who.parents[0],
            parent2_bsn=ties.parent2 or who.parents[1],
            authority=ties.authority if years < ADULT else "",
            curatele=curatele,
            bewind=bewind,
            representative_bsn=representative,
            secrecy=home.secrecy,
            under_investigation=not home.plain and self.random.random() < rates.UNDER_INVESTIGATION,
            origin=who.origin,
            household=home.household,
            kind=home.kind,
            role=role,
            business=self._business(who, years, plain=home.plain),
        )
        self.persons.append(person)
        if years >= ADULT:
            self._ring.append(person.bsn)
        return person

    def take_away(self, count: int, *, died_on: date | None, left_on: date | None) -> None:
        """The last so many people entered died or left: still in the register, no residents."""
        taken = self.persons[-count:]
        del self.persons[-count:]
        self.gone += [
            replace(one, died_on=died_on, left_on=left_on, under_investigation=False)
            for one in taken
        ]
        for one in taken:
            if one.bsn in self._ring:
                self._ring.remove(one.bsn)

    def _name_use(self, who: Identity, spouse: Identity | None, years: int) -> str:
        if spouse is None:
            return "E"
        if who.sex == "M":
            return NAME_USE_MAN.pick(self.random)
        old = years >= rates.NAME_USE_OLD_AGE
        return (NAME_USE_WOMAN_OLD if old else NAME_USE_WOMAN_YOUNG).pick(self.random)

    def _protection(self, ties: Ties, years: int, *, plain: bool) -> tuple[bool, bool, Bsn | None]:
        """Whether a court put someone, or their money, in another's care; and in whose."""
        chance = self.random.random()
        if plain or years < ADULT or chance >= rates.CURATELE + rates.BEWIND:
            return False, False, None
        by_family = self.random.random() < rates.REPRESENTED_BY_FAMILY
        relative = self._ring[0] if self._ring else None
        if ties.spouse and not ties.late:
            relative = ties.spouse.bsn
        ward = chance < rates.CURATELE
        return ward, not ward, relative if by_family else None

    def _business(self, who: Identity, years: int, *, plain: bool) -> str:
        if plain or not ADULT <= years < WORKING_UNTIL:
            return ""
        if self.random.random() >= rates.OWN_BUSINESS:
            return ""
        pattern = self.random.choice(self._businesses)
        family = who.surname.written
        return pattern.format(s=family[0].upper() + family[1:], g=who.given.split()[0])
