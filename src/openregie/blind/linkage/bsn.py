"""Exact links on the citizen number, with a check that the rest does not contradict it all."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

_ELFPROEF = (
    "bsn <> '000000000' AND ("
    + " + ".join(
        f"{w} * bsn[{i}]::INTEGER" for i, w in enumerate((9, 8, 7, 6, 5, 4, 3, 2), start=1)
    )
    + " - bsn[9]::INTEGER) % 11 = 0"
)
"""Besluit burgerservicenummer; the last weight is -1. A CASE guards the cast."""


def find_bsn_links(con: DuckDBPyConnection) -> None:
    """Write `link_bsn(record_id, bsn, person)` for records whose BSN passes the elfproef.

    `person` is NULL when the number is not in the register, or there for two people. A register
    without numbers links nobody. Reads `link_numbers` and `link_people` (prepare.py).
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_bsn AS
        SELECT i.record_id, i.bsn, g.person
        FROM (SELECT record_id, bsn FROM identities
              WHERE CASE WHEN regexp_full_match(bsn, '[0-9]{{9}}')
                    THEN {_ELFPROEF} ELSE FALSE END) i
        LEFT JOIN link_numbers g USING (bsn)
        WHERE (SELECT count(bsn) FROM link_people) > 0
        """
    )


def pair_bsn_links(con: DuckDBPyConnection) -> int:
    """Write `link_bsn_pairs(p, r)`: BSN links that say more than a BSN; give their count."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_bsn_pairs AS
        SELECT p.unique_id AS p, r.unique_id AS r
        FROM link_bsn b JOIN link_people p USING (person) JOIN link_records r USING (record_id)
        """
    )
    return int(con.execute("SELECT count(*) FROM link_bsn_pairs").fetchall()[0][0])


def find_contradicted(con: DuckDBPyConnection) -> None:
    """Write `link_contradicted(record_id)`: name and all else that is stated speak against the BSN.

    Reads `link_bsn_scored` (score.py). A record that states a name only is not judged.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_contradicted AS
        SELECT r.record_id FROM link_bsn_scored s JOIN link_records r ON r.unique_id = s.r
        WHERE s.surname = 'surname_differs'
          AND coalesce(s.given, 'given_differs') <> 'given_equal'
          AND coalesce(s.birth, 'birth_differs') = 'birth_differs'
          AND coalesce(s.address, 'address_differs') = 'address_differs'
          AND (s.birth IS NOT NULL OR s.address IS NOT NULL)
        """
    )
