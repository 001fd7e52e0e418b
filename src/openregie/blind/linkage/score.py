"""Splink 5 weighs every pair: `link_scored`, with each trait's level and bits."""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind.linkage.comparisons import (
    COLUMNS,
    FREQUENCY_COLUMNS,
    TRAITS,
    splink_comparisons,
    trait_sql,
)

_UNLIKELY_BITS = -14.0
"""Pairs this far below even are dropped: together they cannot change a decision."""


_CREATES = re.compile(r"CREATE TABLE (\w+) AS")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What Splink has DuckDB do: its statements, the tables they make, the last one the result."""

    statements: tuple[str, ...]
    tables: tuple[str, ...]


_PLANS: dict[str, _Plan] = {}
"""Plans by settings. To write one takes Splink half a second, to carry it out for a record 0.1;
the tables it reads always have the same names and columns, so one plan serves every call."""
_MOST_PLANS = 16


@contextmanager
def quiet_splink() -> Iterator[None]:
    """Keep Splink's messages out of the run's output; they quote SQL, not data, but help nobody."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def splink_settings(
    probabilities: Mapping[str, tuple[float, float]], *, prior_bits: float
) -> dict[str, Any]:
    """Splink's settings for our comparisons; link_only, with every part of the weight kept."""
    odds = 2.0**prior_bits
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": odds / (1 + odds),
        "comparisons": splink_comparisons(probabilities),
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": True,  # Splink keeps the levels only with the columns
        "retain_intermediate_calculation_columns": True,
    }


def register_inputs(con: DuckDBPyConnection) -> None:
    """Name what Splink reads: the columns of the comparisons, no others."""
    chosen = ", ".join(["unique_id", *COLUMNS])
    for side in ("people", "records"):
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW link_input_{side} AS SELECT {chosen} FROM link_{side}"
        )


def splink_linker(con: DuckDBPyConnection, settings: dict[str, Any]) -> Any:
    """A Splink linker over narrow views of `link_people` and `link_records`; notes its SQL."""
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - imports slowly; only who links needs it

    class NotingAPI(DuckDBAPI):
        def __init__(self) -> None:
            super().__init__(connection=con)
            self.statements: list[str] = []

        def _execute_sql_against_backend(self, final_sql: str) -> Any:
            self.statements.append(final_sql.strip())
            return super()._execute_sql_against_backend(final_sql)

    register_inputs(con)
    api = NotingAPI()
    # the register sorts before the records: `_l` is the person, `_r` the record
    people = api.register("link_input_people", dataset_display_name="a")
    records = api.register("link_input_records", dataset_display_name="b")
    linker = Linker([people, records], settings, log_level=None, validate_settings=False)
    for column in FREQUENCY_COLUMNS:
        table = api.register(f"link_frequency_{column}", dataset_display_name=f"tf_{column}_seen")
        linker.table_management.register_term_frequency_lookup(table, column)
    return linker


def score_pairs(
    con: DuckDBPyConnection,
    probabilities: Mapping[str, tuple[float, float]],
    *,
    prior_bits: float,
    pairs: str = "link_pairs",
    into: str = "link_scored",
    keep_all: bool = False,
) -> None:
    """Weigh the pairs of a table `(p, r)`.

    Shape: `(p, r, bits, <trait>, <trait>_bits, ...)`: numbers, bits rounded to 6 decimals, level
    codes (NULL: nothing to compare). Pairs far below even are dropped unless `keep_all`.
    """
    traits = ", ".join(f"{trait} VARCHAR, {trait}_bits DOUBLE" for trait in TRAITS)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {into} (p INTEGER, r INTEGER, bits DOUBLE, {traits})"
    )
    if not con.execute(f"SELECT 1 FROM {pairs} LIMIT 1").fetchall():
        return
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_blocked AS
        SELECT 'a-__-' || p AS join_key_l, 'b-__-' || r AS join_key_r, '0' AS match_key FROM {pairs}
        """
    )
    settings = splink_settings(probabilities, prior_bits=prior_bits)
    threshold = None if keep_all else _UNLIKELY_BITS
    scored = _predict(con, settings, threshold)
    columns = []
    for trait in TRAITS:
        code, bits = trait_sql(trait)
        columns.append(f"{code} AS {trait}, {bits} AS {trait}_bits")
    con.execute(
        f"""
        INSERT INTO {into}
        SELECT unique_id_l AS p, unique_id_r AS r, round(match_weight, 6) AS bits,
            {", ".join(columns)}
        FROM {scored}
        """
    )
    con.execute(f"DROP TABLE IF EXISTS {scored}")


def _predict(con: DuckDBPyConnection, settings: dict[str, Any], threshold: float | None) -> str:
    """Weigh `link_blocked`; the name of the table with the result."""
    plan = _PLANS.get(key := json.dumps([settings, threshold], sort_keys=True))
    if plan is None:
        while len(_PLANS) >= _MOST_PLANS:
            _PLANS.pop(next(iter(_PLANS)))
        _PLANS[key] = plan = _write_plan(con, settings, threshold)
        return plan.tables[-1]
    register_inputs(con)
    for table, statement in zip(plan.tables, plan.statements, strict=True):
        con.execute(f"DROP TABLE IF EXISTS {table}")
        con.execute(statement)
    for table in plan.tables[:-1]:
        con.execute(f"DROP TABLE {table}")
    return plan.tables[-1]


def _write_plan(
    con: DuckDBPyConnection, settings: dict[str, Any], threshold: float | None
) -> _Plan:
    """Let Splink weigh `link_blocked`, and note what it had DuckDB do."""
    with quiet_splink():
        linker = splink_linker(con, settings)
        api = linker._db_api  # noqa: SLF001 - Splink offers no other way to its connection
        blocked = api.register("link_blocked", dataset_display_name="blocked_here")
        linker.table_management.register_blocked_pairs_for_predict(blocked)
        before = len(api.statements)
        linker.inference.predict(threshold_match_weight=threshold, warning_mode="never")
    made = [
        (found.group(1), one) for one in api.statements[before:] if (found := _CREATES.match(one))
    ]
    return _Plan(tuple(one for _, one in made), tuple(table for table, _ in made))
