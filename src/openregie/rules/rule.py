"""A rule as content/rules/ states it: which facts, which conditions, what a resident then reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openregie.rules.errors import ParameterMissing
from openregie.rules.expressions import Node
from openregie.rules.parameters import DatedValue, Parameter
from openregie.rules.units import Unit
from openregie.rules.vocabulary import Field
from openregie.rules.words import Words
from openregie.terms import Domain, Lane


class Group(StrEnum):
    """What a rule is judged for: an address (wgs lane) or one reader (own-view lane)."""

    ADDRESS = "address"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class FactSet:
    """The facts a rule looks at, under a name. `where` includes the window of `within`."""

    name: str
    kinds: tuple[str, ...]
    where: Node | None
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold, as written, as read, and how it is told."""

    written: str
    test: Node
    words: Words


@dataclass(frozen=True, slots=True)
class Measure:
    """A number or date the texts may name."""

    name: str
    node: Node
    unit: Unit


@dataclass(frozen=True, slots=True)
class ActBy:
    """The last day to act: `date` itself, or days or working days after it."""

    date: Node
    days: int = 0
    working_days: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """The one small step: a verb, minutes, a place to go."""

    title: Words
    minutes: int
    href: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may help: alone, near, or with the team."""

    title: Words
    text: Words
    where: str
    minutes: int | None
    href: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in one version. `period_months` is 0 when it looks at no calendar month.

    `counterpart` names the rule of the other lane that says the same.
    """

    name: str
    version: int
    lane: Lane
    law: str
    article: str
    certainty: str
    valid_from: date
    valid_until: date | None
    domain: Domain
    purpose_id: str
    purpose: Words
    audience: tuple[str, ...]
    group: Group
    period_months: int
    sets: tuple[FactSet, ...]
    parameters: tuple[Parameter, ...]
    conditions: tuple[Condition, ...]
    measures: tuple[Measure, ...]
    act_by: ActBy | None
    counterpart: str | None
    title: Words
    text: Words
    why: Words
    never: Words
    step: Step
    offers: tuple[Offer, ...]
    file: str

    def in_force(self, on: date) -> bool:
        """Whether the rule holds on the day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def given(self, on: date) -> dict[str, DatedValue]:
        """The parameters' values on the day, by name. Raises ParameterMissing."""
        found: dict[str, DatedValue] = {}
        for parameter in self.parameters:
            value = parameter.on(on)
            if value is None:
                raise ParameterMissing(self.name, parameter.name)
            found[parameter.name] = value
        return found
