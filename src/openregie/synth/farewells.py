"""Who died or left in the past year: still in the register, no longer resident."""

from __future__ import annotations

from openregie.synth import households
from openregie.synth.families import a_day_last_year, couple_with_children
from openregie.synth.people import Kind
from openregie.synth.registrar import Registrar, Ties

WIDOWED_AGES = (62, 93)
LEAVES_A_SPOUSE = 0.5  # assumption
LEAVERS = (households.single, households.couple, couple_with_children)


def deaths(registrar: Registrar, count: int) -> None:
    """So many people who died; about half leave a spouse, who keeps the late spouse's name."""
    random = registrar.random
    for _ in range(count):
        if random.random() >= LEAVES_A_SPOUSE:
            households.single(registrar)
            registrar.take_away(1, died_on=a_day_last_year(registrar), left_on=None)
            continue
        both = households.pair(registrar, random.randint(*WIDOWED_AGES), married=1.0)
        home = registrar.home(Kind.SINGLE)
        registrar.enter(both.two, home, "partner", both.ties(both.two))
        registrar.take_away(1, died_on=a_day_last_year(registrar), left_on=None)
        registrar.enter(both.one, home, "alone", Ties(spouse=both.two, late=True))


def departures(registrar: Registrar, count: int) -> None:
    """At least so many people who moved out of town; others live in their houses now."""
    random = registrar.random
    left = 0
    while left < count:
        before = len(registrar.persons)
        random.choice(LEAVERS)(registrar)
        left += len(registrar.persons) - before
        registrar.take_away(
            len(registrar.persons) - before, died_on=None, left_on=a_day_last_year(registrar)
        )
