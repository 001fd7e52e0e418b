"""How a source's file differs from the register. Every mistake made is named in the truth."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from openregie.synth.days import PartialDay
from openregie.synth.people import Address, Person
from openregie.synth.suppliers import Habits
from openregie.synth.surnames import Surname


class Mistake(StrEnum):
    """What a source did to a row; also habits that are no error but make linking hard."""

    SPELLING = "spelling_variant"
    TYPO = "typo"
    TRANSLITERATION = "transliteration"
    PREFIX_LOST = "prefix_lost"
    PREFIX_GLUED = "prefix_glued"
    PREFIX_IN_SURNAME = "prefix_in_surname"
    PREFIX_BEHIND = "prefix_behind"
    PREFIX_SHORTENED = "prefix_shortened"
    PARTNER_NAME = "partner_name"
    DOUBLE_NAME = "double_name"
    INITIALS_FIRST = "first_initial_only"
    INITIALS_LOST = "initials_lost"
    GIVEN_NAME = "given_name_for_initials"
    NAMES_SWAPPED = "names_swapped"
    BIRTH_LOST = "birth_lost"
    BIRTH_SWAPPED = "day_month_swapped"
    BIRTH_TYPO = "birth_typo"
    ADDITION_LOST = "addition_lost"
    ADDITION_GLUED = "addition_glued"
    NUMBER_TYPO = "house_number_typo"
    STREET_SHORT = "street_shortened"
    OLD_ADDRESS = "old_address"
    BUSINESS_NAME = "business_name"
    TWICE = "delivered_twice"
    NOT_IN_REGISTER = "not_in_register"
    UPPER = "upper_case"
    MARKS_LOST = "diacritics_lost"
    MALFORMED = "malformed"


# Shares of rows where the mistake can be made. Our assumption, in the order of magnitude of the
# project's linkage study; the debt monitor names the kinds (ss/s, prefixes, e/ë, maiden names,
# small businesses), not how often.
SPELLING = 0.025
TYPO = 0.03
TRANSLITERATION = 0.12
PREFIX_LOST, PREFIX_GLUED, PREFIX_BEHIND, PREFIX_SHORTENED = 0.07, 0.03, 0.03, 0.05
PARTNER_NAME_UNASKED = 0.03
INITIALS_FIRST, INITIALS_LOST, GIVEN_NAME = 0.12, 0.02, 0.04
NAMES_SWAPPED = 0.08
BIRTH_SWAPPED, BIRTH_TYPO = 0.008, 0.01
ADDITION_LOST, NUMBER_TYPO, STREET_SHORT = 0.12, 0.005, 0.04

MALFORMED = 0.003  # rows that no reader can type: the letter in the number, 31 February

MONTHS = 12
SHORT_PREFIX = {
    "van der": "v.d.", "van den": "v.d.", "van de": "v.d.", "van": "v.", "van 't": "v.'t",
    "in 't": "i.'t", "de": "d.", "ten": "t.", "ter": "t.", "op de": "o.d.", "op den": "o.d.",
}  # fmt: skip
# Spellings that clerks mix up, each way (issue list: ss/s, ij/y, and kin).
SPELLINGS = (
    ("ss", "s"), ("ij", "y"), ("y", "ij"), ("ck", "k"), ("c", "k"), ("ks", "x"), ("dt", "d"),
    ("ae", "aa"), ("oo", "o"), ("ee", "e"), ("gh", "g"), ("ch", "g"), ("z", "s"), ("v", "f"),
    ("ei", "ij"), ("ou", "au"), ("th", "t"), ("ll", "l"), ("nn", "n"), ("uy", "ui"),
)  # fmt: skip
TRANSLITERATIONS = (
    ("ou", "u"), ("oua", "wa"), ("el ", "al "), ("kh", "ch"), ("gh", "g"), ("dj", "j"),
    ("aï", "ai"), ("y", "i"), ("ii", "iy"), ("ia", "ya"), ("h", ""), ("ee", "i"), ("k", "q"),
    ("ss", "s"), ("dd", "d"), ("zh", "j"), ("ts", "c"), ("ł", "l"),
)  # fmt: skip
TRANSLITERATED = frozenset({"moroccan", "syrian", "eritrean", "ukrainian"})
SWAPPED = frozenset({"eritrean", "chinese", "syrian", "surinamese_javanese"})
LETTERS = "aeinorst"


@dataclass(slots=True)
class Report:
    """One row's identity as the source writes it, and the mistakes in it.

    `broken`: which cell holds what its type cannot be: number, birth or nothing.
    """

    given: str
    initials: str
    prefix: str
    surname: str
    birth: PartialDay | None
    street: str
    postcode: str
    number: int
    addition: str
    broken: str = ""
    mistakes: list[Mistake] = field(default_factory=list)

    def made(self, mistake: Mistake) -> None:
        """Remember a mistake once."""
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)


def faithful(person: Person, address: Address) -> Report:
    """The row a source without mistakes would write."""
    return Report(
        given=person.given_names,
        initials=person.initials,
        prefix=person.prefix,
        surname=person.surname,
        birth=person.birth,
        street=address.street,
        postcode=address.postcode,
        number=address.number,
        addition="",
    )


def spoil(report: Report, person: Person, address: Address, habits: Habits, random: Random) -> None:
    """Do to a row what sources do, in the order in which it happens to data."""
    _name_in_use(report, person, habits, random)
    _foreign_names(report, person, random)
    _misspell(report, random)
    _misplace_prefix(report, habits, random)
    _shorten_initials(report, habits, random)
    _misdate(report, habits, random)
    _misaddress(report, address, habits, random)
    finish(report, habits)


def finish(report: Report, habits: Habits) -> None:
    """What the source's system does to every row: capitals, and marks it cannot store."""
    if habits.upper:
        report.surname, report.street = report.surname.upper(), report.street.upper()
        report.prefix, report.initials = report.prefix.upper(), report.initials.upper()
        report.made(Mistake.UPPER)
    if habits.marks == "kept":
        return
    strip = without_marks if habits.marks == "lost" else latin_only
    for name in ("initials", "prefix", "surname", "street"):
        before: str = getattr(report, name)
        after = strip(before)
        if after != before:
            setattr(report, name, after)
            report.made(Mistake.MARKS_LOST)


