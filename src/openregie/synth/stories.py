"""What was delivered about the people of the demo: the same stories in every town."""

from __future__ import annotations

from datetime import date, timedelta

from openregie.synth import personas, provisions, suppliers
from openregie.synth.arrears import Staged
from openregie.synth.debts import Debt
from openregie.synth.people import Municipality, Person
from openregie.synth.personas import Persona
from openregie.synth.provisions import Fact
from openregie.synth.suppliers import Supplier
from openregie.synth.tables import Cell, Money
from openregie.terms import Bsn

AHMETS_BENEFIT_ENDS_DAYS = 45
SEMS_HELP_ENDS_DAYS = 50
MONTHS_EARLIER_DAYS = 80
NO_ADMINISTRATION = "geen_aanvraag"


def debts(municipality: Municipality) -> list[Staged]:
    """The arrears of the demo's people, dated to the day of the town."""
    cast = _cast(municipality)
    earlier, later = personas.recent(municipality.on)
    before = earlier - timedelta(days=MONTHS_EARLIER_DAYS)
    return [
        _debt(cast, personas.NOOR, suppliers.DE_LINDE, 640, earlier),
        _debt(cast, personas.NOOR, suppliers.WELZEKER, 318, later),
        _debt(cast, personas.AHMET, suppliers.LINDESTROOM, 96, before),
        _debt(cast, personas.AHMET, suppliers.HELDER, 412, later, crisis=True),
        _debt(cast, personas.SAMIRA, suppliers.LINDESTROOM, 128, later),
        _debt(cast, personas.RICK, suppliers.AAN_DE_VLIET, 455, earlier),
        _debt(cast, personas.ESTHER, suppliers.DE_LINDE, 780, earlier),
    ]


def facts(municipality: Municipality) -> list[Fact]:
    """What the municipality holds about the demo's people."""
    on, cast = municipality.on, _cast(municipality)
    told = _Told(on, cast)
    told.benefit(personas.NOOR, "alleenstaande_ouder", None, years=3)
    told.allocation("wmo_allocations", personas.NOOR, "begeleiding", ends_in=300)
    told.allocation("youth_allocations", personas.SEM, "ambulant", ends_in=SEMS_HELP_ENDS_DAYS)
    told.tax(personas.NOOR, NO_ADMINISTRATION)
    told.benefit(
        personas.AHMET, "gehuwden", personas.FATMA, years=4, ends_in=AHMETS_BENEFIT_ENDS_DAYS
    )
    told.tax(personas.AHMET, "toegekend_geheel")
    told.tax(personas.LOTTE, NO_ADMINISTRATION)
    told.job_seeker(personas.LOTTE)
    told.benefit(personas.SAMIRA, "alleenstaande_ouder", None, years=2)
    told.tax(personas.SAMIRA, "toegekend_geheel")
    told.allocation("youth_allocations", personas.YASSINE, "jeugd_ggz", ends_in=200, apart=True)
    told.allocation("wmo_allocations", personas.JOHANNA, "huishoudelijke_hulp", ends_in=700)
    told.allocation("wmo_allocations", personas.JOHANNA, "vervoer", ends_in=None)
    told.tax(personas.JOHANNA, NO_ADMINISTRATION)
    told.benefit(personas.MAREK, "gehuwden", personas.EWA, years=1)
    told.tax(personas.MAREK, "aangevraagd")
    told.job_seeker(personas.EWA)
    told.tax(personas.ESTHER, NO_ADMINISTRATION)
    return told.facts


class _Told:
    """Collects the rows; file numbers start with a 9, apart from the town's."""

    def __init__(self, on: date, cast: dict[Bsn, Person]) -> None:
        self._on = on
        self._cast = cast
        self.facts: list[Fact] = []

    def benefit(
        self, who: Persona, norm: str, partner: Persona | None, *, years: int, ends_in: int = 0
    ) -> None:
        self._add(
            "benefits", who, self._number("U"), who.bsn, partner.bsn if partner else None,
            "levensonderhoud", norm, Money(provisions.NORM_CENTS[norm]), self._ago(years * 365),
            self._on + timedelta(days=ends_in) if ends_in else None,
        )  # fmt: skip

    def allocation(
        self, stream: str, who: Persona, kind: str, *, ends_in: int | None, apart: bool = False
    ) -> None:
        ends = None if ends_in is None else self._on + timedelta(days=ends_in)
        cells = provisions.allocation(
            self._number("W"), self._cast[who.bsn], kind, self._ago(320 - 17 * who.nth), ends
        )
        youth = (apart,) if stream == "youth_allocations" else ()
        self._add(stream, who, *cells, *youth)

    def tax(self, who: Persona, remission: str) -> None:
        decided = self._ago(40) if remission.startswith("toegekend") else None
        number, cents = self._number("A"), Money(31_245 + 100 * who.nth)
        year = self._ago(40).year if decided else self._on.year
        self._add("tax_remission", who, number, who.bsn, year, cents, remission, decided)

    def job_seeker(self, who: Persona) -> None:
        self._add(
            "job_seekers", who, who.bsn, self._ago(140), None, "administratief medewerker", 24,
            "digitaal", self._ago(16),
        )  # fmt: skip

    def _ago(self, days: int) -> date:
        return self._on - timedelta(days=days)

    def _number(self, letter: str) -> str:
        return f"{letter}{self._on.year}9{len(self.facts) + 1:06d}"

    def _add(self, stream: str, who: Persona, *cells: Cell) -> None:
        self.facts.append(Fact(stream, who.bsn, cells))


def _cast(municipality: Municipality) -> dict[Bsn, Person]:
    return {p.bsn: p for p in municipality.persons if p.bsn in personas.NUMBERS}


def _debt(
    cast: dict[Bsn, Person],
    who: Persona,
    supplier: Supplier,
    euros: int,
    on: date,
    *,
    crisis: bool = False,
) -> Staged:
    debtor = cast[who.bsn]
    debt = Debt(
        stream=supplier.stream,
        debtor=debtor,
        address=debtor.address,
        about="resident",
        amount_euros=euros,
        started_on=on - timedelta(days=55),
        signalled_on=on,
        crisis=crisis,
        warm=False,
    )
    return Staged(supplier, debt)
