"""Who lives here on a day, and how old they are: the register as it stood that morning."""

from __future__ import annotations

from datetime import date

import duckdb

from openregie.blind.situations import tables

ADULT_FROM_YEARS = 18
"""Burgerlijk Wetboek Boek 1 art. 233."""


def list_residents(con: duckdb.DuckDBPyConnection, *, on: date) -> int:
    """Make the table `residents` from `register`; gives how many there are.

    Shape: one row per person of the register who has not died or left on or before the day, with
    `age_years` (NULL when nothing of the birth date is known) and `dwelling` (address_id, NULL for
    a postal address). Partial dates: an unknown day or month counts as the earliest, so that a
    young person is never taken for younger than they are. A death or departure of which only the
    year or month is known has happened.
    """
    tables.demand(con, "register", "streams.read")
    gone = " OR ".join(_happened(con, stem) for stem in ("died", "left"))
    con.execute(
        f"""
        CREATE OR REPLACE TABLE residents AS
        WITH living AS (
          SELECT r.*, coalesce(
            r.birth_on, make_date(r.birth_year, coalesce(r.birth_month, 1), 1)
          ) AS born_on
          FROM register r {_joined_population(con)}
          WHERE NOT coalesce({gone}, FALSE)
        )
        SELECT person, record_id, address_id, coalesce(address_kind, 'W') AS address_kind,
               bool_or(coalesce(institution, FALSE)) OVER (PARTITION BY address_id) AS institution,
               partner_bsn, parent1_bsn, parent2_bsn, authority, coalesce(secrecy, 0) > 0 AS secret,
               born_on,
               CASE WHEN coalesce(address_kind, 'W') = 'W' THEN address_id END AS dwelling,
               CAST(year($on) - year(born_on) - CAST(
                 month($on) * 100 + day($on) < month(born_on) * 100 + day(born_on) AS INTEGER
               ) AS INTEGER) AS age_years
        FROM living
        QUALIFY row_number() OVER (PARTITION BY person ORDER BY record_id) = 1
        """,
        {"on": on},
    )
    ((count,),) = con.execute("SELECT count(*) FROM residents").fetchall()
    return int(count)


def _joined_population(con: duckdb.DuckDBPyConnection) -> str:
    if "died_year" in tables.columns_of(con, "population"):
        return "LEFT JOIN population p USING (record_id)"
    return ""


def _happened(con: duckdb.DuckDBPyConnection, stem: str) -> str:
    known = f"r.{stem}_on <= $on"
    parts = tables.columns_of(con, "population")
    if f"{stem}_year" not in parts:
        return known
    since = f"(p.{stem}_year * 12 + coalesce(p.{stem}_month, 1) <= year($on) * 12 + month($on))"
    partly = f"(r.{stem}_on IS NULL AND {since})"
    if f"{stem}_reported" in parts:  # a date is there, though none of it is known
        partly = (
            f"({partly} OR (r.{stem}_on IS NULL AND p.{stem}_year IS NULL AND p.{stem}_reported))"
        )
    return f"coalesce({known}, FALSE) OR coalesce({partly}, FALSE)"
