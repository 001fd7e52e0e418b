"""What the municipality itself holds: benefits, allocations, job seekers, debt files, tax."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from openregie.synth import tables
from openregie.synth.addresses import hardship, neighbourhoods
from openregie.synth.days import age, partial, some_day
from openregie.synth.draws import Weighted, child
from openregie.synth.people import Kind, Municipality, Person, Tenure
from openregie.synth.personas import NUMBERS
from openregie.synth.registrar import ADULT
from openregie.synth.suppliers import MUNICIPALITY_OIN, MUNICIPALITY_SLUG, DateStyle, Format
from openregie.synth.tables import Delivery, Money, Origin, Row, walk, walk_origins
from openregie.terms import Bsn, Period

PENSION_AGE = 67
# CBS: about 24 benefits per 1,000 people of working age's households; the rest of this block is
# assumption. Amounts: the order of magnitude of the 2026 norms, in cents a month.
BENEFIT = 0.056
SCHEMES = Weighted((("levensonderhoud", 0.9), ("ioaw", 0.06), ("ioaz", 0.02), ("bbz", 0.02)))
NORM_CENTS = {
    "alleenstaande": 140_150, "alleenstaande_ouder": 140_150, "gehuwden": 200_210,
    "kostendeler": 100_110, "instelling": 45_900,
}  # fmt: skip
BENEFIT_ENDS = 0.05
ENDS_WITHIN_DAYS = 150
# Wmo and Jeugdwet, by age (CBS order of magnitude: 1 in 9 young people, 1 in 7 of 65 and older).
WMO_OLD, WMO_VERY_OLD, WMO_ADULT = 0.1, 0.32, 0.025
OLD, VERY_OLD = 65, 80
SECOND_WMO = 0.2
WMO_KINDS_OLD = Weighted(
    (("huishoudelijke_hulp", 0.58), ("vervoer", 0.2), ("woonvoorziening", 0.06),
     ("rolstoel", 0.07), ("dagbesteding", 0.05), ("begeleiding", 0.04))
)  # fmt: skip
WMO_KINDS_ADULT = Weighted(
    (("begeleiding", 0.62), ("beschermd_wonen", 0.1), ("dagbesteding", 0.12),
     ("vervoer", 0.06), ("rolstoel", 0.05), ("huishoudelijke_hulp", 0.05))
)  # fmt: skip
YOUTH = 0.09
YOUTH_OF_PARENT_ON_BENEFIT = 0.2
YOUTH_KINDS = Weighted(
    (("ambulant", 0.48), ("jeugd_ggz", 0.25), ("dyslexie", 0.1), ("behandeling", 0.11),
     ("pleegzorg", 0.04), ("verblijf", 0.02))
)  # fmt: skip
NOT_FOR_PARENT_FROM_AGE, NOT_FOR_PARENT = 12, 0.06
JOB_SEEKER, JOB_SEEKER_ON_BENEFIT = 0.02, 0.55
DEBT_FILE, DEBT_FILE_ON_BENEFIT = 0.004, 0.08
PHASES = Weighted(
    (("aanmelding", 0.2), ("plan_van_aanpak", 0.15), ("stabilisatie", 0.2), ("regeling", 0.3),
     ("nazorg", 0.08), ("afgerond", 0.07))
)  # fmt: skip
REMISSION_ON_BENEFIT = Weighted(
    (("toegekend_geheel", 0.68), ("geen_aanvraag", 0.2), ("toegekend_deels", 0.05),
     ("aangevraagd", 0.04), ("afgewezen", 0.03))
)  # fmt: skip
REMISSION_OTHERS = Weighted(
    (("geen_aanvraag", 0.955), ("toegekend_geheel", 0.018), ("toegekend_deels", 0.007),
     ("aangevraagd", 0.005), ("afgewezen", 0.015))
)  # fmt: skip
OUTFLOW_A_YEAR = 0.22
OUTFLOWS = Weighted(
    (("werk_voltijd", 0.2), ("werk_deeltijd", 0.14), ("eigen_bedrijf", 0.03), ("opleiding", 0.05),
     ("aow", 0.14), ("andere_uitkering", 0.07), ("verhuisd", 0.12), ("overleden", 0.02),
     ("anders", 0.11), ("onbekend", 0.12))
)  # fmt: skip
OCCUPATIONS = (
    "verkoopmedewerker", "schoonmaker", "chauffeur", "magazijnmedewerker", "verzorgende",
    "administratief medewerker", "kok", "beveiliger", "timmerman", "helpende", "conciërge",
    "kinderopvangmedewerker", "hovenier", "monteur", "productiemedewerker", "receptionist",
)  # fmt: skip
TAX_CENTS = (28_000, 64_000)
NO_TAX = frozenset({Kind.INSTITUTION, Kind.NO_FIXED_ADDRESS, Kind.STUDENT_HOUSE})


class Fact(NamedTuple):
    """One row of a municipal stream, and whom it is about."""

    stream: str
    bsn: Bsn
    row: Row


class _Desk:
    """Draws what the municipality holds about a town; numbers its files."""

    def __init__(self, municipality: Municipality, seed: int, years_ago: int = 0) -> None:
        self.municipality = municipality
        self.on = municipality.on - timedelta(days=365 * years_ago)
        purpose = ("provisions", f"{years_ago} years ago") if years_ago else ("provisions",)
        self.random: Random = child(seed, *purpose)
        self.facts: list[Fact] = []
        self.on_benefit: set[Bsn] = set()
        self._hardship = {part.name: part.hardship / 8 for part in neighbourhoods()}
        self._numbers: dict[str, int] = {}

    def number(self, letter: str) -> str:
        """The next file number of one kind."""
        self._numbers[letter] = self._numbers.get(letter, 0) + 1
        return f"{letter}{self.on.year}{self._numbers[letter]:07d}"

    def add(self, stream: str, person: Person, *cells: tables.Cell) -> None:
        """Keep one row."""
        self.facts.append(Fact(stream, person.bsn, cells))

    def hard(self, person: Person) -> float:
        """How much more often money is short where this person lives."""
        return hardship(person.address, of=self._hardship)

    def since(self, years: float) -> date:
        """A day in the past, mostly within so many years."""
        return self.on - timedelta(days=1 + int(self.random.expovariate(1 / (years * 365))))

    def until(self, days: int) -> date:
        """A day to come."""
        return some_day(self.random, self.on + timedelta(days=1), self.on + timedelta(days=days))


def archive(municipality: Municipality, *, seed: int, years: int) -> list[Fact]:
    """What was held in earlier years about those who live there now: allocations and tax.

    A desk that keeps its files long delivers them too; `years` before this one.
    """
    people = [p for p in municipality.residents() if p.bsn not in NUMBERS]
    held: list[Fact] = []
    for ago in range(1, years + 1):
        desk = _Desk(municipality, seed, ago)
        ages = [age(person.birth, on=desk.on) for person in people]
        for step in (_wmo, _youth, _tax):
            for person, grown in zip(people, ages, strict=True):
                if grown >= 0:
                    step(desk, person, grown)
        held += desk.facts
    return held


def facts(municipality: Municipality, *, seed: int) -> list[Fact]:
    """All municipal rows of a town, in the order of the register; none about the demo's people."""
    desk = _Desk(municipality, seed)
    people = [p for p in municipality.residents() if p.bsn not in NUMBERS]
    steps: tuple[Callable[[_Desk, Person, int], None], ...] = (
        _benefit, _wmo, _youth, _job_seeker, _debt_file, _tax,
    )  # fmt: skip
    ages = [age(person.birth, on=desk.on) for person in people]
    for step in steps:
        for person, years in zip(people, ages, strict=True):
            step(desk, person, years)
    _outcomes(desk, people, ages)
    return desk.facts


