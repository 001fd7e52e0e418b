"""The reader's own situation: who they are to us, and the household we derived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind.items.naming import address_line, joined, surname_in_use


def bodies(con: DuckDBPyConnection) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (reader, body): name, address, household. The household is derived and contestable."""
    members = defaultdict(list)
    for reader, name, relation in con.execute(
        """
        SELECT f.reader, split_part(coalesce(r.given_names, r.initials), ' ', 1), f.relation
        FROM relatives f
        JOIN register r USING (person)
        ORDER BY f.reader, f.relation <> 'self', r.birth_year, f.person
        """
    ).fetchall():
        members[reader].append({"name": name, "relation": relation})
    for row in con.execute(
        """
        SELECT r.person, split_part(coalesce(r.given_names, r.initials), ' ', 1), r.prefix,
               r.surname, r.name_use, r.partner_prefix, r.partner_surname, r.street,
               r.house_number, r.house_letter, r.house_addition, r.postcode, r.city,
               r.address_kind, r.under_investigation
        FROM readers JOIN register r USING (person) ORDER BY r.person
        """
    ).fetchall():
        person, first, prefix, surname, use, partner_prefix, partner, *address = row
        called = surname_in_use(
            prefix=prefix, surname=surname, use=use, partner=(partner_prefix, partner)
        )
        street, number, letter, addition, postcode, city, kind, investigated = address
        yield (
            person,
            {
                "v": 1,
                "kind": "situation",
                "name": joined(first, called),
                "address": None
                if kind == "B"
                else {
                    "street": address_line(street, number, letter, addition),
                    "postcode": postcode,
                    "city": city,
                },
                "household": members[person],
                "underInvestigation": bool(investigated),
            },
        )
