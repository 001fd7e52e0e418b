"""Given: people at addresses. Expected: who is together, and why. Every pitfall has its case."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.blind.situations.households import Reason, Resident, Role, form, name_household


def who(person, home="A", *, partner=None, parents=(), minor=False, institution=False):
    return Resident(person, home, institution, partner, tuple(parents), minor)


def together(residents):
    groups = defaultdict(set)
    for membership in form(residents):
        groups[membership.household_id].add(membership.person)
    return sorted("".join(sorted(group)) for group in groups.values())


COUPLE = [who("a", partner="b"), who("b", partner="a")]
CHILD = who("c", parents="ab", minor=True)

CASES = [
    ("one person", [who("a")], ["a"]),
    ("married", COUPLE, ["ab"]),
    ("married with a child", [*COUPLE, CHILD], ["abc"]),
    ("partners at different addresses stay apart",
     [who("a", partner="b"), who("b", "B", partner="a")], ["a", "b"]),
    ("one-sided entry, not contradicted", [who("a", partner="b"), who("b")], ["ab"]),
    ("one-sided entry, contradicted", [who("a", partner="b"), who("b", partner="z")], ["a", "b"]),
    ("two claim one partner", [who("a", partner="c"), who("b", partner="c"), who("c")],
     ["a", "b", "c"]),
    ("unmarried parents tied by their child", [who("a"), who("b"), CHILD], ["abc"]),
    ("single parent", [who("a"), who("c", parents="az", minor=True)], ["ac"]),
    ("split family: a child of two homes is counted where registered",
     [who("a"), who("b", "B"), CHILD], ["ac", "b"]),
    ("three generations", [who("a"), who("b", parents="a"), who("c", parents="b", minor=True)],
     ["abc"]),
    ("adult child at home", [*COUPLE, who("c", parents="ab")], ["abc"]),
    ("adult child with own family at home",
     [who("a"), who("b", parents="a", partner="d"), who("d", partner="b"),
      who("c", parents="bd", minor=True)], ["abcd"]),
    ("stepchild", [*COUPLE, who("c", parents="az", minor=True)], ["abc"]),
    ("brother and sister", [who("a", parents="x"), who("b", parents="xy")], ["ab"]),
    ("student house", [who("a"), who("b"), who("c"), who("d")], ["a", "b", "c", "d"]),
    ("two unrelated adults: no couple is guessed", [who("a"), who("b")], ["a", "b"]),
    ("two families at one address",
     [*COUPLE, CHILD, who("d"), who("e", parents="d", minor=True)], ["abc", "de"]),
    ("foster child with one family", [*COUPLE, who("f", parents="z", minor=True)], ["abf"]),
    ("two foster sisters with one family",
     [*COUPLE, who("f", parents="z", minor=True), who("g", parents="z", minor=True)], ["abfg"]),
    ("unrelated minor among several households",
     [who("a"), who("b"), who("f", minor=True)], ["a", "b", "f"]),
    ("minors without any adult", [who("f", minor=True), who("g", minor=True)], ["f", "g"]),
    ("institution", [who(p, "I", institution=True, partner=q) for p, q in ("ab", "ba")],
     ["a", "b"]),
    ("postal address or none", [who("a", None, partner="b"), who("b", None, partner="a")],
     ["a", "b"]),
    ("a parent not in the register", [who("c", parents="xy", minor=True)], ["c"]),
    ("own partner and own parent, by mistake", [who("a", partner="a", parents="a"), who("b")],
     ["a", "b"]),
    ("nobody", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "residents", "expected"), CASES, ids=[case[0] for case in CASES])
def test_who_forms_a_household(name, residents, expected):
    assert together(residents) == expected


def places(residents):
    return {m.person: (m.role, m.reason) for m in form(residents)}


def test_every_membership_says_why():
    found = places([*COUPLE, CHILD, who("f", parents="z", minor=True)])
    assert found == {
        "a": (Role.PARTNER, Reason.PARTNER),
        "b": (Role.PARTNER, Reason.PARTNER),
        "c": (Role.CHILD, Reason.CHILD_OF_PARENT),
        "f": (Role.OTHER, Reason.MINOR_WITH_ONLY_HOUSEHOLD),
    }


def test_the_middle_generation_is_a_parent_and_still_a_child_of_its_parent():
    found = places([who("a"), who("b", parents="a"), who("c", parents="b", minor=True)])
    assert found["b"] == (Role.PARENT, Reason.CHILD_OF_PARENT)
    assert found["a"] == (Role.PARENT, Reason.PARENT_OF_CHILD)


def test_who_is_alone_knows_why():
    everyone = [
        who("a", "1"), who("b", "2"), who("c", "2"), who("d", "2", minor=True),
        who("e", "3", institution=True), who("f", None),
    ]  # fmt: skip
    assert {person: reason for person, (_, reason) in places(everyone).items()} == {
        "a": Reason.ONLY_ONE_HERE,
        "b": Reason.UNRELATED,
        "c": Reason.UNRELATED,
        "d": Reason.SEVERAL_HOUSEHOLDS,
        "e": Reason.INSTITUTION,
        "f": Reason.NO_DWELLING,
    }


PEOPLE = "abcdefghij"
towns = st.lists(
    st.builds(
        lambda home, partner, parents, minor: (home, partner, tuple(parents), minor),
        st.sampled_from(["A", "B", None]),
        st.none() | st.sampled_from(PEOPLE),
        st.lists(st.sampled_from(PEOPLE), max_size=2),
        st.booleans(),
    ),
    max_size=len(PEOPLE),
).map(
    lambda rows: [
        Resident(person, home, institution=False, partner=partner, parents=parents, minor=minor)
        for person, (home, partner, parents, minor) in zip(PEOPLE, rows, strict=False)
    ]
)


@given(towns)
def test_everybody_is_in_exactly_one_household(residents):
    assert [m.person for m in form(residents)] == sorted(r.person for r in residents)


@given(towns, st.randoms(use_true_random=False))
def test_the_order_of_the_register_does_not_matter(residents, random):
    shuffled = list(residents)
    random.shuffle(shuffled)
    assert form(shuffled) == form(residents)


@given(towns)
def test_a_household_lives_at_one_address_and_has_its_members_id(residents):
    home = {r.person: r.dwelling for r in residents}
    groups = defaultdict(list)
    for membership in form(residents):
        groups[membership.household_id].append(membership)
    for household_id, members in groups.items():
        assert len({home[m.person] for m in members}) == 1
        assert household_id == name_household(m.person for m in members)
        assert (len(members) == 1) == (members[0].role is Role.ALONE)
