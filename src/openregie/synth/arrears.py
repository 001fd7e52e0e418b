"""Arrears files: debts as each supplier writes them, with its mistakes named beside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from zlib import crc32

from openregie.synth import households
from openregie.synth.addresses import CITY
from openregie.synth.bsns import STRANGERS, STRANGERS_EIGHT, BsnSequence
from openregie.synth.days import earliest
from openregie.synth.debts import Debt
from openregie.synth.draws import child
from openregie.synth.mistakes import Mistake, Report, faithful, finish, spoil
from openregie.synth.people import Address, Municipality, Person
from openregie.synth.registrar import Registrar
from openregie.synth.suppliers import ATTESTS, SUPPLIERS, Format, Supplier, of_stream
from openregie.synth.tables import (
    ARREARS,
    ARREARS_BSN,
    Delivery,
    Origin,
    Row,
    walk,
    walk_origins,
)
from openregie.synth.words import sections
from openregie.terms import Period

# Our assumptions; together about 7 % of rows bear an old address, as in the linkage study.
OLD_ADDRESS_AFTER_A_MOVE = 0.5
OLD_ADDRESS_LATER = 0.03
MOVE_IS_RECENT_DAYS = 730
TWICE = 0.008
DEPARTED = 0.35  # of those not resident: left town lately, still in the register
OTHER_TOWN = 0.4  # of the strangers: the address lies in another town
OTHER_TOWNS = (("Zandhaven", "4390"), ("Meerbeek", "5290"), ("Oostmolen", "8290"))


class Staged(NamedTuple):
    """A debt of the demo's people: no chance, no mistakes but its supplier's own system."""

    supplier: Supplier
    debt: Debt


class _Line(NamedTuple):
    supplier: Supplier
    debt: Debt
    report: Report
    city: str
    bsn: str | None
    origin: Origin


def deliveries(
    municipality: Municipality,
    debts: Iterable[Debt],
    staged: Iterable[Staged],
    *,
    seed: int,
    malformed: float = 0.0,
) -> list[Delivery]:
    """One delivery per supplier: every signal of the last seven months, oldest first.

    `malformed`: share of rows with a cell that its column's type cannot hold; they are text then.
    """
    writer = _Writer(municipality, seed, malformed=malformed)
    lines = [line for debt in debts for line in writer.lines(debt)]
    lines += [writer.staged(one) for one in staged]
    return [
        _delivery(supplier, [line for line in lines if line.supplier is supplier], municipality.on)
        for supplier in SUPPLIERS
    ]


def supplier_of(debt: Debt) -> Supplier:
    """A home keeps its landlord and its energy supplier, a person their insurer."""
    by_person = debt.stream == "health_premium_arrears" and debt.debtor is not None
    key = debt.debtor.bsn if by_person and debt.debtor else debt.address.address_id
    place = crc32(f"{debt.stream}/{key}".encode()) / 2**32
    for supplier in of_stream(debt.stream):
        place -= supplier.share
        if place < 0:
            return supplier
    return of_stream(debt.stream)[-1]


class _Writer:
    """Turns debts into lines; holds the chance and the people of other towns."""

    def __init__(self, municipality: Municipality, seed: int, *, malformed: float) -> None:
        self._random = child(seed, "arrears")
        self._malformed = malformed
        self._on = municipality.on
        self._left = [person for person in municipality.persons if person.left_on is not None]
        self._strangers = Registrar(
            seed=seed + 1,
            on=municipality.on,
            addresses=list(municipality.addresses),
            bsns=BsnSequence(seed, first_eight=STRANGERS_EIGHT, size=STRANGERS),
        )

    def lines(self, debt: Debt) -> list[_Line]:
        """One line; now and then two, as when a file was exported from two systems."""
        supplier = supplier_of(debt)
        if debt.about == "business":
            return [self._nobody(supplier, debt)]
        if debt.about == "business_of_resident" and debt.debtor:
            return [self._business(supplier, debt, debt.debtor)]
        person, about, city = self._who(debt)
        line = self._line(supplier, debt, person, about, city)
        if self._random.random() >= TWICE:
            return [line]
        again = self._line(supplier, debt, person, about, city)
        again.report.made(Mistake.TWICE)
        return [line, again._replace(origin=_origin(person, about, again.report))]

    def staged(self, one: Staged) -> _Line:
        """A line of the demo's people."""
        person = one.debt.debtor
        if person is None:
            raise ValueError("synth: a staged debt names its debtor")
        report = faithful(person, one.debt.address)
        report.addition = one.debt.address.letter + one.debt.address.addition
        finish(report, one.supplier.habits)
        bsn = person.bsn if one.supplier.habits.bsn else None
        origin = _origin(person, "resident", report)
        return _Line(one.supplier, one.debt, report, CITY, bsn, origin)

    def _who(self, debt: Debt) -> tuple[Person, str, str]:
        if debt.debtor is not None:
            return debt.debtor, "resident", CITY
        if self._left and self._random.random() < DEPARTED:
            return self._random.choice(self._left), "departed", CITY
        households.single(self._strangers)
        away = self._random.random() < OTHER_TOWN
        city = self._random.choice(OTHER_TOWNS)[0] if away else CITY
        return self._strangers.persons.pop(), "elsewhere", city

    def _line(self, supplier: Supplier, debt: Debt, person: Person, about: str, city: str) -> _Line:
        random, habits = self._random, supplier.habits
        address = self._reported_address(debt, person, about)
        report = faithful(person, address)
        if about == "resident" and address.address_id != debt.address.address_id:
            report.made(Mistake.OLD_ADDRESS)
        if city != CITY:
            report.postcode = dict(OTHER_TOWNS)[city] + report.postcode[4:]
        spoil(report, person, address, habits, random)
        if about != "resident":
            report.made(Mistake.NOT_IN_REGISTER)
        if supplier.format is not Format.PARQUET and random.random() < self._malformed:
            report.broken = "birth" if report.birth else "number"
            report.made(Mistake.MALFORMED)
        bsn = person.bsn if random.random() < habits.bsn else None
        return _Line(supplier, debt, report, city, bsn, _origin(person, about, report))

    def _reported_address(self, debt: Debt, person: Person, about: str) -> Address:
        if about == "departed":
            return person.address
        previous = person.previous
        if about != "resident" or previous is None or debt.stream == "rent_arrears":
            return debt.address
        recent = (self._on - earliest(person.address_since)).days < MOVE_IS_RECENT_DAYS
        share = OLD_ADDRESS_AFTER_A_MOVE if recent else OLD_ADDRESS_LATER
        return previous if self._random.random() < share else debt.address

    def _business(self, supplier: Supplier, debt: Debt, owner: Person) -> _Line:
        report = faithful(owner, debt.address)
        report.initials, report.prefix, report.birth = "", "", None
        report.surname = owner.business
        report.addition = debt.address.letter + debt.address.addition
        report.made(Mistake.BUSINESS_NAME)
        finish(report, supplier.habits)
        return _Line(supplier, debt, report, CITY, None, _origin(owner, debt.about, report))

    def _nobody(self, supplier: Supplier, debt: Debt) -> _Line:
        name = self._random.choice(sections("business")["none"])
        address = debt.address
        report = Report(
            "", "", "", name, None, address.street, address.postcode, address.number, "",
            mistakes=[Mistake.BUSINESS_NAME],
        )  # fmt: skip
        finish(report, supplier.habits)
        origin = Origin(None, "business", tuple(report.mistakes))
        return _Line(supplier, debt, report, CITY, None, origin)


