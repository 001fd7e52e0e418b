"""A peer: Splink with the settings of its own documentation's FEBRL examples.

    python -m openregie.lab.peer_splink febrl4 FOLDER OUT.csv [--no-number]

Without the social security number it compares what every supplier has.

Writes every pair that it predicts, as `left,right,probability`. Source of the settings: the DuckDB
examples `febrl3` and `febrl4` (its detailed model) in Splink's documentation, in its version 5.
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
_BLOCKS: dict[str, list[Any]] = {
    "febrl3": [
        _BY_NUMBER,
        *(block_on(name) for name in ("given_name", "surname", "date_of_birth", "postcode")),
    ],
    "febrl4": [
        block_on("given_name", "surname"),
        _SWAPPED,
        block_on("date_of_birth"),
        _BY_NUMBER,
        block_on("state", "address_1"),
        block_on("street_number", "address_1"),
        block_on("postcode"),
    ],
}
_RECALL = {"febrl3": 0.9, "febrl4": 0.8}
_SEED = 2
_LEAST = 0.2


def predict(name: str, folder: Path, *, number: bool) -> Sequence[Sequence[Any]]:
    """Pairs above 0.2, learnt and predicted as the documentation does."""
    con = duckdb.connect(":memory:")
    api = DuckDBAPI(connection=con)
    files = ("febrl4a", "febrl4b") if name == "febrl4" else ("febrl3",)
    tables: list[Any] = [
        api.register(
            con.execute("SELECT * FROM read_csv(?, all_varchar = true)", [f"{folder / file}.csv"])
            .to_arrow_table(),
            dataset_display_name=f"data_{file}",
        )
        for file in files
    ]  # fmt: skip
    linker = Linker(tables if len(tables) > 1 else tables[0], _settings(name, number=number))
    known: list[Any] = [
        *([block_on("soc_sec_id")] if number else []),
        block_on("given_name", "surname", "date_of_birth"),
    ]
    if name == "febrl3":
        known.append(f"{_SWAPPED} and l.date_of_birth = r.date_of_birth")
    train = linker.training
    train.estimate_probability_two_random_records_match(known, recall=_RECALL[name])
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=_SEED)
    for column in ("date_of_birth", "postcode"):
        train.estimate_parameters_using_expectation_maximisation(
            block_on(column), estimate_without_term_frequencies=name == "febrl4"
        )
    found = linker.inference.predict(threshold_match_probability=_LEAST)
    return found.as_duckdbpyrelation().project("rec_id_l, rec_id_r, match_probability").fetchall()


def _settings(name: str, *, number: bool) -> Any:
    four = name == "febrl4"
    frequent: dict[str, Any] = {"term_frequency_adjustments": True}
    invalid: dict[str, Any] = {"invalid_dates_as_null": True} if four else {}
    edits = [1, 2] if four else [2]
    names = [cl.NameComparison(column) for column in ("given_name", "surname")]
    birth = cl.DateOfBirthComparison(
        "date_of_birth",
        input_is_string=True,
        datetime_format="%Y%m%d",
        **invalid,
    )
    postcode = (
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]) if four else cl.ExactMatch("postcode")
    )
    return SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only" if four else "dedupe_only",
        blocking_rules_to_generate_predictions=[
            rule for rule in _BLOCKS[name] if number or rule is not _BY_NUMBER
        ],
        comparisons=[
            *([one.configure(**frequent) for one in names] if four else names),
            birth,
            *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", edits)] if number else []),
            cl.ExactMatch("street_number").configure(**frequent),
            postcode.configure(**frequent),
        ],
        retain_intermediate_calculation_columns=False,
    )


def main() -> None:
    """Write the pairs."""
    name, folder, out, *rest = sys.argv[1:]
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("left", "right", "probability"))
        writer.writerows(predict(name, Path(folder), number="--no-number" not in rest))


if __name__ == "__main__":
    main()
