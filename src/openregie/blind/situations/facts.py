"""Linked records become facts: one shape for every stream, from its declaration alone."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from openregie.blind.situations import tables
from openregie.blind.situations.errors import FactColumnMistyped
from openregie.blind.streams.stream import Column, ColumnType, Stream
from openregie.terms import Lane

_AMOUNTS = frozenset({ColumnType.EUROS, ColumnType.DECIMAL_EUROS})
_DATES = frozenset({ColumnType.DATE, ColumnType.PARTIAL_DATE})
_ANSWERS = frozenset({ColumnType.BOOLEAN})

_SHARED: tuple[tuple[str, frozenset[ColumnType], str], ...] = (
    ("amount_cents", _AMOUNTS, "CAST(NULL AS BIGINT)"),
    ("started_on", _DATES, "CAST(NULL AS DATE)"),
    ("ends_on", _DATES, "CAST(NULL AS DATE)"),
    ("signalled_on", _DATES, "CAST(NULL AS DATE)"),
    ("crisis", _ANSWERS, "FALSE"),
    ("not_for_parent", _ANSWERS, "FALSE"),
)
"""Columns every fact has, the types they may come from, and what stands there without one."""

_UNANSWERED = {"crisis": "FALSE", "not_for_parent": "TRUE"}
"""INVARIANT: a missing answer to `not_for_parent` protects the young person."""

_NOT_A_FACT = frozenset({"person", "return"})
"""The register says who there is, and what comes back changes other facts: neither is one."""


def streams_with_facts(streams: Iterable[Stream]) -> list[Stream]:
    """Streams whose records become facts, by name: in a lane about persons, not sealed returns."""
    lanes = {Lane.WGS, Lane.OWN_VIEW}
    return sorted(
        (
            stream
            for stream in streams
            if lanes & set(stream.lanes)
            and not stream.sealed_return
            and stream.fact not in _NOT_A_FACT
        ),
        key=lambda stream: stream.name,
    )


def state_candidates(con: duckdb.DuckDBPyConnection, streams: Iterable[Stream]) -> None:
    """Make the temporary table `candidate_facts`: every linked record as a fact, before any lane.

    Shape: the columns of `facts` plus `place_id` (where the arrears lie), `wgs` and `own_view`
    (lanes of the stream). Only classes certain and household become facts: what is doubtful goes
    back to its source. Raises TableMissing, FactColumnMistyped.
    """
    tables.demand(con, "links", "linkage.link")
    con.execute(_EMPTY)
    for stream in streams_with_facts(streams):
        if tables.columns_of(con, stream.name):
            con.execute(_insertion(stream), _parameters(stream))
    _keep_one_of_each(con)


def _keep_one_of_each(con: duckdb.DuckDBPyConnection) -> None:
    """INVARIANT: one fact per record, the newest delivery's, whatever the steps before left."""
    ((twice,),) = con.execute(
        "SELECT count(*) > count(DISTINCT fact_id) FROM candidate_facts"
    ).fetchall()
    if twice:
        con.execute(
            """
            CREATE OR REPLACE TEMP TABLE candidate_facts AS SELECT * FROM candidate_facts
            QUALIFY row_number() OVER (
              PARTITION BY fact_id ORDER BY delivered_on DESC, subject, place_id
            ) = 1
            """
        )


_EMPTY = """
CREATE OR REPLACE TEMP TABLE candidate_facts (
  fact_id VARCHAR, record_id VARCHAR, stream VARCHAR, supplier VARCHAR, kind VARCHAR,
  domain VARCHAR, law VARCHAR, article VARCHAR, subject VARCHAR, address_id VARCHAR,
  amount_cents BIGINT, started_on DATE, ends_on DATE, signalled_on DATE, crisis BOOLEAN,
  disputed BOOLEAN, not_for_parent BOOLEAN, details VARCHAR,
  place_id VARCHAR, wgs BOOLEAN, own_view BOOLEAN, delivered_on DATE
)
"""


def _parameters(stream: Stream) -> dict[str, object]:
    return {
        "stream": stream.name,
        "kind": stream.fact,
        "domain": str(stream.domain),
        "law": stream.law,
        "article": stream.article,
        "wgs": Lane.WGS in stream.lanes,
        "own_view": Lane.OWN_VIEW in stream.lanes,
    }


def _insertion(stream: Stream) -> str:
    shared = ", ".join(_shared(stream, *column) for column in _SHARED[:-1])
    not_for_parent = _shared(stream, *_SHARED[-1])
    # INVARIANT: a secret address stands in no fact; `place_id` stays within the wgs lane
    return f"""
        INSERT INTO candidate_facts
        SELECT s.record_id, s.record_id, $stream, s.supplier, $kind, $domain, $law, $article,
               l.person, CASE WHEN NOT coalesce(r.secret, FALSE) AND $wgs THEN {_PLACE} END,
               {shared}, FALSE, {not_for_parent}, {_details(stream)}, {_PLACE}, $wgs, $own_view,
               s.delivered_on
        FROM "{stream.name}" s
        JOIN links l ON l.record_id = s.record_id AND l.stream = $stream
        LEFT JOIN residents r ON r.person = l.person
        WHERE (l.class = 'certain' AND l.person IS NOT NULL)
           OR (l.class = 'household' AND $wgs AND l.household_address IS NOT NULL)
    """


_PLACE = "coalesce(r.address_id, CASE WHEN l.person IS NULL THEN l.household_address END)"


def _shared(stream: Stream, field: str, types: frozenset[ColumnType], missing: str) -> str:
    column = next((column for column in stream.columns if column.field == field), None)
    if column is None:
        return missing
    if column.type not in types:
        raise FactColumnMistyped(stream.name, field, " or ".join(sorted(types)))
    return f"coalesce(s.{field}, {_UNANSWERED[field]})" if field in _UNANSWERED else f"s.{field}"


def _details(stream: Stream) -> str:
    own = [column.field for column in stream.columns if not _says_who(column)]
    pairs = ", ".join(f"{field}: s.{field}" for field in own)
    return f"CAST(to_json({{{pairs}}}) AS VARCHAR)" if own else "'{}'"


def _says_who(column: Column) -> bool:
    return column.role is not None or column.type is ColumnType.BSN
