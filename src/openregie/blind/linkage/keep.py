"""Links of earlier runs stay as they are while nothing they were decided on has changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from duckdb import DuckDBPyConnection

from openregie.blind.linkage.comparisons import COLUMNS
from openregie.blind.linkage.config import LinkConfig

VERSION = 2
"""Raised when the code decides differently on the same data: then every link is decided anew."""

_PEOPLE = (
    "person", "address_id", *COLUMNS, "uses_partner", "partner_listed", "minor", "secret",
    "investigated", "died", "left_town",
)  # fmt: skip
_RECORDS = ("record_id", *COLUMNS, "trade", "legal_person")


def find_kept(con: DuckDBPyConnection, config: LinkConfig, kept: str | None) -> None:
    """Write what stays and what is decided now.

    Shape: `link_digests(record_id, identity_digest)`; `link_kept` (rows of `kept` whose digest is
    unchanged); `link_todo(unique_id)`; `link_todo_pairs(p, r)`. The digest covers the record, every
    candidate, who lives there, corrections and the thresholds; not the model, so that links rest.
    """
    rules = json.dumps(
        [VERSION, asdict(config.thresholds), asdict(config.unseen), asdict(config.blocking)]
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_digests AS
        WITH people AS (
            SELECT unique_id AS p, md5_number_lower({_row(_PEOPLE)}) AS digest FROM link_people
            WHERE unique_id IN (SELECT p FROM link_pairs)
        ),
        around AS (
            SELECT t.r, bit_xor(digest) AS digest, count(*) AS candidates
            FROM link_pairs t JOIN people USING (p) GROUP BY t.r
        ),
        undone AS (
            SELECT f.r, string_agg(person, ',' ORDER BY person) AS persons
            FROM link_forbidden f JOIN link_people p ON p.unique_id = f.p GROUP BY f.r
        )
        SELECT o.record_id, o.unique_id, md5($rules || '|' || {_row(_RECORDS)} || '|'
            || coalesce(a.digest, 0)::VARCHAR || '|' || coalesce(a.candidates, 0)::VARCHAR || '|'
            || coalesce(u.persons, '') || '|' || (e.r IS NOT NULL)::VARCHAR) AS identity_digest
        FROM link_open o LEFT JOIN around a ON a.r = o.unique_id
        LEFT JOIN undone u ON u.r = o.unique_id LEFT JOIN link_elsewhere e ON e.r = o.unique_id
        """,
        {"rules": hashlib.sha256(rules.encode()).hexdigest()},
    )
    source = (
        f"SELECT k.* FROM {kept} k JOIN link_digests d USING (record_id, identity_digest)"
        if kept
        else """SELECT record_id, identity_digest, NULL::VARCHAR AS person, '' AS class,
            NULL::VARCHAR AS household_address, 0.0::DOUBLE AS probability,
            0.0::DOUBLE AS margin_bits, '' AS reasons FROM link_digests WHERE FALSE"""
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE link_kept AS {source}")
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_todo AS
        SELECT unique_id FROM link_digests WHERE record_id NOT IN (SELECT record_id FROM link_kept)
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_todo_pairs AS
        SELECT t.p, t.r FROM link_pairs t JOIN link_todo d ON d.unique_id = t.r
        """
    )


def _row(columns: tuple[str, ...]) -> str:
    return "concat_ws('|', " + ", ".join(f"coalesce({c}::VARCHAR, '~')" for c in columns) + ")"
