"""Linked records become the situation of a household on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from openregie.blind.situations import facts, households, residents, tables, visibility
from openregie.blind.streams.stream import Stream
from openregie.terms import Progress, silent

STOP = "situations"
"""What progress calls this stop of the path."""

SHARED_FROM_HOUSEHOLDS = 3
"""From so many households an address is shared by strangers; two are most often kin or a couple
whom the register does not tie (docs/adr/0004-rule-language.md)."""


@dataclass(frozen=True, slots=True)
class SituationReport:
    """How much there is; counts only."""

    residents: int
    households: int
    facts: int
    readers: int
    visible: int


def assess(
    con: duckdb.DuckDBPyConnection,
    *,
    on: date,
    readers: Iterable[visibility.Enrolled],
    streams: Iterable[Stream],
    progress: Progress = silent,
) -> SituationReport:
    """Make `households`, `relatives`, `facts`, `readers`, `visible` and `fact_places` for the day.

    Shape: `relatives(reader, person, relation)` (self, partner, child, parent, other);
    `fact_places(fact_id, place, address_id, person)` groups what the wgs lane may join: one place
    per address, or per household where strangers share the address. INVARIANT: a fact outside the
    wgs lane is in `facts` only if some reader may see it. Raises TableMissing, FactColumnMistyped.
    """
    steps = 5
    progress(STOP, 0, steps)
    residents.list_residents(con, on=on)
    _form_households(con)
    progress(STOP, 1, steps)
    visibility.list_readers(con, readers)
    _list_relatives(con)
    progress(STOP, 2, steps)
    facts.state_candidates(con, streams)
    progress(STOP, 3, steps)
    visibility.grant_sight(con)
    visibility.mark_disputed(con)
    progress(STOP, 4, steps)
    _keep_facts(con)
    _list_places(con)
    con.execute("DROP TABLE candidate_facts")
    progress(STOP, steps, steps)
    return _count(con)


def _form_households(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        f"""
        SELECT person, dwelling, institution, partner_bsn, parent1_bsn, parent2_bsn,
               coalesce(age_years < {residents.ADULT_FROM_YEARS}, FALSE)
        FROM residents
        """
    ).fetchall()
    found = households.form(
        households.Resident(p, d, i, q, tuple(x for x in (p1, p2) if x is not None), minor)
        for p, d, i, q, p1, p2, minor in rows
    )
    tables.put(
        con,
        "memberships",
        ("person", "household_id", "role", "reason"),
        [(m.person, m.household_id, str(m.role), str(m.reason)) for m in found],
    )
    con.execute(
        """
        CREATE OR REPLACE TABLE households AS
        SELECT m.person, m.household_id, m.role, r.address_id, m.reason
        FROM memberships m JOIN residents r USING (person) ORDER BY m.person
        """
    )
    con.execute("DROP TABLE memberships")


def _list_relatives(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        CREATE OR REPLACE TABLE relatives AS
        SELECT d.person AS reader, b.person,
          CASE
            WHEN b.person = d.person THEN 'self'
            WHEN rb.person IN (ra.parent1_bsn, ra.parent2_bsn) THEN 'parent'
            WHEN d.person IN (rb.parent1_bsn, rb.parent2_bsn) THEN 'child'
            WHEN a.role = 'partner' AND b.role = 'partner'
              AND (ra.partner_bsn = rb.person OR rb.partner_bsn = ra.person
                   OR EXISTS (SELECT 1 FROM residents c WHERE c.dwelling = ra.dwelling
                              AND ra.person IN (c.parent1_bsn, c.parent2_bsn)
                              AND rb.person IN (c.parent1_bsn, c.parent2_bsn))) THEN 'partner'
            ELSE 'other'
          END AS relation
        FROM readers d
        JOIN households a ON a.person = d.person
        JOIN households b ON b.household_id = a.household_id
        JOIN residents ra ON ra.person = a.person
        JOIN residents rb ON rb.person = b.person
        ORDER BY reader, person
        """
    )


def _keep_facts(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        CREATE OR REPLACE TABLE facts AS
        SELECT * EXCLUDE (place_id, wgs, own_view, delivered_on) FROM candidate_facts
        WHERE wgs OR fact_id IN (SELECT fact_id FROM visible)
        ORDER BY fact_id
        """
    )


def _list_places(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"""
        CREATE OR REPLACE TABLE fact_places AS
        WITH addresses AS (
          SELECT address_id,
                 bool_or(institution) OR bool_or(dwelling IS NULL)
                 OR count(DISTINCT household_id) >= {SHARED_FROM_HOUSEHOLDS} AS shared
          FROM residents JOIN households USING (person, address_id) GROUP BY address_id
        )
        SELECT f.fact_id,
               concat(
                 f.place_id,
                 CASE WHEN coalesce(a.shared, TRUE) THEN '|' || coalesce(h.household_id, '') END
               )
               AS place,
               f.place_id AS address_id, f.subject AS person
        FROM candidate_facts f
        LEFT JOIN addresses a ON a.address_id = f.place_id
        LEFT JOIN households h ON h.person = f.subject
        WHERE f.wgs AND (h.person IS NOT NULL OR (f.subject IS NULL AND a.address_id IS NOT NULL))
        ORDER BY f.fact_id
        """
    )


def _count(con: duckdb.DuckDBPyConnection) -> SituationReport:
    def count(what: str, table: str) -> int:
        ((number,),) = con.execute(f"SELECT count({what}) FROM {table}").fetchall()
        return int(number)

    return SituationReport(
        residents=count("*", "residents"),
        households=count("DISTINCT household_id", "households"),
        facts=count("*", "facts"),
        readers=count("*", "readers"),
        visible=count("*", "visible"),
    )
