"""Who forms a household on a day: the register's own relations and addresses, never a guess.

The order of the steps is docs/adr/0004-rule-language.md, under "Households"; each membership keeps
its reason, so that it can be contested. Two unrelated adults at one address stay two households: a
relationship that the register does not hold is never inferred (it has legal consequences).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter


class Reason(StrEnum):
    """Why somebody is in a household; each member has exactly one."""

    NO_DWELLING = "no_dwelling"
    INSTITUTION = "institution"
    ONLY_ONE_HERE = "only_one_here"
    UNRELATED = "unrelated"
    SEVERAL_HOUSEHOLDS = "minor_among_several_households"
    PARTNER = "partner"
    PARENT_OF_SAME_CHILD = "parent_of_same_child"
    CHILD_OF_PARENT = "child_of_parent"
    PARENT_OF_CHILD = "parent_of_child"
    SIBLING = "sibling"
    MINOR_WITH_ONLY_HOUSEHOLD = "minor_with_only_household"
    TAKES_IN_MINOR = "takes_in_minor"


class Role(StrEnum):
    """What somebody is in the household."""

    ALONE = "alone"
    PARTNER = "partner"
    PARENT = "parent"
    CHILD = "child"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Resident:
    """One living person of the register. `dwelling` is None at a postal address or none at all."""

    person: str
    dwelling: str | None
    institution: bool
    partner: str | None
    parents: tuple[str, ...]
    minor: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """One person's place in one household."""

    person: str
    household_id: str
    role: Role
    reason: Reason


_Tie = Callable[[str, Reason, str, Reason], None]


class _Groups:
    """Persons at one address, joined step by step (union-find, smallest person as root)."""

    def __init__(self, persons: Iterable[str]) -> None:
        self._above = {person: person for person in persons}

    def root(self, person: str) -> str:
        while self._above[person] != person:
            self._above[person] = self._above[self._above[person]]
            person = self._above[person]
        return person

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._above[high] = low

    def __iter__(self) -> Iterator[list[str]]:
        members: dict[str, list[str]] = defaultdict(list)
        for person in self._above:
            members[self.root(person)].append(person)
        return iter(members.values())


def form(residents: Iterable[Resident]) -> list[Membership]:
    """Households of the day: every resident in exactly one; the order of `residents` is free."""
    at: dict[str, list[Resident]] = defaultdict(list)
    alone: list[Membership] = []
    for resident in residents:
        if resident.dwelling is None:
            alone.append(_alone(resident.person, Reason.NO_DWELLING))
        elif resident.institution:
            alone.append(_alone(resident.person, Reason.INSTITUTION))
        else:
            at[resident.dwelling].append(resident)
    together = [place for residents_here in at.values() for place in _at_address(residents_here)]
    return sorted(alone + together, key=attrgetter("person"))


def _alone(person: str, reason: Reason) -> Membership:
    return Membership(person, name_household((person,)), Role.ALONE, reason)


def name_household(persons: Iterable[str]) -> str:
    """The household's id: the smallest digest of its members, 16 hex characters.

    It can be reversed by trying every BSN: it never leaves the run without a key (exits).
    """
    return min(hashlib.sha256(person.encode()).hexdigest() for person in persons)[:16]


def _at_address(here: Sequence[Resident]) -> list[Membership]:
    if len(here) == 1:
        return [_alone(here[0].person, Reason.ONLY_ONE_HERE)]
    people = {resident.person: resident for resident in sorted(here, key=attrgetter("person"))}
    reasons: dict[str, dict[Reason, None]] = {person: {} for person in people}
    groups = _Groups(people)

    def tie(one: str, why: Reason, other: str, why_other: Reason) -> None:
        groups.join(one, other)
        reasons[one][why] = None
        reasons[other][why_other] = None

    couples = _partners(people)
    for one, other in couples:  # step 1
        tie(one, Reason.PARTNER, other, Reason.PARTNER)
    children = {
        p: [q for q in sorted(set(r.parents)) if q in people and q != p] for p, r in people.items()
    }
    for person, parents in children.items():
        for one, other in pairwise(parents):  # step 2
            tie(one, Reason.PARENT_OF_SAME_CHILD, other, Reason.PARENT_OF_SAME_CHILD)
        for parent in parents:  # step 3
            tie(person, Reason.CHILD_OF_PARENT, parent, Reason.PARENT_OF_CHILD)
    for first, *others in _siblings(people):  # step 4
        for other in others:
            tie(first, Reason.SIBLING, other, Reason.SIBLING)
    undecided = _take_in_minors(people, groups, tie)  # step 5
    return [
        _membership(person, members, reasons[person], undecided=person in undecided)
        for members in groups
        for person in members
    ]


def _partners(people: dict[str, Resident]) -> list[tuple[str, str]]:
    """Partners at this address. A one-sided entry counts only if nobody contradicts it."""
    claims: dict[str, set[str]] = defaultdict(set)
    for person, resident in people.items():
        if resident.partner in people and resident.partner != person:
            claims[resident.partner].add(person)
    couples = set()
    for person, claimants in claims.items():
        said = people[person].partner
        chosen = said if said is not None else (min(claimants) if len(claimants) == 1 else None)
        if chosen in claimants:
            couples.add((min(person, chosen), max(person, chosen)))
    return sorted(couples)


def _siblings(people: dict[str, Resident]) -> list[list[str]]:
    """Those who share a registered parent, wherever that parent lives."""
    children: dict[str, list[str]] = defaultdict(list)
    for person, resident in people.items():
        for parent in set(resident.parents):
            children[parent].append(person)
    return [together for _, together in sorted(children.items()) if len(together) > 1]


def _take_in_minors(people: dict[str, Resident], groups: _Groups, tie: _Tie) -> set[str]:
    """Minors without kin here join the only household with an adult; else they stand alone."""
    found = [sorted(members) for members in groups]
    hosts = [m for m in found if not all(people[p].minor for p in m)]
    guests = [m for m in found if all(people[p].minor for p in m)]
    if len(hosts) != 1:
        return {person for members in guests for person in members}
    for members in guests:
        for person in members:
            tie(person, Reason.MINOR_WITH_ONLY_HOUSEHOLD, hosts[0][0], Reason.TAKES_IN_MINOR)
    return set()


_STRONGEST = (
    Reason.PARTNER,
    Reason.PARENT_OF_SAME_CHILD,
    Reason.CHILD_OF_PARENT,
    Reason.PARENT_OF_CHILD,
    Reason.SIBLING,
    Reason.MINOR_WITH_ONLY_HOUSEHOLD,
    Reason.TAKES_IN_MINOR,
)


def _membership(
    person: str, members: Sequence[str], why: Iterable[Reason], *, undecided: bool
) -> Membership:
    held = set(why)
    if len(members) == 1:
        return _alone(person, Reason.SEVERAL_HOUSEHOLDS if undecided else Reason.UNRELATED)
    reason = next(reason for reason in _STRONGEST if reason in held)
    if held & {Reason.PARTNER, Reason.PARENT_OF_SAME_CHILD}:
        role = Role.PARTNER
    elif Reason.PARENT_OF_CHILD in held:
        role = Role.PARENT
    elif Reason.CHILD_OF_PARENT in held:
        role = Role.CHILD
    else:
        role = Role.OTHER
    return Membership(person, name_household(members), role, reason)
