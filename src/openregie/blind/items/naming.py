"""How a person is called: own name, partner's name, or both, as they chose in the register."""

from __future__ import annotations


def joined(*parts: object) -> str:
    """Return the parts that are there, with one space between them."""
    return " ".join(str(part) for part in parts if part)


def surname_in_use(
    *, prefix: str | None, surname: str, use: str | None, partner: tuple[str | None, str | None]
) -> str:
    """Return the surname a person uses. `use`: E own, P partner's, V partner-own, N own-partner.

    Source: Logisch Ontwerp BRP, element 61.10, aanduiding naamgebruik.
    """
    own, theirs = joined(prefix, surname), joined(*partner)
    if not theirs:
        return own
    shown = {"P": theirs, "V": f"{theirs}-{own}", "N": f"{own}-{theirs}"}
    return shown.get(use or "E", own)


def address_line(street: str | None, number: object, letter: object, addition: object) -> str:
    """Return street, number, letter and addition on one line."""
    return joined(street, f"{number or ''}{letter or ''}", addition)
