"""What is truly owed: who got behind with which bill, month by month.

Origin plays no part in who is drawn, so that a difference between name origins in what is linked
says something about linking and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from openregie.synth.addresses import hardship, neighbourhoods
from openregie.synth.days import age, month_end
from openregie.synth.draws import Weighted, child
from openregie.synth.people import Address, Kind, Municipality, Person, Tenure
from openregie.synth.personas import NUMBERS
from openregie.synth.registrar import ADULT

# Source: Divosa monitor as in the project's law page: 4 signals per 1,000 residents a month;
# insurers 41, landlords 20, energy 20, water 18 %; 11 % with others in the month, 40 % after an
# earlier one within six months; a quarter of energy signals announces a cut-off.
A_MONTH_PER_RESIDENT = 4 / 1000
STREAM_SHARES = (
    ("health_premium_arrears", 0.41), ("rent_arrears", 0.20), ("energy_arrears", 0.20),
    ("water_arrears", 0.18),
)  # fmt: skip
MULTIPLE, SUCCESSIVE = 0.11, 0.40
MONTHS, WARM_UP = 7, 6
LOOK_BACK = 5
"""Months: the month before the sixth may lie 183 days and more before a signal."""
CRISIS = {"energy_arrears": 0.25, "rent_arrears": 0.04, "water_arrears": 0.1}
"""Rent and water: assumption."""
WARM_HANDOVER = 0.08  # assumption
SAME_BILL_AGAIN = 0.6  # assumption: a later signal is about the same bill
THREE_AT_ONCE = 0.15  # assumption
MULTIPLE_WITH_PAST = 0.45  # assumption
NOT_IN_REGISTER = 0.06  # the project's linkage study
BUSINESS = 0.04  # assumption: energy and water contracts in a business's name
BUSINESS_OF_RESIDENT = 0.6  # assumption
HEAD_SIGNS = 0.75  # assumption: who of a couple has the contract
AMOUNTS = {  # euros: usual amount, spread (assumption)
    "rent_arrears": (1_150, 0.55), "energy_arrears": (480, 0.7), "water_arrears": (140, 0.6),
    "health_premium_arrears": (420, 0.5),
}  # fmt: skip
LEAST_EUROS, MOST_EUROS = 25, 9_500
MID_MONTH = 15
TRIES = 400
"""Draws before a small town gives up on a fitting door."""
NO_HOUSEHOLD = frozenset({Kind.INSTITUTION, Kind.NO_FIXED_ADDRESS})


@dataclass(frozen=True, slots=True)
class Debt:
    """One signal as it truly is. `debtor` is None for a business or someone not in the register.

    Units: whole euros. `about`: resident, business_of_resident, business or elsewhere.
    """

    stream: str
    debtor: Person | None
    address: Address
    about: str
    amount_euros: int
    started_on: date
    signalled_on: date
    crisis: bool
    warm: bool


@dataclass(slots=True)
class _Door:
    """One address with the adults who live there; months of earlier signals, newest last."""

    address: Address
    adults: list[Person]
    months: list[int]
    bills: dict[str, tuple[Person, int, date]]

    def fits(self, stream: str) -> bool:
        rented = self.address.tenure in {Tenure.SOCIAL, Tenure.PRIVATE}
        return stream != "rent_arrears" or rented


def last_day(on: date) -> date:
    """End of the newest reported month: before mid-month the one before."""
    return on if on.day >= MID_MONTH else month_end(on, months_back=1)


def signals(municipality: Municipality, *, seed: int, density: int = 1) -> list[Debt]:
    """Seven months of signals, oldest first. Volumes and mix follow the monitor (above).

    `density`: so many times its volume, for a town that is measured rather than looked at.
    """
    random = child(seed, "debts")
    street = _Street(municipality, random, density)
    kept: list[Debt] = []
    for back in range(MONTHS + WARM_UP - 1, -1, -1):
        month = street.month(MONTHS + WARM_UP - 1 - back, _window(municipality.on, back))
        if back < MONTHS:
            kept += month
    return sorted(kept, key=lambda debt: (debt.signalled_on, debt.stream, debt.address.address_id))


def _window(on: date, back: int) -> tuple[date, date]:
    until = last_day(on) if back == 0 else month_end(last_day(on), months_back=back)
    return until.replace(day=1), until


class _Street:
    """Draws each month's signals over the town's doors, and remembers who had one."""

    def __init__(self, municipality: Municipality, random: Random, density: int) -> None:
        self._random = random
        self._doors = _doors(municipality)
        weights = {part.name: part.hardship / 8 for part in neighbourhoods()}
        self._draw = Weighted((door, hardship(door.address, of=weights)) for door in self._doors)
        self._owed = dict.fromkeys(("all", "multiple", "successive"), 0.0)
        self._streams = dict.fromkeys(dict(STREAM_SHARES), 0.0)
        self._volume = A_MONTH_PER_RESIDENT * len(municipality.residents()) * density
        self._past: list[_Door] = []
        self._owners = [p for p in municipality.residents() if p.business]

    def month(self, month: int, window: tuple[date, date]) -> list[Debt]:
        """The signals of one month: first several at one door, then again, then once."""
        self._past = [d for d in self._doors if d.months and 0 < month - d.months[-1] <= LOOK_BACK]
        count = self._quota("all", self._volume)
        streams = self._month_streams(count)
        made: list[Debt] = []
        multiple = self._quota("multiple", MULTIPLE * self._volume)
        while multiple > 1 and len(streams) > 1:
            size = 3 if multiple > 3 and self._random.random() < THREE_AT_ONCE else 2  # noqa: PLR2004
            made += self._several(streams, size, month, window)
            multiple -= size
        self._owed["multiple"] += multiple
        for _ in range(min(self._quota("successive", SUCCESSIVE * self._volume), len(streams))):
            made.append(self._again(streams.pop(), month, window))
        for stream in streams:
            made.append(self._once(stream, month, window))
        return made

    def _quota(self, name: str, add: float) -> int:
        self._owed[name] += add
        whole = int(self._owed[name])
        self._owed[name] -= whole
        return whole

    def _month_streams(self, count: int) -> list[str]:
        """Streams of a month's signals: the shares hold over months, what is left carries over."""
        for stream, share in STREAM_SHARES:
            self._streams[stream] += share * count
        names: list[str] = []
        for _ in range(count):
            most = max(self._streams, key=lambda stream: self._streams[stream])
            self._streams[most] -= 1
            names.append(most)
        self._random.shuffle(names)
        return names

    def _several(
        self, streams: list[str], size: int, month: int, window: tuple[date, date]
    ) -> list[Debt]:
        first = streams.pop()
        chosen = [first]
        while len(chosen) < size and streams:
            other = next((s for s in streams if s not in chosen), streams[-1])
            streams.remove(other)
            chosen.append(other)
        known = self._random.random() < MULTIPLE_WITH_PAST
        door = self._past_door(chosen, month) if known else None
        door = door or self._new_door(chosen, month)
        return [self._debt(door, stream, month, window) for stream in chosen]

    def _again(self, stream: str, month: int, window: tuple[date, date]) -> Debt:
        door = self._past_door([stream], month) or self._new_door([stream], month)
        return self._debt(door, stream, month, window)

    def _once(self, stream: str, month: int, window: tuple[date, date]) -> Debt:
        random = self._random
        odds = random.random() * (1 - MULTIPLE - SUCCESSIVE)
        if odds < NOT_IN_REGISTER:
            door = self._new_door([stream], month)
            return self._bare(door, stream, month, window, "elsewhere")
        utility = stream in {"energy_arrears", "water_arrears"}
        if utility and odds < NOT_IN_REGISTER + BUSINESS:
            if self._owners and random.random() < BUSINESS_OF_RESIDENT:
                owner = random.choice(self._owners)
                return self._made(stream, owner, owner.address, "business_of_resident", window)
            return self._bare(self._new_door([stream], month), stream, month, window, "business")
        return self._debt(self._new_door([stream], month), stream, month, window)

    def _new_door(self, streams: list[str], month: int) -> _Door:
        """A door without a signal in the look-back, drawn by hardship."""
        for _ in range(TRIES):
            door = self._draw.pick(self._random)
            fresh = not door.months or month - door.months[-1] > LOOK_BACK + 1
            if fresh and all(door.fits(stream) for stream in streams):
                door.bills.clear()
                return door
        return self._draw.pick(self._random)

    def _past_door(self, streams: list[str], month: int) -> _Door | None:
        """A door with a signal in the months before; rather one with the same bill open."""
        same = self._random.random() < SAME_BILL_AGAIN
        found: _Door | None = None
        for _ in range(TRIES if self._past else 0):
            door = self._random.choice(self._past)
            if door.months[-1] == month or not all(door.fits(stream) for stream in streams):
                continue
            if not same or streams[0] in door.bills:
                return door
            found = found or door
        return found

    def _debt(self, door: _Door, stream: str, month: int, window: tuple[date, date]) -> Debt:
        bill = door.bills.get(stream)
        debtor = bill[0] if bill else _debtor(door, stream, self._random)
        before, started = (bill[1], bill[2]) if bill else (0, None)
        made = self._made(stream, debtor, door.address, "resident", window, before, started)
        door.bills[stream] = (debtor, made.amount_euros, made.started_on)
        door.months.append(month)
        return made

    def _bare(
        self, door: _Door, stream: str, month: int, window: tuple[date, date], about: str
    ) -> Debt:
        door.months.append(month)
        return self._made(stream, None, door.address, about, window)

    def _made(
        self,
        stream: str,
        debtor: Person | None,
        address: Address,
        about: str,
        window: tuple[date, date],
        before: int = 0,
        started: date | None = None,
    ) -> Debt:
        random = self._random
        usual, spread = AMOUNTS[stream]
        fresh = int(usual * random.lognormvariate(0.0, spread))
        amount = before + int(fresh * 0.4) if before else fresh
        days = (window[1] - window[0]).days + 1
        signalled_on = window[0] + timedelta(days=int(random.random() * days))
        return Debt(
            stream=stream,
            debtor=debtor,
            address=address,
            about=about,
            amount_euros=min(max(amount, LEAST_EUROS), MOST_EUROS),
            started_on=started or signalled_on - timedelta(days=random.randint(35, 120)),
            signalled_on=signalled_on,
            crisis=random.random() < CRISIS.get(stream, 0.0),
            warm=random.random() < WARM_HANDOVER,
        )


def _doors(municipality: Municipality) -> list[_Door]:
    """Every dwelling with adults, in the register's order, but those of the demo's people."""
    found: dict[str, _Door] = {}
    for person in adults(municipality.residents(), on=municipality.on):
        if person.kind not in NO_HOUSEHOLD and person.bsn not in NUMBERS:
            key = person.address.address_id
            found.setdefault(key, _Door(person.address, [], [], {})).adults.append(person)
    return list(found.values())


def adults(persons: Iterable[Person], *, on: date) -> list[Person]:
    """Those of eighteen and older."""
    return [person for person in persons if age(person.birth, on=on) >= ADULT]


def _debtor(door: _Door, stream: str, random: Random) -> Person:
    """Who signed: anyone grown for a health premium, mostly the head for the home's bills."""
    if stream == "health_premium_arrears" or random.random() >= HEAD_SIGNS:
        return random.choice(door.adults)
    return door.adults[0]
