"""The rules in force on a day, applied to the situations of that day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from openregie.blind.signals.errors import TableMissing
from openregie.rules.book import RuleBook
from openregie.rules.rule import Rule
from openregie.rules.sql import compile_rule
from openregie.rules.telling import Outcome, Teller, Telling
from openregie.rules.vocabulary import FIELDS
from openregie.terms import Lane, Progress, silent

STOP = "signals"
"""What progress calls this stop of the path."""

_JSON = json.JSONEncoder(default=str, ensure_ascii=False, sort_keys=True)
_SOURCE = {Lane.WGS: "facts_by_place", Lane.OWN_VIEW: "facts_by_reader"}


@dataclass(frozen=True, slots=True)
class SignalReport:
    """How many signals there are in each lane; counts only."""

    rules: int
    wgs: int
    own_view: int


@dataclass(frozen=True, slots=True)
class _Signal:
    """One row of `signals`; `unit` is a place or a reader."""

    signal_id: str
    rule: Rule
    unit: str
    telling: Telling
    values: dict[str, Any]


def apply(
    con: duckdb.DuckDBPyConnection, *, rules: RuleBook, on: date, progress: Progress = silent
) -> SignalReport:
    """Make `signals` and `signal_subjects(signal_id, person)` for the day.

    Shape: `signals(signal_id, rule, version, lane, reader, address_id, facts, act_by_on, values)`;
    `values` holds the measures of the rule and its texts, steps and parameters in both languages.
    `signal_subjects` names, for the wgs lane only, whom a signal is about. INVARIANT: a rule of the
    own view is judged per reader, over the undisputed facts that reader may see and no other.
    Raises TableMissing, ParameterMissing.
    """
    in_force = rules.in_force(on)
    _gather_facts(con)
    found: list[_Signal] = []
    for done, rule in enumerate(in_force):
        progress(STOP, done, len(in_force))
        found += _fired(con, rule, rules, on)
    progress(STOP, len(in_force), len(in_force))
    _write(con, sorted(found, key=lambda signal: signal.signal_id))
    for table in _SOURCE.values():
        con.execute(f"DROP TABLE {table}")
    own = sum(signal.rule.lane is Lane.OWN_VIEW for signal in found)
    return SignalReport(len(in_force), len(found) - own, own)


def _gather_facts(con: duckdb.DuckDBPyConnection) -> None:
    fields = ", ".join(f"f.{name}" for name in ("kind", *FIELDS, "details"))
    try:
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE facts_by_place AS
            SELECT p.place AS unit, {fields} FROM facts f JOIN fact_places p USING (fact_id)
            """
        )
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE facts_by_reader AS
            SELECT v.reader AS unit, {fields} FROM facts f JOIN visible v USING (fact_id)
            WHERE NOT f.disputed
            """
        )
    except duckdb.CatalogException:
        raise TableMissing from None


def _fired(
    con: duckdb.DuckDBPyConnection, rule: Rule, rules: RuleBook, on: date
) -> Iterator[_Signal]:
    query = compile_rule(rule, source=_SOURCE[rule.lane], on=on)
    teller = Teller(rule, on=on, sources=rules.sources)
    places = range(len(rule.conditions))
    held = [True for _ in places]
    for row in con.execute(query.text).fetchall():
        told = dict(zip(query.columns, row, strict=True))
        outcome = Outcome(
            held=held,
            values=[told[f"value_{i}"] for i in places],
            limits=[told[f"limit_{i}"] for i in places],
            measures={m.name: told[f"measure_{m.name}"] for m in rule.measures},
            act_from=told["act_from"],
            facts=told["facts"],
            streams=told["streams"],
        )
        period = told["period_start"].isoformat() if rule.period_months else None
        name = name_signal(rule, told["unit"], period)
        values = {**outcome.measures, "period_start": period}
        yield _Signal(name, rule, told["unit"], teller.tell(outcome), values)


def name_signal(rule: Rule, unit: str, period: str | None) -> str:
    """The signal's id: stable while the rule, the unit and the month are the same.

    It can be reversed by trying every person: it never leaves the run without a key (exits).
    """
    parts = ("openregie/signal/v1", rule.name, str(rule.version), unit, period or "")
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def _write(con: duckdb.DuckDBPyConnection, signals: Sequence[_Signal]) -> None:
    rows = [_row(signal) for signal in signals]
    columns = {
        name: pa.array([row[i] for row in rows], kind) for i, (name, kind) in enumerate(_COLUMNS)
    }
    con.register("signals_to_put", pa.table(columns))
    con.execute(
        """
        CREATE OR REPLACE TABLE signals AS
        SELECT s.signal_id, s.rule, s.version, s.lane, s.reader, p.address_id, s.facts, s.act_by_on,
               s."values"
        FROM signals_to_put s
        LEFT JOIN (
          SELECT place, min(address_id) AS address_id FROM fact_places GROUP BY place
        ) p ON p.place = s.unit AND s.lane = 'wgs'
        ORDER BY signal_id
        """
    )
    con.unregister("signals_to_put")
    con.execute(
        """
        CREATE OR REPLACE TABLE signal_subjects AS
        SELECT DISTINCT s.signal_id, p.person
        FROM (
          SELECT signal_id, unnest(from_json(facts, '["VARCHAR"]')) AS fact_id
          FROM signals WHERE lane = 'wgs'
        ) s
        JOIN fact_places p USING (fact_id)
        WHERE p.person IS NOT NULL
        ORDER BY signal_id, person
        """
    )


_COLUMNS = (
    ("signal_id", pa.string()),
    ("rule", pa.string()),
    ("version", pa.int32()),
    ("lane", pa.string()),
    ("unit", pa.string()),
    ("reader", pa.string()),
    ("facts", pa.string()),
    ("act_by_on", pa.date32()),
    ("values", pa.string()),
)


def _row(signal: _Signal) -> tuple[Any, ...]:
    rule, telling = signal.rule, signal.telling
    told = {**signal.values, **telling.to_json()}
    return (
        signal.signal_id,
        rule.name,
        rule.version,
        str(rule.lane),
        signal.unit,
        signal.unit if rule.lane is Lane.OWN_VIEW else None,
        json.dumps(list(telling.facts)),
        telling.act_by_on,
        _JSON.encode(told),
    )
