"""Which facts a reader may see: their own, and those of a child under 16 in their authority."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import duckdb

from openregie.blind.situations import tables
from openregie.terms import Bsn, Mailbox

OWN_EYES_FROM_YEARS = 12
"""From this age a child sees their own facts (Jeugdwet art. 7.3.4-7.3.5; a lawyer must confirm)."""

PARENTS_UNTIL_YEARS = 16
"""From this age nobody but the young person does (the same articles)."""


class Enrolled(Protocol):
    """Somebody who asked for their own view and did not withdraw."""

    @property
    def person(self) -> Bsn:
        """Whom the register knows."""

    @property
    def mailbox(self) -> Mailbox:
        """How the sealed zone knows them."""


def list_readers(con: duckdb.DuckDBPyConnection, readers: Iterable[Enrolled]) -> None:
    """Make the table `readers(person, mailbox)`: the enrolled who live here on the day."""
    rows = sorted({(str(reader.person), str(reader.mailbox)) for reader in readers})
    tables.put(con, "readers", ("person", "mailbox"), rows)
    con.execute("DELETE FROM readers WHERE person NOT IN (SELECT person FROM residents)")


def grant_sight(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `visible(reader, fact_id, why)` of `candidate_facts` for `readers`.

    Parents: those with authority 1, 2 or 12, alone or with a third party (1D, 2D); an unknown
    authority opens nothing. `not_for_parent` and an age from 16, or unknown, close it. Facts of a
    stream that its subject objected to are seen by nobody. Curatele and bewind open nothing yet.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TABLE visible AS
        WITH open_facts AS (
          SELECT fact_id, subject, stream, not_for_parent FROM candidate_facts
          WHERE own_view AND subject IS NOT NULL
        ), own AS (
          SELECT f.subject AS reader, f.fact_id, 'self' AS why
          FROM open_facts f
          JOIN readers d ON d.person = f.subject
          JOIN residents r ON r.person = f.subject
          WHERE coalesce(r.age_years, {OWN_EYES_FROM_YEARS}) >= {OWN_EYES_FROM_YEARS}
        ), parents AS (
          SELECT person AS child, parent1_bsn AS parent FROM residents
          WHERE age_years < {PARENTS_UNTIL_YEARS} AND authority IN ('1', '12', '1D')
          UNION
          SELECT person, parent2_bsn FROM residents
          WHERE age_years < {PARENTS_UNTIL_YEARS} AND authority IN ('2', '12', '2D')
        ), children AS (
          SELECT DISTINCT p.parent AS reader, f.fact_id, 'parent' AS why
          FROM open_facts f
          JOIN parents p ON p.child = f.subject
          JOIN readers d ON d.person = p.parent
          WHERE NOT f.not_for_parent AND p.parent <> p.child
        )
        SELECT v.* FROM (SELECT * FROM own UNION ALL SELECT * FROM children) v
        WHERE v.fact_id NOT IN ({_objected(con)})
        """
    )


def _objected(con: duckdb.DuckDBPyConnection) -> str:
    """Facts whose subject objected; it holds for a parent too after the subject stopped."""
    if not tables.columns_of(con, "objections_in_force"):
        return "SELECT '' WHERE FALSE"
    return """
        SELECT f.fact_id FROM open_facts f
        JOIN objections_in_force o ON o.person = f.subject AND o.stream = f.stream
    """


def mark_disputed(con: duckdb.DuckDBPyConnection) -> None:
    """Set `disputed` where a reader who may see the fact calls it paid or wrong, not undone."""
    if not tables.columns_of(con, "corrections"):
        return
    con.execute(
        """
        UPDATE candidate_facts SET disputed = TRUE WHERE fact_id IN (
          SELECT v.fact_id FROM visible v
          JOIN readers d ON d.person = v.reader
          JOIN (
            SELECT mailbox, record_id_meant, correction FROM corrections
            QUALIFY row_number() OVER (
              PARTITION BY mailbox, record_id_meant
              ORDER BY happened_on DESC, delivered_on DESC, row_number DESC, record_id
            ) = 1
          ) c ON c.mailbox = d.mailbox AND c.record_id_meant = v.fact_id
          WHERE c.correction IN ('paid', 'wrong')
        )
        """
    )
