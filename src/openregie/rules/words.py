"""One text in both languages, the templates in it, and whether it is plain enough to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from openregie.rules.units import Unit, Value

LANGUAGES = ("nl", "en")
MAX_WORDS = 15
"""No sentence a resident reads is longer (ux guide, section 3)."""

NEVER: Mapping[str, str] = {
    "signaal": "bericht",
    "signalen": "berichten",
    "burger": "u",
    "burgers": "inwoners",
    "cliënt": "u",
    "cliënten": "inwoners",
    "toestemming": "delen",
    "intrekken": "stop met delen",
    "verwerking": "gebruik",
    "betalingsachterstand": "er staat nog een rekening open",
    "achterstand": "een rekening die openstaat",
    "achterstanden": "rekeningen die openstaan",
    "wanbetaler": "er staat nog een rekening open",
    "fraude": "laat dit weg",
}
"""Words a resident never reads, and what to write instead."""

_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_CENTS_IN_A_EURO = 100


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Dutch and in English."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in `nl` or `en`."""
        return self.nl if language == "nl" else self.en

    def fill(self, values: Mapping[str, Words]) -> Words:
        """Put a text in place of every `{name}`; a name without a value becomes an ellipsis."""
        return Words(
            "".join(
                part if i % 2 == 0 else values.get(part, _UNKNOWN).nl
                for i, part in enumerate(_split(self.nl))
            ),
            "".join(
                part if i % 2 == 0 else values.get(part, _UNKNOWN).en
                for i, part in enumerate(_split(self.en))
            ),
        )

    def to_json(self) -> dict[str, str]:
        """As an item holds it."""
        return {"nl": self.nl, "en": self.en}


_UNKNOWN = Words("…", "…")


@lru_cache(maxsize=10_000)
def _split(template: str) -> tuple[str, ...]:
    """Texts at even places, names of placeholders at odd ones."""
    return tuple(_PLACEHOLDER.split(template))


@lru_cache(maxsize=10_000, typed=True)
def say(value: Value, unit: Unit) -> Words:
    """A value as a resident reads it: `€ 640`, `8 december`, `2`. None is `not known`."""
    if value is None:
        return Words("niet bekend", "not known")
    if isinstance(value, bool):
        return Words("ja", "yes") if value else Words("nee", "no")
    if isinstance(value, date):
        return Words(*(_say_day(value, language) for language in LANGUAGES))
    if isinstance(value, int):
        return _say_number(value, unit)
    return Words(value, value)


def _say_day(day: date, language: str) -> str:
    return f"{day.day} {_MONTHS[language].split()[day.month - 1]}"


def _say_number(value: int, unit: Unit) -> Words:
    if unit is Unit.CENTS:
        return Words(_say_euros(value, ".", ","), _say_euros(value, ",", "."))
    one = value == 1
    if unit is Unit.DAYS:
        return Words(f"{value} {'dag' if one else 'dagen'}", f"{value} {'day' if one else 'days'}")
    if unit is Unit.MONTHS:
        month = Words("maand", "month") if one else Words("maanden", "months")
        return Words(f"{value} {month.nl}", f"{value} {month.en}")
    return Words(str(value), str(value))


def _say_euros(cents: int, thousands: str, decimals: str) -> str:
    whole, rest = divmod(abs(cents), _CENTS_IN_A_EURO)
    euros = f"{whole:,}".replace(",", thousands)
    return f"€ {'-' if cents < 0 else ''}{euros}{f'{decimals}{rest:02d}' if rest else ''}"


def placeholders(template: str) -> frozenset[str]:
    """Every `{name}` in a text."""
    return frozenset(_PLACEHOLDER.findall(template))


def enumerate_words(parts: list[Words]) -> Words:
    """`a, b en c`."""

    def row(language: str, last: str) -> str:
        told = [part.in_language(language) for part in parts]
        return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} {last} {told[-1]}"

    return Words(row("nl", "en"), row("en", "and")) if parts else Words("", "")


def faults(text: Words) -> list[tuple[str, str]]:
    """What a resident could stumble over: pairs of what and remedy."""
    found = []
    for sentence in re.split(r"(?<=[.!?:])\s+", text.nl):
        count = len(sentence.split())
        if count > MAX_WORDS:
            what = f"a sentence of {count} words; the most is {MAX_WORDS}"
            found.append((what, "cut it in two"))
    found += [
        (f"the word `{word}`", f"write for instance `{NEVER[word]}`")
        for word in re.findall(r"[\w-]+", text.nl.lower())
        if word in NEVER
    ]
    if re.search(r"\b(je|jij|jouw)\b", text.nl.lower()):
        found.append(("it says `je`", "write `u`"))
    return found