def without_marks(text: str) -> str:
    """`Şahin` to `Sahin`, `Müller` to `Muller`: only plain letters are left."""
    plain = text.translate(_STROKES)
    letters = unicodedata.normalize("NFD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def latin_only(text: str) -> str:
    """Letters that Windows-1252 lacks lose their marks, the others stay."""
    return "".join(letter if _in_windows(letter) else without_marks(letter) for letter in text)


def _in_windows(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


_STROKES = str.maketrans(
    {"\u0131": "i", "ł": "l", "Ł": "L", "ø": "o", "đ": "d", "ß": "ss", "İ": "I", "ẞ": "SS"}
)


def _name_in_use(report: Report, person: Person, habits: Habits, random: Random) -> None:
    """Own name, partner's, or both, as the person uses it and the source happens to know."""
    own = Surname(person.prefix, person.surname)
    partner = Surname(person.partner_prefix, person.partner_surname)
    use = person.name_use if random.random() < habits.name_use else "E"
    if not partner.name:
        return
    if use == "E" and random.random() < PARTNER_NAME_UNASKED:
        use = "P"
    first, second = (own, partner) if use == "N" else (partner, own)
    if use == "P":
        report.prefix, report.surname = partner
        report.made(Mistake.PARTNER_NAME)
    elif use in {"V", "N"}:
        report.prefix, report.surname = first.prefix, f"{first.name}-{second.written}"
        report.made(Mistake.DOUBLE_NAME)


def _foreign_names(report: Report, person: Person, random: Random) -> None:
    if person.origin in TRANSLITERATED and random.random() < TRANSLITERATION:
        changed = _swap_some(report.surname, TRANSLITERATIONS, random)
        if changed != report.surname:
            report.surname = changed
            report.made(Mistake.TRANSLITERATION)
    if person.origin in SWAPPED and random.random() < NAMES_SWAPPED:
        report.surname, report.given = report.given.split()[0], report.surname
        report.initials, report.prefix = f"{report.given[0].upper()}.", ""
        report.made(Mistake.NAMES_SWAPPED)


def _misspell(report: Report, random: Random) -> None:
    if random.random() < SPELLING:
        changed = _swap_some(report.surname, SPELLINGS, random)
        if changed != report.surname:
            report.surname = changed
            report.made(Mistake.SPELLING)
    if random.random() < TYPO:
        changed = _typo(report.surname, random)
        if changed != report.surname:
            report.surname = changed
            report.made(Mistake.TYPO)


def _swap_some(text: str, swaps: tuple[tuple[str, str], ...], random: Random) -> str:
    """Replace one spelling by another, once; the first letter keeps its case."""
    fitting = [(old, new) for old, new in swaps if old in text.lower()[1:]]
    if not fitting:
        return text
    old, new = random.choice(fitting)
    at = text.lower().index(old, 1)
    return text[:at] + new + text[at + len(old) :]


def _typo(text: str, random: Random) -> str:
    """One slip of the hand behind the first letter: drop, double, swap or replace."""
    if len(text) < 3:  # noqa: PLR2004 - too short to slip
        return text
    at = random.randrange(1, len(text) - 1)
    slips: tuple[Callable[[], str], ...] = (
        lambda: text[:at] + text[at + 1 :],
        lambda: text[:at] + text[at] + text[at:],
        lambda: text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        lambda: text[:at] + random.choice(LETTERS) + text[at + 1 :],
    )
    return random.choice(slips)()


def _misplace_prefix(report: Report, habits: Habits, random: Random) -> None:
    if not report.prefix:
        return
    chance = random.random()
    prefix, surname = report.prefix, report.surname
    bounds = (
        (PREFIX_LOST, Mistake.PREFIX_LOST, "", surname),
        (PREFIX_GLUED, Mistake.PREFIX_GLUED, "", _glued(prefix, surname)),
        (PREFIX_BEHIND, Mistake.PREFIX_BEHIND, "", f"{surname}, {prefix}"),
        (PREFIX_SHORTENED, Mistake.PREFIX_SHORTENED, SHORT_PREFIX.get(prefix, prefix), surname),
        (habits.prefix_in_surname, Mistake.PREFIX_IN_SURNAME, "", f"{prefix} {surname}"),
    )
    for share, mistake, new_prefix, new_surname in bounds:
        chance -= share
        if chance < 0:
            report.prefix, report.surname = new_prefix, new_surname
            report.made(mistake)
            return


def _glued(prefix: str, surname: str) -> str:
    joined = prefix.replace(" ", "").replace("'", "")
    return joined[0].upper() + joined[1:] + surname.lower()


def _shorten_initials(report: Report, habits: Habits, random: Random) -> None:
    chance = random.random()
    if chance < INITIALS_LOST:
        report.initials = ""
        report.made(Mistake.INITIALS_LOST)
        return
    if chance < INITIALS_LOST + GIVEN_NAME:
        report.initials = report.given.split()[0]
        report.made(Mistake.GIVEN_NAME)
        return
    letters = [part for part in report.initials.split(".") if part]
    first = habits.initials == "first" or chance < INITIALS_LOST + GIVEN_NAME + INITIALS_FIRST
    if first and len(letters) > 1:
        letters = letters[:1]
        report.made(Mistake.INITIALS_FIRST)
    joint = {"plain": "", "spaced": " "}.get(habits.initials, ".")
    report.initials = joint.join(letters) + ("." if joint == "." and letters else "")


def _misdate(report: Report, habits: Habits, random: Random) -> None:
    birth = report.birth
    if birth is None or random.random() < habits.birth_missing:
        report.birth = None
        report.made(Mistake.BIRTH_LOST)
        return
    chance = random.random()
    if not birth.complete:
        return
    if chance < BIRTH_SWAPPED and birth.day <= MONTHS and birth.day != birth.month:
        report.birth = PartialDay(birth.year, birth.day, birth.month)
        report.made(Mistake.BIRTH_SWAPPED)
    elif BIRTH_SWAPPED <= chance < BIRTH_SWAPPED + BIRTH_TYPO:
        year = birth.year + random.choice((-10, -1, 1)) if random.random() < 0.5 else birth.year  # noqa: PLR2004 - a coin
        day = birth.day if year != birth.year else birth.day % 28 + 1
        report.birth = PartialDay(year, birth.month, min(day, 28))
        report.made(Mistake.BIRTH_TYPO)


def _misaddress(report: Report, address: Address, habits: Habits, random: Random) -> None:
    joint = {"dash": "-", "space": " "}.get(habits.addition_joined, "")
    parts = [part for part in (address.letter, address.addition) if part]
    report.addition = joint.join(parts)
    if parts and random.random() < ADDITION_LOST:
        report.addition = ""
        report.made(Mistake.ADDITION_LOST)
    elif len(parts) > 1 and not joint:
        report.made(Mistake.ADDITION_GLUED)
    if random.random() < NUMBER_TYPO:
        report.number = max(1, report.number + random.choice((-10, -2, 2, 10)))
        report.made(Mistake.NUMBER_TYPO)
    if random.random() < STREET_SHORT:
        short = report.street
        for ending, shortened in (("straat", "str."), ("plein", "pl."), ("laan", "ln.")):
            short = short.replace(ending, shortened)
        if short != report.street:
            report.street = short
            report.made(Mistake.STREET_SHORT)
