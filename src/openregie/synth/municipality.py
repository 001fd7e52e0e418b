"""Makes the synthetic town: people in households, at addresses, with their truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from openregie.synth import families, farewells, households, personas, rates
from openregie.synth.addresses import CITY, MUNICIPALITY, lay_out
from openregie.synth.draws import Weighted
from openregie.synth.errors import TooFewResidents
from openregie.synth.people import Kind, Municipality
from openregie.synth.registrar import Registrar
from openregie.terms import Progress, silent

FEWEST_RESIDENTS = 300
DWELLINGS_A_RESIDENT = 0.5
REPORT_EVERY = 5_000
STOP = "residents"

BUILDERS: dict[Kind, Callable[[Registrar], None]] = {
    Kind.SINGLE: households.single,
    Kind.COUPLE: households.couple,
    Kind.COUPLE_WITH_CHILDREN: families.couple_with_children,
    Kind.SINGLE_PARENT: families.single_parent,
    Kind.CO_PARENTS: families.co_parents,
    Kind.STEPFAMILY: families.stepfamily,
    Kind.ADULT_CHILD_AT_HOME: families.adult_child_at_home,
    Kind.THREE_GENERATIONS: families.three_generations,
    Kind.SIBLINGS: households.siblings,
    Kind.LODGER: households.lodger,
    Kind.STUDENT_HOUSE: households.student_house,
    Kind.SHARED_ADDRESS: households.shared_address,
    Kind.WORKERS_HOUSE: households.workers_house,
    Kind.INSTITUTION: households.institution,
    Kind.NO_FIXED_ADDRESS: households.no_fixed_address,
}
LARGEST_HOUSEHOLD = 70


def make(residents: int, *, seed: int, on: date, progress: Progress = silent) -> Municipality:
    """Make a town with exactly so many residents on the day.

    Shape: residents, then about 3 % more who died or left in the year before. Same residents,
    seed and day: the same town. Raises TooFewResidents below 300, TooManyResidents above about
    8 million. Source of the rates: `rates.py`.
    """
    if residents < FEWEST_RESIDENTS:
        raise TooFewResidents(
            f"synth: a town needs at least {FEWEST_RESIDENTS} residents to hold every kind of"
            " household; ask for more"
        )
    addresses = lay_out(int(residents * DWELLINGS_A_RESIDENT) + 100, seed=seed)
    registrar = Registrar(seed=seed, on=on, addresses=addresses)
    personas.settle(registrar)
    _one_of_each(registrar)
    farewells.deaths(registrar, int(residents * rates.DIED_LAST_YEAR))
    kinds = Weighted((Kind(name), share) for name, share in rates.HOUSEHOLD_SHARES)
    told = 0
    while len(registrar.persons) < residents:
        room = residents - len(registrar.persons)
        kind = kinds.pick(registrar.random) if room >= LARGEST_HOUSEHOLD else Kind.SINGLE
        BUILDERS[kind](registrar)
        if len(registrar.persons) - told >= REPORT_EVERY:
            told = len(registrar.persons)
            progress(STOP, told, residents)
    progress(STOP, residents, residents)
    farewells.departures(registrar, int(residents * rates.LEFT_LAST_YEAR))
    return Municipality(
        name=MUNICIPALITY,
        city=CITY,
        seed=seed,
        on=on,
        persons=(*registrar.persons, *registrar.gone),
        addresses=(*addresses, *registrar.specials.values()),
    )


def _one_of_each(registrar: Registrar) -> None:
    """Even a small town holds every kind of household once."""
    for kind, build in BUILDERS.items():
        if kind is Kind.INSTITUTION:
            households.institution(registrar, size=households.CARE_HOME_FROM)
        else:
            build(registrar)