def _benefit(desk: _Desk, person: Person, years: int) -> None:
    if not ADULT <= years < PENSION_AGE or person.role not in {"head", "alone"}:
        return
    students = person.kind is Kind.STUDENT_HOUSE
    if students or desk.random.random() >= BENEFIT * desk.hard(person):
        return
    norm = _norm(person)
    desk.on_benefit.add(person.bsn)
    if person.partner_bsn:
        desk.on_benefit.add(person.partner_bsn)
    started = desk.since(5.0)
    ends = desk.until(ENDS_WITHIN_DAYS) if desk.random.random() < BENEFIT_ENDS else None
    desk.add(
        "benefits", person, desk.number("U"), person.bsn,
        person.partner_bsn if norm == "gehuwden" else None,
        SCHEMES.pick(desk.random), norm, Money(NORM_CENTS[norm]), started, ends,
    )  # fmt: skip


def _norm(person: Person) -> str:
    if person.kind is Kind.INSTITUTION:
        return "instelling"
    if person.kind in {Kind.SINGLE_PARENT, Kind.CO_PARENTS}:
        return "alleenstaande_ouder"
    if person.partner_bsn or person.kind in {Kind.COUPLE, Kind.COUPLE_WITH_CHILDREN}:
        return "gehuwden"
    shared = {Kind.ADULT_CHILD_AT_HOME, Kind.SIBLINGS, Kind.THREE_GENERATIONS, Kind.SHARED_ADDRESS}
    return "kostendeler" if person.kind in shared else "alleenstaande"


