"""Households with children: couples, single parents, co-parents, stepfamilies, generations."""

from __future__ import annotations

from datetime import date, timedelta

from openregie.synth import rates
from openregie.synth.days import PartialDay, age, birth_at_age, earliest, some_day
from openregie.synth.draws import Weighted
from openregie.synth.households import Pair, enter_pair, pair
from openregie.synth.names import family_name
from openregie.synth.people import Kind
from openregie.synth.registrar import ADULT, Home, Identity, Registrar, Ties
from openregie.synth.surnames import Surname
from openregie.terms import Bsn

CHILDREN = Weighted(((1, 36.0), (2, 45.0), (3, 15.0), (4, 4.0)))
OTHER_PARENT = Weighted(rates.OTHER_PARENT)
LEAVES_HOME = 25
YOUNGEST_MOTHER, OLDEST_MOTHER, USUAL_MOTHER, SPREAD_MOTHER = 18, 43, 30.0, 4.8
YOUNGEST_FATHER = 17
GENERATION = 30
DAYS_BETWEEN_CHILDREN = (400, 1_600)


def couple_with_children(registrar: Registrar) -> None:
    """Two partners and their children."""
    births = _births(registrar, CHILDREN.pick(registrar.random), eldest_below=LEAVES_HOME)
    both = _parents(registrar, births[0])
    home = registrar.home(Kind.COUPLE_WITH_CHILDREN)
    enter_pair(registrar, both, home)
    children_of(registrar, both, births, home)


def single_parent(registrar: Registrar) -> None:
    """One parent with children; the other lives elsewhere, died or is not in the record."""
    random = registrar.random
    births = _births(registrar, CHILDREN.pick(random), eldest_below=LEAVES_HOME)
    both = _parents(registrar, births[0])
    parent = both.one if random.random() < 0.83 or both.one.sex == both.two.sex else both.two  # noqa: PLR2004 - CBS: five in six are mothers
    other = OTHER_PARENT.pick(random)
    home = registrar.home(Kind.SINGLE_PARENT, years=5.0)
    late = both.two if parent is both.one else both.one
    if other == "dead" and both.married:
        registrar.enter(late, home, "partner", Ties(spouse=parent))
        registrar.take_away(1, died_on=a_day_last_year(registrar), left_on=None)
        registrar.enter(parent, home, "head", Ties(spouse=late, late=True))
    else:
        registrar.enter(parent, home, "head")
    children_of(registrar, both, births, home, absent=None if other == "elsewhere" else parent)


def co_parents(registrar: Registrar) -> None:
    """Parents who parted, both in town: the children are registered with one of them."""
    random = registrar.random
    births = _births(registrar, CHILDREN.pick(random), eldest_below=ADULT)
    both = _parents(registrar, births[0])._replace(married=False)
    homes = [registrar.home(Kind.CO_PARENTS, years=4.0) for _ in range(2)]
    first, second = (both.one, both.two) if random.random() < 0.65 else (both.two, both.one)  # noqa: PLR2004 - assumption
    registrar.enter(first, homes[0], "head")
    registrar.enter(second, homes[1], "head")
    joint = both._replace(married=True)  # parting leaves authority with both
    if len(births) > 1 and random.random() < 0.15:  # noqa: PLR2004 - a split family: each parent registers one
        children_of(registrar, joint, births[:1], homes[0])
        children_of(registrar, joint, births[1:], homes[1])
        return
    children_of(registrar, joint, births, homes[0])


def stepfamily(registrar: Registrar) -> None:
    """A parent, a new partner who is not the children's parent, sometimes a child of both."""
    random = registrar.random
    births = _births(registrar, CHILDREN.pick(random), eldest_below=20)
    before = _parents(registrar, births[0])
    parent = before.one
    years = age(parent.birth, on=registrar.on)
    stranger = pair(registrar, max(ADULT, years), married=0.45)
    newcomer = stranger.two if stranger.two.sex != parent.sex else stranger.one
    now = Pair(parent, newcomer, stranger.married)
    home = registrar.home(Kind.STEPFAMILY, years=4.0)
    enter_pair(registrar, now, home)
    children_of(registrar, before._replace(married=False), births, home)
    last = births[-1]
    room = (registrar.on - last).days
    if random.random() < 0.35 and room > 2 * 365 and years < OLDEST_MOTHER:  # noqa: PLR2004
        child_birth = last + timedelta(days=random.randint(700, room))
        children_of(registrar, now, [child_birth], home)


def adult_child_at_home(registrar: Registrar) -> None:
    """A grown child who stays with one or both parents; now and then a junior."""
    random = registrar.random
    child_age = random.randint(LEAVES_HOME, 45)
    birth = birth_at_age(random, child_age, on=registrar.on)
    both = _parents(registrar, birth)
    home = registrar.home(Kind.ADULT_CHILD_AT_HOME, years=18.0)
    if random.random() < 0.6:  # noqa: PLR2004 - assumption: both parents are there
        enter_pair(registrar, both, home)
    else:
        registrar.enter(both.one, home, "head")
    children_of(registrar, both, [birth], home)