def _origin(person: Person, about: str, report: Report) -> Origin:
    bsn = None if about == "elsewhere" else person.bsn
    return Origin(bsn, about, tuple(report.mistakes))


def _delivery(supplier: Supplier, lines: list[_Line], on: date) -> Delivery:
    lines = sorted(lines, key=lambda line: line.debt.signalled_on)
    rows = [_row(line, number) for number, line in enumerate(lines, start=1)]
    first = lines[0].debt.signalled_on if lines else on
    return Delivery(
        stream=supplier.stream,
        supplier_slug=supplier.slug,
        supplier_name=supplier.name,
        supplier_oin=supplier.oin,
        format=supplier.format,
        dates=supplier.dates,
        yes_no=supplier.yes_no,
        attests=ATTESTS[supplier.stream],
        covers=Period(first, on),
        delivered_on=on,
        headers=ARREARS_BSN if supplier.habits.bsn else ARREARS,
        rows=walk(rows),
        origins=walk_origins([line.origin for line in lines]),
    )


def _row(line: _Line, number: int) -> Row:
    supplier, debt, report = line.supplier, line.debt, line.report
    letters = "".join(word[0] for word in supplier.name.split()).upper()
    head = (f"{letters}-{debt.signalled_on:%Y%m}-{number:06d}", supplier.partner_type)
    bsn = (line.bsn,) if supplier.habits.bsn else ()
    return (
        *head,
        *bsn,
        report.initials,
        report.prefix,
        report.surname,
        f"31-02-{report.birth.year}" if report.broken == "birth" and report.birth else report.birth,
        report.street,
        report.postcode,
        f"{report.number}A" if report.broken == "number" else report.number,
        report.addition,
        line.city,
        debt.crisis,
        debt.warm,
        debt.amount_euros,
        debt.started_on,
        debt.signalled_on,
        "open",
    )
