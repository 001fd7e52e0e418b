"""What people are called: given names by sex and era, surnames by origin."""

from __future__ import annotations

from functools import cache
from random import Random

from openregie.synth.draws import Weighted, by_rank
from openregie.synth.rates import ORIGIN_SHARES
from openregie.synth.surnames import Surname, dutch, for_sex, foreign
from openregie.synth.words import sections

DUTCH = "dutch"
ERAS = (2003, 1986, 1966, 1946, 1920)
GIVEN_SHIFT = 4.0
GIVEN_EXPONENT = 0.85
# How many given names a Dutch child gets, before and from 1966 on (assumption).
COUNT_OLD = Weighted(((1, 34.0), (2, 38.0), (3, 24.0), (4, 4.0)))
COUNT_NEW = Weighted(((1, 46.0), (2, 33.0), (3, 18.0), (4, 3.0)))
NEW_FROM = 1966
SECOND_NAME_OTHERS = 0.12
# Families of these origins also bear Dutch names (assumption): share of given names, of surnames.
DUTCH_GIVEN = {
    "surinamese_creole": 0.3, "surinamese_javanese": 0.2, "antillean": 0.25, "indonesian": 0.5,
    "german": 0.25, "chinese": 0.15, "polish": 0.05, "surinamese_hindustani": 0.05,
}  # fmt: skip
DUTCH_SURNAME = {"surinamese_creole": 0.25, "antillean": 0.15, "indonesian": 0.35, "german": 0.1}
# Eritrean families have no surname: a child bears the father's first given name.
PATRONYMIC = frozenset({"eritrean"})

ORIGINS = Weighted(ORIGIN_SHARES)


@cache
def _given(section: str, file: str) -> Weighted[str]:
    return by_rank(sections(file)[section], shift=GIVEN_SHIFT, exponent=GIVEN_EXPONENT)


def given_names(random: Random, *, origin: str, sex: str, birth_year: int) -> str:
    """Given names in order, separated by spaces. `sex`: M or V."""
    letter = "m" if sex == "M" else "f"
    if origin != DUTCH and random.random() >= DUTCH_GIVEN.get(origin, 0.0):
        pool = _given(f"{origin} {letter}", "origins")
        count = 2 if random.random() < SECOND_NAME_OTHERS else 1
    else:
        era = next((year for year in ERAS if birth_year >= year), ERAS[-1])
        pool = _given(f"{letter} {era}", "given")
        count = (COUNT_NEW if birth_year >= NEW_FROM else COUNT_OLD).pick(random)
    names = dict.fromkeys(pool.pick(random) for _ in range(count))
    return " ".join(names)


def surname(random: Random, *, origin: str, sex: str) -> Surname:
    """A surname this family may bear."""
    if origin == DUTCH or random.random() < DUTCH_SURNAME.get(origin, 0.0):
        return dutch().pick(random)
    return for_sex(foreign(origin).pick(random), sex)


def initials(given: str) -> str:
    """First letters with full stops: `Johannes Petrus` gives `J.P.`, `IJsbrand` gives `IJ.`."""
    return "".join(
        f"{'IJ' if name.startswith('IJ') else name[0].upper()}." for name in given.split()
    )


def family_name(father: Surname, *, sex: str, origin: str, father_given: str) -> Surname:
    """The name a child takes from its father; patronymic, or with an ending that follows sex."""
    if origin in PATRONYMIC:
        return Surname("", father_given.split(maxsplit=1)[0])
    if origin == "polish" and father.name[-2:] in {"ki", "ka"}:
        return Surname(father.prefix, father.name[:-1] + ("a" if sex == "V" else "i"))
    return father