def _wmo(desk: _Desk, person: Person, years: int) -> None:
    if years < ADULT:
        return
    old = years >= OLD
    share = WMO_VERY_OLD if years >= VERY_OLD else WMO_OLD if old else WMO_ADULT
    kinds = WMO_KINDS_OLD if old else WMO_KINDS_ADULT
    if desk.random.random() >= share:
        return
    chosen = [kinds.pick(desk.random)]
    if desk.random.random() < SECOND_WMO:
        chosen.append(kinds.pick(desk.random))
    for kind in dict.fromkeys(chosen):
        started = desk.since(2.5)
        ends = desk.until(1_200) if desk.random.random() < 0.7 else None  # noqa: PLR2004 - assumption
        desk.add(
            "wmo_allocations", person, *allocation(desk.number("W"), person, kind, started, ends)
        )


def allocation(
    number: str, person: Person, kind: str, started: date, ends: date | None
) -> tuple[tables.Cell, ...]:
    """The cells that Wmo and youth allocations share; a kind has one usual volume and unit."""
    volume, unit, per = {
        "huishoudelijke_hulp": (150, "minuut", "week"), "begeleiding": (3, "uur", "week"),
        "dagbesteding": (4, "dagdeel", "week"), "vervoer": (1, "stuks", "totaal"),
        "woonvoorziening": (1, "stuks", "totaal"), "rolstoel": (1, "stuks", "totaal"),
        "beschermd_wonen": (7, "etmaal", "week"), "ambulant": (2, "uur", "week"),
        "behandeling": (2, "uur", "week"), "dyslexie": (50, "uur", "totaal"),
        "jeugd_ggz": (60, "minuut", "week"), "pleegzorg": (7, "etmaal", "week"),
        "verblijf": (7, "etmaal", "week"),
    }[kind]  # fmt: skip
    code = f"{kind[:2].upper()}{volume:03d}"
    return number, person.bsn, kind, code, started, ends, volume, unit, per


def _youth(desk: _Desk, person: Person, years: int) -> None:
    if years >= ADULT:
        return
    needs = person.parent1_bsn in desk.on_benefit or person.parent2_bsn in desk.on_benefit
    if desk.random.random() >= (YOUTH_OF_PARENT_ON_BENEFIT if needs else YOUTH):
        return
    kind = YOUTH_KINDS.pick(desk.random)
    started = max(desk.since(0.8), date(person.birth.year, person.birth.month or 1, 1))
    ends = desk.until(500)
    apart = years >= NOT_FOR_PARENT_FROM_AGE and desk.random.random() < NOT_FOR_PARENT
    cells = allocation(desk.number("J"), person, kind, started, ends)
    desk.add("youth_allocations", person, *cells, apart)


def _job_seeker(desk: _Desk, person: Person, years: int) -> None:
    if not ADULT <= years < PENSION_AGE:
        return
    share = JOB_SEEKER_ON_BENEFIT if person.bsn in desk.on_benefit else JOB_SEEKER
    if desk.random.random() >= share:
        return
    started = desk.since(1.5)
    desk.add(
        "job_seekers", person, person.bsn, started, None, desk.random.choice(OCCUPATIONS),
        desk.random.choice((16, 20, 24, 28, 32, 36, 40)),
        desk.random.choice(("digitaal", "digitaal", "persoonlijk", "geen")),
        some_day(desk.random, started, desk.on),
    )  # fmt: skip


def _debt_file(desk: _Desk, person: Person, years: int) -> None:
    if years < ADULT:
        return
    share = DEBT_FILE_ON_BENEFIT if person.bsn in desk.on_benefit else DEBT_FILE * desk.hard(person)
    if desk.random.random() >= share:
        return
    phase = PHASES.pick(desk.random)
    started = desk.since(1.2)
    ended = some_day(desk.random, started, desk.on) if phase == "afgerond" else None
    desk.add("debt_files", person, desk.number("S"), person.bsn, started, phase, ended)


def _tax(desk: _Desk, person: Person, years: int) -> None:
    if years < ADULT or person.role not in {"head", "alone"} or person.kind in NO_TAX:
        return
    helped = person.bsn in desk.on_benefit
    remission = (REMISSION_ON_BENEFIT if helped else REMISSION_OTHERS).pick(desk.random)
    first = date(desk.on.year, 1, 1)
    decided = remission not in {"geen_aanvraag", "aangevraagd"}
    owner = person.address.tenure is Tenure.OWNED
    cents = desk.random.randrange(*TAX_CENTS) + (20_000 if owner else 0)
    desk.add(
        "tax_remission", person, desk.number("A"), person.bsn, desk.on.year, Money(cents),
        remission, some_day(desk.random, first, desk.on) if decided else None,
    )  # fmt: skip


