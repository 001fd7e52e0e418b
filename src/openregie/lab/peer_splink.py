"""A peer: Splink with the settings of its own documentation, on FEBRL 4.

    python -m openregie.lab.peer_splink FOLDER OUT.csv [--no-number]

Without the social security number it compares what every supplier has.

Writes every pair that it predicts, as `left,right,probability`. Source of the settings: the DuckDB
example `febrl4` in Splink's documentation (its detailed model), in version 5.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_SWAPPED = "l.given_name = r.surname and l.surname = r.given_name"
_BY_NUMBER = block_on("soc_sec_id")
_BLOCKS: tuple[Any, ...] = (
    block_on("given_name", "surname"),
    _SWAPPED,
    block_on("date_of_birth"),
    _BY_NUMBER,
    block_on("state", "address_1"),
    block_on("street_number", "address_1"),
    block_on("postcode"),
)
_RECALL = 0.8
_SEED = 2
_LEAST = 0.2


def predict(folder: Path, *, number: bool) -> Sequence[Sequence[Any]]:
    """Pairs above 0.2, learnt and predicted as the documentation does."""
    con = duckdb.connect(":memory:")
    api = DuckDBAPI(connection=con)
    tables: list[Any] = []
    for name in ("febrl4a", "febrl4b"):
        query = "SELECT * FROM read_csv(?, all_varchar = true)"
        table = con.execute(query, [f"{folder / name}.csv"]).to_arrow_table()
        tables.append(api.register(table, dataset_display_name=f"data_{name}"))
    train = (linker := Linker(tables, _settings(number=number))).training
    known: list[Any] = [block_on("given_name", "surname", "date_of_birth")]
    if number:
        known.append(_BY_NUMBER)
    train.estimate_probability_two_random_records_match(known, recall=_RECALL)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=_SEED)
    for column in ("date_of_birth", "postcode"):
        train.estimate_parameters_using_expectation_maximisation(
            block_on(column), estimate_without_term_frequencies=True
        )
    found = linker.inference.predict(threshold_match_probability=_LEAST)
    pairs = found.as_duckdbpyrelation().project("rec_id_l, rec_id_r, match_probability")
    return pairs.fetchall()


def _settings(*, number: bool) -> Any:
    frequent: dict[str, Any] = {"term_frequency_adjustments": True}
    names = [cl.NameComparison(column) for column in ("given_name", "surname")]
    birth = cl.DateOfBirthComparison(
        "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
    )
    return SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            rule for rule in _BLOCKS if number or rule is not _BY_NUMBER
        ],
        comparisons=[
            *(one.configure(**frequent) for one in names),
            birth,
            *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if number else []),
            cl.ExactMatch("street_number").configure(**frequent),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**frequent),
        ],
        retain_intermediate_calculation_columns=False,
    )


def main() -> None:
    """Write the pairs."""
    folder, out, *rest = sys.argv[1:]
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("left", "right", "probability"))
        writer.writerows(predict(Path(folder), number="--no-number" not in rest))


if __name__ == "__main__":
    main()
