"""Invitations by neighbourhood rota: everyone gets the same letter, so the letter says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from duckdb import DuckDBPyConnection

from openregie.blind.items.naming import address_line, joined, surname_in_use

ROTA_WEEKS = 4
"""Every neighbourhood within four weeks: the term for the first talk (Wgs art. 4 lid 1)."""
POSTING_WEEKDAY = 1
"""Letters are posted on Tuesdays."""
POST_DAYS = 2
"""Working days that post takes (reference: universal service obligation, next working day + 1)."""
ADULT_YEARS = 18


@dataclass(frozen=True, slots=True)
class Label:
    """An address label; only the print house can open it."""

    name: str
    lines: tuple[str, str]

    def to_json(self) -> dict[str, object]:
        """Return as the print house reads it."""
        return {"name": self.name, "lines": list(self.lines)}


@dataclass(frozen=True, slots=True)
class Invitations:
    """The letters of the next posting day, and when each person's letter goes out."""

    post_on: date
    labels: tuple[Label, ...]
    invited: Mapping[str, date]
    rota: Mapping[str, date]
    """Neighbourhood to the next day on which its letters are posted."""

    def letter_on(self, person: str, neighbourhood: str | None) -> date:
        """Return when this person's own letter was or will be posted."""
        return self.invited.get(person) or self.rota.get(neighbourhood or "", self.post_on)


def next_posting(on: date) -> date:
    """Return the first posting day after `on`."""
    return on + timedelta(days=(POSTING_WEEKDAY - on.weekday() - 1) % 7 + 1)


def invite(
    con: DuckDBPyConnection, *, on: date, invited: Mapping[str, date], urgent: frozenset[str]
) -> Invitations:
    """Choose who is written to on the next posting day.

    Shape: adults alive at an address of their own neighbourhood, each once. A neighbourhood in
    `urgent` (a cut-off is announced to someone there) moves to the front, whole: the letter still
    says nothing about anyone. Who was written to before is never written to again.
    """
    post_on = next_posting(on)
    neighbourhoods = [
        row[0]
        for row in con.execute(
            "SELECT DISTINCT neighbourhood FROM register WHERE neighbourhood IS NOT NULL ORDER BY 1"
        ).fetchall()
    ]
    week = post_on.toordinal() // 7
    rota = {
        name: post_on if name in urgent else post_on + timedelta(weeks=(place - week) % ROTA_WEEKS)
        for place, name in enumerate(neighbourhoods)
    }
    due = sorted(name for name, day in rota.items() if day == post_on)
    labels: list[Label] = []
    after = dict(invited)
    for person, label in _adults(con, due):
        if person not in after:
            after[person] = post_on
            labels.append(label)
    return Invitations(post_on, tuple(labels), after, rota)


def _adults(con: DuckDBPyConnection, neighbourhoods: list[str]) -> list[tuple[str, Label]]:
    rows = con.execute(
        """
        SELECT person, initials, prefix, surname, name_use, partner_prefix, partner_surname,
               street, house_number, house_letter, house_addition, postcode, city
        FROM register r JOIN residents d USING (person)
        WHERE list_contains(?, r.neighbourhood) AND d.dwelling IS NOT NULL
          AND r.postcode IS NOT NULL AND coalesce(d.age_years, ?) >= ?
        ORDER BY person
        """,
        [neighbourhoods, ADULT_YEARS, ADULT_YEARS],
    ).fetchall()
    return [(row[0], _label(*row[1:])) for row in rows]


def _label(
    initials: str | None,
    prefix: str | None,
    surname: str,
    use: str | None,
    partner_prefix: str | None,
    partner_surname: str | None,
    *address: str | None,
) -> Label:
    called = surname_in_use(
        prefix=prefix, surname=surname, use=use, partner=(partner_prefix, partner_surname)
    )
    street, number, letter, addition, postcode, city = address
    first = address_line(street, number, letter, addition)
    return Label(joined(initials, called), (first, joined(postcode, city)))
