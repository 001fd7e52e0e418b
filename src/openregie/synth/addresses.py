"""The town's map: neighbourhoods, streets, house numbers, postcodes."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from openregie.synth.draws import Weighted, child
from openregie.synth.people import Address, Tenure
from openregie.synth.words import sections

CITY = "Lindestad"
MUNICIPALITY = "Gemeente Lindestad"
# A code no municipality bears, and a postcode range that is well-formed; what lies there in the
# real country plays no part, and no real street is used.
MUNICIPALITY_CODE = "9971"
FIRST_POSTCODE = 6500
POSTCODES_A_NEIGHBOURHOOD = 25
POSTCODE_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"
FORBIDDEN_PAIRS = frozenset({"SA", "SD", "SS"})
HOUSES_A_POSTCODE = 18
SPLIT_HOUSES = 0.07  # assumption: numbers with flats behind one door
FLAT_BLOCKS = 0.015  # assumption: numbers with letters A-H
OTHER_SIDE_SKIPPED, LETTER_TOO, LETTER_ONLY = 0.8, 0.1, 0.02  # assumption
PRIVATE_OF_RENTED = 0.3  # CBS, rounded
ADDITIONS = (("1", "2", "3"), ("1", "2"), ("BV", "HS"), ("bis",), ("I", "II", "III"), ("a", "b"))


class Neighbourhood(NamedTuple):
    """A part of town; `rented` and `hardship` in percent."""

    name: str
    rented: float
    hardship: float


def neighbourhoods() -> list[Neighbourhood]:
    """The parts of the town, in a fixed order."""
    rows = [text.split("|") for text in sections("town")["neighbourhood"]]
    return [Neighbourhood(name, float(rented), float(hard)) for name, rented, hard in rows]


def hardship(address: Address, *, of: dict[str, float]) -> float:
    """How often money is short here: by neighbourhood, and more among those who rent."""
    factor = {Tenure.SOCIAL: 2.2, Tenure.PRIVATE: 1.2, Tenure.OWNED: 0.45}.get(address.tenure, 0.5)
    return of.get(address.neighbourhood, 1.0) * factor


def lay_out(count: int, *, seed: int) -> list[Address]:
    """Make so many dwellings. Order is geographic: street by street, number by number."""
    random = child(seed, "addresses")
    parts = neighbourhoods()
    shares = Weighted((index, random.uniform(0.6, 1.5)) for index in range(len(parts)))
    quotas = [0] * len(parts)
    for _ in range(count):
        quotas[shares.pick(random)] += 1
    names = _street_names(random)
    made: list[Address] = []
    for index, part in enumerate(parts):
        codes = _postcodes(index)
        while quotas[index] > 0:
            street = _street(next(names), part, codes, random, first_id=len(made) + 1)
            made += street[: quotas[index]]
            quotas[index] -= len(street)
    return made


def special(street: str, number: int, tenure: Tenure, *, index: int) -> Address:
    """An address that is no dwelling: the town hall, a care home."""
    part = neighbourhoods()[index % len(neighbourhoods())]
    return Address(
        street=street,
        number=number,
        letter="",
        addition="",
        postcode=f"{FIRST_POSTCODE + POSTCODES_A_NEIGHBOURHOOD * 20 + index % 100}ZZ",
        neighbourhood=part.name,
        address_id=_address_id(9_000_000 + index),
        tenure=tenure,
    )


def _address_id(number: int) -> str:
    return f"{MUNICIPALITY_CODE}01{number:010d}"


def _street_names(random: Random) -> Iterator[str]:
    stems, endings = sections("town")["stem"], sections("town")["ending"]
    names = [_street_name(stem, ending) for stem in stems for ending in endings]
    random.shuffle(names)
    yield from names
    numerals = iter(range(2, 1000))
    for numeral in numerals:  # a town larger than its words repeats them with a numeral
        yield from (f"{numeral}e {name}" for name in names)


def _street_name(stem: str, ending: str) -> str:
    if stem in {"Nieuwe", "Oude", "Lange", "Korte", "Hoge", "Lage"}:
        return f"{stem} {ending.capitalize()}"
    return f"{stem}{ending}"


def _postcodes(index: int) -> Iterator[str]:
    first = FIRST_POSTCODE + index * POSTCODES_A_NEIGHBOURHOOD
    for digits in range(first, first + POSTCODES_A_NEIGHBOURHOOD):
        for one in POSTCODE_LETTERS:
            for two in POSTCODE_LETTERS:
                if one + two not in FORBIDDEN_PAIRS:
                    yield f"{digits}{one}{two}"


def _street(
    name: str, part: Neighbourhood, codes: Iterator[str], random: Random, *, first_id: int
) -> list[Address]:
    """One street: both sides share numbers, blocks of it share tenure, a postcode per 18 doors."""
    houses = 14 + int(random.expovariate(1 / 60))
    made: list[Address] = []
    postcode, block = next(codes), _tenure(part, random)
    number = 1
    for _ in range(houses):
        for letter, addition in _doors(random):
            if len(made) % HOUSES_A_POSTCODE == HOUSES_A_POSTCODE - 1:
                postcode = next(codes)
                block = _tenure(part, random)
            address_id = _address_id(first_id + len(made))
            made.append(
                Address(name, number, letter, addition, postcode, part.name, address_id, block)
            )
        number += 2 if random.random() < OTHER_SIDE_SKIPPED else 1
    return made


def _tenure(part: Neighbourhood, random: Random) -> Tenure:
    if random.random() * 100 >= part.rented:
        return Tenure.OWNED
    return Tenure.PRIVATE if random.random() < PRIVATE_OF_RENTED else Tenure.SOCIAL


def _doors(random: Random) -> list[tuple[str, str]]:
    """The (letter, addition) pairs behind one house number."""
    chance = random.random()
    if chance < FLAT_BLOCKS:
        return [(letter, "") for letter in "ABCDEFGH"]
    if chance < FLAT_BLOCKS + SPLIT_HOUSES:
        additions = ADDITIONS[int(random.random() * len(ADDITIONS))]
        letter = "A" if random.random() < LETTER_TOO else ""
        return [("", "")] + [(letter, addition) for addition in additions]
    return [("A", "")] if random.random() < LETTER_ONLY else [("", "")]
