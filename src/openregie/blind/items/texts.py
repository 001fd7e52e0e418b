"""Words and fields as a resident reads them, from the stream's own declaration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any

LANGUAGES = ("nl", "en")


def fill(template: Mapping[str, str], values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Fill `{name}` in each language; a name without a value leaves nothing behind.

    Shape: `values` gives per name a text per language. The first letter becomes a capital.
    """
    filled = {}
    for language in LANGUAGES:
        parts = []
        for text, name, _, _ in Formatter().parse(template[language]):
            parts.append(text)
            if name is not None:
                parts.append(values.get(name, {}).get(language, ""))
        told = " ".join("".join(parts).split()).strip(" :")
        filled[language] = told[:1].upper() + told[1:]
    return filled


def both(text: str) -> dict[str, str]:
    """Return the same text in both languages: a name or a number."""
    return dict.fromkeys(LANGUAGES, text)


def iso(day: Any) -> str | None:
    """Return a day as YYYY-MM-DD, or None."""
    return day.isoformat() if isinstance(day, date) else (str(day) if day else None)
