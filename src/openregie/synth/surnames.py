"""Surnames: a known head, a made long tail, and what other origins bring."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import NamedTuple

from openregie.synth.draws import Weighted, by_rank, child
from openregie.synth.words import sections, weighted_words

# Shape of Dutch surnames: the first name covers about 0.4 % of people, the first hundred about
# 12 %, and tens of thousands of names occur a few times. Our fit to those three facts.
HEAD_SHIFT = 10.0
EXPONENT = 0.8
TAIL_NAMES = 60_000
SECOND_FORM = 0.3  # a place that also gave its name with another prefix
FOREIGN_SHIFT = 3.0
FOREIGN_EXPONENT = 0.7

PREFIX_WORDS = frozenset(
    (
        "van", "de", "der", "den", "het", "'t", "ter", "ten", "te", "in", "op", "aan", "uit", "la",
        "le", "du", "von", "zu", "el", "al", "da", "di", "dos", "d'",
    )
)  # fmt: skip


class Surname(NamedTuple):
    """A family name with the prefix that is written and sorted apart; prefix may be empty."""

    prefix: str
    name: str

    @property
    def written(self) -> str:
        """Prefix and name as one text."""
        return f"{self.prefix} {self.name}".strip()


def split(text: str) -> Surname:
    """Take the lower-case prefix words off the front of a full surname."""
    words = text.split(" ")
    count = 0
    while count < len(words) - 1 and words[count] in PREFIX_WORDS:
        count += 1
    return Surname(" ".join(words[:count]), " ".join(words[count:]))


@cache
def dutch() -> Weighted[Surname]:
    """Dutch surnames, frequency-weighted: head by rank, then the made tail."""
    head = [split(text) for text in sections("surnames")[""]]
    known = set(head)
    tail = [name for name in _tail() if name not in known]
    return by_rank(head + tail[:TAIL_NAMES], shift=HEAD_SHIFT, exponent=EXPONENT)


def _tail() -> list[Surname]:
    """Names of places, trades and fathers in one fixed shuffled order."""
    parts = sections("surname_parts")
    places = [
        first + second for first, second in product(parts["place first"], parts["place second"])
    ]
    random = child(0, "surname tail")  # the same country for every town
    prefixes = Weighted(weighted_words("surname_parts", "place prefix"))
    trade_suffixes = weighted_words("surname_parts", "trade suffix")
    father_suffixes = weighted_words("surname_parts", "father suffix")
    # Trades and fathers come early in the tail: such names are borne by more families than places.
    weights = [
        (Surname(prefix, place), 1.0)
        for place in places
        for prefix in sorted(
            {prefixes.pick(random) for _ in range(1 + (random.random() < SECOND_FORM))}
        )
    ]
    weights += [
        (Surname("", trade + suffix), weight)
        for trade, (suffix, weight) in product(parts["trade"], trade_suffixes)
    ]
    weights += [
        (Surname("", _joined(father, suffix)), weight)
        for father, (suffix, weight) in product(parts["father"], father_suffixes)
    ]
    # Weighted shuffle: an exponential clock per name, the heaviest tend to ring first.
    order = [(random.expovariate(weight), name) for name, weight in weights]
    return list(dict.fromkeys(name for _, name in sorted(order)))


def _joined(father: str, suffix: str) -> str:
    stem = father[:-1] if father.endswith("e") and suffix[:1] in "ei" else father
    return stem + (suffix[1:] if stem.endswith("s") and suffix.startswith("s") else suffix)


@cache
def foreign(origin: str) -> Weighted[Surname]:
    """Surnames of another origin; `~` marks an ending that follows sex (see `for_sex`)."""
    words = sections("origins")
    head = [split(text) for text in words[f"{origin} surname"]]
    tail = [
        split(first + second)
        for first, second in product(
            words.get(f"{origin} first", ()), words.get(f"{origin} second", ())
        )
    ]
    child(0, "surname tail", origin).shuffle(tail)
    names = list(dict.fromkeys(head + tail))
    return by_rank(names, shift=FOREIGN_SHIFT, exponent=FOREIGN_EXPONENT)


def for_sex(surname: Surname, sex: str) -> Surname:
    """Polish -ski/-ska and Ukrainian -ev/-eva: the ending a man or a woman bears."""
    if "~" not in surname.name:
        return surname
    stem = surname.name.removesuffix("~")
    female = sex == "V"
    if stem.endswith("k"):
        return Surname(surname.prefix, stem + ("a" if female else "i"))
    return Surname(surname.prefix, stem + ("a" if female else ""))