def three_generations(registrar: Registrar) -> None:
    """A couple with children and one or two of the grandparents."""
    random = registrar.random
    births = _births(registrar, CHILDREN.pick(random), eldest_below=20)
    both = _parents(registrar, births[0])
    elder_age = age(both.two.birth, on=registrar.on) + random.randint(22, 34)
    home = registrar.home(Kind.THREE_GENERATIONS)
    elders = pair(registrar, min(elder_age, 96), origin=both.two.origin, married=1.0)
    mother = elders.one._replace(sex="V")
    birth = mother.birth._replace(year=mother.birth.year - 2, day=min(mother.birth.day, 28))
    father = elders.two._replace(surname=both.two.surname, sex="M", birth=birth)
    elders = Pair(mother, father, married=True)
    alone = random.random() < 0.6  # noqa: PLR2004 - mostly one grandparent is left
    ties = both.ties(both.two)._replace(parent1=mother.bsn, parent2=father.bsn)
    registrar.enter(both.two, home, "head", ties)
    registrar.enter(both.one, home, "partner", both.ties(both.one))
    registrar.enter(mother, home, "grandparent", Ties() if alone else elders.ties(mother))
    if not alone:
        registrar.enter(father, home, "grandparent", elders.ties(father))
    children_of(registrar, both, births, home)


def children_of(
    registrar: Registrar,
    both: Pair,
    births: list[date],
    home: Home,
    *,
    absent: Identity | None = None,
) -> None:
    """Enter the children of two people. `absent`: the only parent the record knows."""
    random = registrar.random
    family = _children_surname(registrar, both, births[0])
    acknowledged = both.married or random.random() < rates.FATHER_ACKNOWLEDGED
    parents: tuple[Bsn | None, Bsn | None] = (both.one.bsn, both.two.bsn if acknowledged else None)
    if absent is not None:
        parents = (absent.bsn, None)
    authority = _authority(registrar, both, parents)
    for birth in births:
        sex = "M" if random.random() < 0.512 else "V"  # noqa: PLR2004 - boys per birth, CBS
        father = both.two
        surname = family_name(family, sex=sex, origin=father.origin, father_given=father.given)
        namesake = father if sex == "M" else both.one
        junior = random.random() < rates.JUNIOR and namesake.sex == sex
        who = registrar.identity(
            sex,
            birth,
            father.origin,
            family=surname,
            given=namesake.given if junior else None,
            born_here=age_of(birth, registrar) < ADULT,
        )
        ties = Ties(parent1=parents[0], parent2=parents[1], authority=authority)
        registrar.enter(who, home, "child", ties)


def a_day_last_year(registrar: Registrar) -> date:
    """A day in the year before the registrar's day."""
    return some_day(registrar.random, registrar.on - timedelta(days=364), registrar.on)


def age_of(birth: date, registrar: Registrar) -> int:
    """Whole years on the registrar's day."""
    return (
        registrar.on.year
        - birth.year
        - ((registrar.on.month, registrar.on.day) < (birth.month, birth.day))
    )


def _authority(registrar: Registrar, both: Pair, parents: tuple[Bsn | None, Bsn | None]) -> str:
    """Which parent holds authority: 1, 2, 12, or a third party (D) alone or beside one."""
    random = registrar.random
    if random.random() < rates.THIRD_PARTY_AUTHORITY:
        return random.choice(("D", "1D", "2D" if parents[1] else "D"))
    if parents[1] is None:
        return "1"
    joint = both.married or random.random() < rates.JOINT_AUTHORITY_UNMARRIED
    return "12" if joint else "1"


def _children_surname(registrar: Registrar, both: Pair, eldest: date) -> Surname:
    random = registrar.random
    father, mother = both.two.surname, both.one.surname
    if eldest.year >= rates.DOUBLE_SURNAME_SINCE and random.random() < rates.DOUBLE_SURNAME:
        return Surname(father.prefix, f"{father.name} {mother.written}")
    return mother if random.random() < rates.CHILD_BEARS_MOTHERS_NAME else father


def _births(registrar: Registrar, count: int, *, eldest_below: int) -> list[date]:
    """Birthdays of children of one mother, eldest first; now and then twins."""
    random = registrar.random
    eldest = birth_at_age(random, random.randrange(eldest_below), on=registrar.on)
    births = [eldest]
    while len(births) < count:
        if random.random() < rates.TWINS:
            births.append(births[-1])
            continue
        born = births[-1] + timedelta(days=random.randint(*DAYS_BETWEEN_CHILDREN))
        if born > registrar.on:
            break
        births.append(born)
    return births


def _parents(registrar: Registrar, eldest: date) -> Pair:
    """Two people old enough to be the parents of a child born on this day."""
    random = registrar.random
    usual = round(random.gauss(USUAL_MOTHER, SPREAD_MOTHER))
    at_birth = min(max(usual, YOUNGEST_MOTHER), OLDEST_MOTHER)
    both = pair(registrar, at_birth + age_of(eldest, registrar) + 1, married=0.72)
    limit = earliest(both.two.birth).year + YOUNGEST_FATHER
    if eldest.year > limit:
        return both
    older = PartialDay(eldest.year - at_birth, 1, 1 + random.randrange(28))
    return both._replace(two=both.two._replace(birth=older, parents=(None, None)))
