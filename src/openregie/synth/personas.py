"""The people of the demo: three who come enrolled, others who can enrol."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from openregie.synth.bsns import reserved
from openregie.synth.days import birth_at_age
from openregie.synth.draws import child
from openregie.synth.people import Kind, Municipality, Tenure
from openregie.synth.registrar import Home, Identity, Registrar, Ties
from openregie.synth.surnames import split
from openregie.terms import Bsn

YEARS_AT_HOME = 6.0


class Persona(NamedTuple):
    """One person of the demo. `nth` picks the citizen number; the stories are for the sheet."""

    nth: int
    given: str
    surname: str
    sex: str
    age: int
    origin: str
    story_nl: str = ""
    story_en: str = ""
    enrolled: bool = False

    @property
    def bsn(self) -> Bsn:
        """The same number in every town."""
        return reserved()[self.nth]


NOOR = Persona(
    0, "Noor", "Bakker", "V", 34, "dutch",
    "Woont alleen met haar zoon Sem (9). Heeft bijstand, een huurachterstand en een achterstand"
    " bij de zorgverzekeraar. De jeugdhulp van Sem stopt binnenkort.",
    "Lives alone with her son Sem (9). Has social assistance, rent arrears and health premium"
    " arrears. Sem's youth help ends soon.",
    enrolled=True,
)  # fmt: skip
AHMET = Persona(
    1, "Ahmet", "Yılmaz", "M", 61, "turkish",  # noqa: RUF001 - a Turkish letter
    "Woont met zijn vrouw Fatma. Zijn energieleverancier kondigt aan af te sluiten. Zijn uitkering"
    " stopt binnen twee maanden.",
    "Lives with his wife Fatma. His energy supplier announced a cut-off. His benefit ends within"
    " two months.",
    enrolled=True,
)  # fmt: skip
LOTTE = Persona(
    2, "Lotte Maria", "de Vries", "V", 41, "dutch",
    "Woont met haar partner. Zoekt werk. Er valt niets op.",
    "Lives with her partner. Is looking for work. Nothing stands out.",
    enrolled=True,
)  # fmt: skip
SAMIRA = Persona(
    3, "Samira", "el Amrani", "V", 38, "moroccan",
    "Alleenstaande moeder van twee kinderen, met een waterachterstand.",
    "Single mother of two children, with water arrears.",
)  # fmt: skip
JOHANNA = Persona(
    4, "Johanna Petronella", "Vermeulen", "V", 82, "dutch",
    "Woont alleen en krijgt hulp vanuit de Wmo.",
    "Lives alone and gets support under the Wmo.",
)  # fmt: skip
DAAN = Persona(
    5, "Daan", "Kuijpers", "M", 21, "dutch",
    "Woont in een studentenhuis. Een huisgenoot heeft een huurachterstand; hij niet.",
    "Lives in a student house. A housemate has rent arrears; he has not.",
)  # fmt: skip
EWA = Persona(
    6, "Ewa", "Nowak", "V", 45, "polish",
    "Heeft samen met haar man één bijstandsuitkering.",
    "Shares one social assistance benefit with her husband.",
)  # fmt: skip
ESTHER = Persona(
    7, "Esther", "Visser", "V", 36, "dutch",
    "Heeft een geheim adres en een huurachterstand.",
    "Has a secret address and rent arrears.",
)  # fmt: skip
TOM = Persona(
    8, "Tom", "Hendriks", "M", 33, "dutch",
    "Over hem is niets geleverd.",
    "Nothing was delivered about him.",
)  # fmt: skip
CAST = (NOOR, AHMET, LOTTE, SAMIRA, JOHANNA, DAAN, EWA, ESTHER, TOM)

# People beside the cast: number, given names, surname, sex, age, origin.
SEM = Persona(9, "Sem", "Bakker", "M", 9, "dutch")
FATMA = Persona(10, "Fatma", "Yılmaz", "V", 58, "turkish")  # noqa: RUF001 - a Turkish letter
BAS = Persona(11, "Bas", "Mulder", "M", 43, "dutch")
YASSINE = Persona(12, "Yassine", "Bouali", "M", 13, "moroccan")
LINA = Persona(13, "Lina", "Bouali", "V", 6, "moroccan")
MAREK = Persona(14, "Marek", "Nowak", "M", 47, "polish")
RICK = Persona(15, "Rick", "Janssen", "M", 22, "dutch")
SANNE = Persona(16, "Sanne", "Smit", "V", 20, "dutch")
WEI = Persona(17, "Wei", "Zhang", "M", 24, "chinese")
OTHERS = (SEM, FATMA, BAS, YASSINE, LINA, MAREK, RICK, SANNE, WEI)
NUMBERS = frozenset(one.bsn for one in CAST + OTHERS)


def settle(registrar: Registrar) -> None:
    """Give the people of the demo their homes: the first households of every town."""
    people = {one.nth: _identity(one, registrar) for one in CAST + OTHERS}
    _alone_with_children(registrar, people, NOOR, (SEM,))
    _couple(registrar, people, AHMET, FATMA, name_use="V")
    _couple(registrar, people, BAS, LOTTE, name_use="E")
    _alone_with_children(registrar, people, SAMIRA, (YASSINE, LINA))
    registrar.enter(people[JOHANNA.nth], _home(registrar, Kind.SINGLE), "alone")
    house = registrar.dwelling(Tenure.PRIVATE)
    for student in (DAAN, RICK, SANNE, WEI):
        home = _home(registrar, Kind.STUDENT_HOUSE)._replace(address=house)
        registrar.enter(people[student.nth], home, "alone")
    _couple(registrar, people, MAREK, EWA, name_use="P")
    secret = _home(registrar, Kind.SINGLE)._replace(secrecy=7)
    registrar.enter(people[ESTHER.nth], secret, "alone")
    registrar.enter(people[TOM.nth], _home(registrar, Kind.SINGLE), "alone")


def write(municipality: Municipality, directory: Path) -> Path:
    """Write DIR/demo/personas.json; `code` stays null until a key was made.

    Shape: a list of {name, bsn, birthYear, initials, enrolled, code, story_nl, story_en}.
    """
    persons = {person.bsn: person for person in municipality.persons[: 4 * len(CAST)]}
    sheet = [
        {
            "name": f"{one.given.split()[0]} {one.surname}",
            "bsn": one.bsn,
            "birthYear": persons[one.bsn].birth.year,
            "initials": persons[one.bsn].initials,
            "enrolled": one.enrolled,
            "code": None,
            "story_nl": one.story_nl,
            "story_en": one.story_en,
        }
        for one in CAST
    ]
    path = directory / "demo" / "personas.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(sheet, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def _identity(one: Persona, registrar: Registrar) -> Identity:
    random = child(0, "persona", one.given, one.surname)
    return registrar.identity(
        one.sex,
        birth_at_age(random, one.age, on=registrar.on),
        one.origin,
        family=split(one.surname),
        given=one.given,
        born_here=True,
    )._replace(bsn=one.bsn)


def _home(registrar: Registrar, kind: Kind) -> Home:
    home = registrar.home(kind, registrar.dwelling(Tenure.SOCIAL))
    since = registrar.on - timedelta(days=int(YEARS_AT_HOME * 365))
    return home._replace(since=since, previous=None, secrecy=0, plain=True)


def _alone_with_children(
    registrar: Registrar,
    people: dict[int, Identity],
    parent: Persona,
    children: tuple[Persona, ...],
) -> None:
    home = _home(registrar, Kind.SINGLE_PARENT)
    registrar.enter(people[parent.nth], home, "head")
    ties = Ties(parent1=parent.bsn, authority="1")
    for one in children:
        registrar.enter(people[one.nth], home, "child", ties)


def _couple(
    registrar: Registrar,
    people: dict[int, Identity],
    head: Persona,
    partner: Persona,
    *,
    name_use: str,
) -> None:
    home = _home(registrar, Kind.COUPLE)
    one, two = people[head.nth], people[partner.nth]
    registrar.enter(one, home, "head", Ties(spouse=two, name_use="E"))
    registrar.enter(two, home, "partner", Ties(spouse=one, name_use=name_use))


def recent(on: date) -> tuple[date, date]:
    """Two days of one calendar month, a week apart, both within a month before the day.

    A month before mid-month has seen little of its own, so the month before it counts then.
    """
    last = on if on.day >= 15 else on.replace(day=1) - timedelta(days=1)  # noqa: PLR2004 - mid-month
    return last - timedelta(days=12), last - timedelta(days=5)