def _outcomes(desk: _Desk, people: list[Person], ages: list[int]) -> None:
    """Who left a benefit in the past year: as many as leave it in a year, drawn by hardship."""
    wanted = int(len(desk.on_benefit) * OUTFLOW_A_YEAR)
    grown = [p for p, years in zip(people, ages, strict=True) if ADULT <= years <= PENSION_AGE]
    pool = [p for p in grown if p.bsn not in desk.on_benefit]
    if not pool:
        return
    draw = Weighted((person, desk.hard(person)) for person in pool)
    for _ in range(wanted):
        person = draw.pick(desk.random)
        day = some_day(desk.random, desk.on - timedelta(days=364), desk.on)
        outflow = OUTFLOWS.pick(desk.random)
        if outflow == "overleden":  # who died is no resident any more: the register says so
            outflow = "onbekend"
        desk.add(
            "outcomes",
            person,
            desk.number("E"),
            person.bsn,
            SCHEMES.pick(desk.random),
            outflow,
            day,
        )


HEADERS = {
    "benefits": tables.BENEFITS, "wmo_allocations": tables.WMO, "youth_allocations": tables.YOUTH,
    "job_seekers": tables.JOB_SEEKERS, "debt_files": tables.DEBT_FILES,
    "tax_remission": tables.TAX, "outcomes": tables.OUTCOMES,
}  # fmt: skip
EVENTS = frozenset({"outcomes"})


def municipal(
    municipality: Municipality, stream: str, headers: tuple[str, ...]
) -> Callable[..., Delivery]:
    """A delivery of the municipality's own, but for its rows and truth."""
    on = municipality.on
    from_on = on - timedelta(days=364) if stream in EVENTS else on

    def made(**rest: object) -> Delivery:
        return Delivery(
            stream=stream,
            supplier_slug=MUNICIPALITY_SLUG,
            supplier_name=municipality.name,
            supplier_oin=MUNICIPALITY_OIN,
            format=Format.CSV,
            dates=DateStyle.ISO,
            yes_no=("ja", "nee"),
            attests=(),
            covers=Period(from_on, on),
            delivered_on=on,
            headers=headers,
            **rest,  # type: ignore[arg-type]
        )

    return made


def deliveries(municipality: Municipality, found: list[Fact]) -> list[Delivery]:
    """One delivery per municipal stream."""
    made = []
    for stream, headers in HEADERS.items():
        mine = sorted((f for f in found if f.stream == stream), key=lambda f: (f.bsn, str(f.row)))
        made.append(
            municipal(municipality, stream, headers)(
                rows=walk([fact.row for fact in mine]),
                origins=walk_origins([Origin(fact.bsn) for fact in mine]),
            )
        )
    return made


def population(municipality: Municipality) -> Delivery:
    """The register as one delivery, ordered by number: the order tells nothing of households."""
    persons = sorted(municipality.persons, key=lambda person: person.bsn)
    return municipal(municipality, "population", tables.POPULATION)(
        rows=lambda: (_register_row(person, municipality) for person in persons),
        origins=lambda: (Origin(person.bsn, _about(person)) for person in persons),
    )


def _about(person: Person) -> str:
    if person.present:
        return "resident"
    return "dead" if person.died_on else "departed"


def _register_row(person: Person, municipality: Municipality) -> Row:
    address, previous = person.address, person.previous
    before = (
        (previous.postcode, previous.number, previous.letter, previous.addition)
        if previous
        else (None, None, None, None)
    )
    return (
        person.bsn, person.given_names, person.initials, person.prefix, person.surname,
        person.name_use, person.partner_prefix, person.partner_surname, person.sex, person.birth,
        address.street, address.postcode, address.number, address.letter, address.addition,
        municipality.city, address.neighbourhood, address.address_id, person.address_kind,
        address.tenure is Tenure.INSTITUTION, person.address_since, *before, person.partner_bsn,
        person.parent1_bsn, person.parent2_bsn, person.authority, person.curatele, person.bewind,
        person.representative_bsn, person.secrecy, person.under_investigation,
        partial(person.died_on) if person.died_on else None,
        partial(person.left_on) if person.left_on else None,
    )  # fmt: skip
