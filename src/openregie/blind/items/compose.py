"""What each reader should have now: situation, facts, signals, each with its own id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind.enrolled import Reader
from openregie.blind.items import facts, signals, situation
from openregie.blind.items import item as items
from openregie.blind.items.facts import Wording
from openregie.blind.items.item import Item
from openregie.rules.book import RuleBook
from openregie.terms import Compartment, Domain, Progress, silent


def compose(
    con: DuckDBPyConnection,
    readers: Sequence[Reader],
    rules: RuleBook,
    wording: Wording,
    *,
    tenant_secret: bytes,
    progress: Progress = silent,
) -> tuple[Item, ...]:
    """Compose every item of every reader who lives here.

    Every item carries the subject check: the browser compares birth year and initials with what
    its resident typed before it shows anything (threat 6: the wrong person).
    """
    known: dict[str, Reader] = {reader.person: reader for reader in readers}
    checks = _subject_checks(con)
    made: list[Item] = []
    item_of: dict[tuple[str, str], str] = {}

    def add(person: str, compartment: Compartment, body: dict[str, Any]) -> str:
        reader = known[person]
        one = items.make(
            {**body, "subjectCheck": checks[person]},
            mailbox=reader.mailbox,
            compartment=compartment,
            tenant_secret=tenant_secret,
        )
        made.append(one)
        return one.id

    for person, body in situation.bodies(con):
        add(person, Compartment.OTHER, body)
    progress("compose items", 1, 3)
    for person, fact, body in facts.bodies(con, wording):
        item_of[person, fact] = add(person, Domain(body["domain"]).compartment, body)
    progress("compose items", 2, 3)
    for person, body in signals.bodies(con, rules, wording, item_of):
        add(person, Domain(body["domain"]).compartment, body)
    progress("compose items", 3, 3)
    return tuple(made)


def _subject_checks(con: DuckDBPyConnection) -> Mapping[str, dict[str, Any]]:
    rows = con.execute(
        """
        SELECT person, birth_year,
               coalesce(nullif(initials, ''), given_names, '') AS initials
        FROM readers JOIN register USING (person)
        """
    ).fetchall()
    return {
        person: {"birthYear": year, "initials": _initials(initials)}
        for person, year, initials in rows
    }


def _initials(text: str) -> str:
    """Return the first letters, without dots or spaces: what a person types loosely is compared."""
    parts = text.replace(".", " ").split()
    spelled = parts if any(len(part) > 1 for part in parts) else list("".join(parts))
    return "".join(part[0] for part in spelled).upper()
