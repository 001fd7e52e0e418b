"""What is compared between a record and a person, and the levels at which the two can agree.

A level is SQL over the prepared tables (prepare.py); Splink scores it. The m- and u-probabilities
are not here: they are the model's (model.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Level:
    """One way to agree. `frequency` names the column whose commonness tempers the weight."""

    code: str
    sql: str
    frequency: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One trait, where it is stated in this way, with its levels, strongest first.

    What fits no level is `<name>_differs`. Names and initials are two comparisons of the trait
    `given`, and full and partial dates two of `birth`, so that a level's chances do not depend on
    how many sources state it so; of each pair at most one applies.
    """

    name: str
    trait: str
    missing: str
    levels: tuple[Level, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the levels, strongest first, the last for no agreement."""
        return (*(level.code for level in self.levels), f"{self.name}_differs")


def _both(column: str) -> str:
    return f"{column}_l = {column}_r"


_CROSSED = "crossed_l = crossed_r AND contains(crossed_letter_l, crossed_letter_r)"
"""Given name and surname in each other's place, as with names of some origins."""
_CLOSE = "jaro_winkler_similarity({0}_l, {0}_r) >= 0.92"

SURNAME = Comparison(
    "surname",
    "surname",
    "whole_l IS NULL OR whole_r IS NULL",
    (
        Level("surname_equal", _both("whole"), "whole"),
        Level("surname_prefix_differs", _both("stem"), "stem"),
        Level("surname_own", _both("own"), "own"),
        Level("surname_partner", _both("partner"), "partner"),
        Level("surname_double", _both("dbl")),
        Level("surname_sounds_equal", _both("snd"), "snd"),
        Level(
            "surname_close",
            f"{_CLOSE.format('stem')}"
            " OR (length(stem_l) >= 5 AND levenshtein(stem_l, stem_r) <= 1)",
        ),
        Level("surname_crossed", _CROSSED, "crossed"),
        Level("surname_part", "list_has_any(names_l, names_r)"),
        Level(
            "surname_other_close",
            f"coalesce({_CLOSE.format('own')}, FALSE)"
            f" OR coalesce({_CLOSE.format('partner')}, FALSE)",
        ),
    ),
)
_NOT_CROSSED = f"NOT (coalesce({_CROSSED}, FALSE) AND stem_l <> stem_r)"
_BOTH_NAMED = "given_l IS NOT NULL AND given_r IS NOT NULL"
GIVEN = Comparison(
    "given",
    "given",
    f"NOT ({_BOTH_NAMED} AND {_NOT_CROSSED})",
    (
        Level("given_equal", _both("given"), "given"),
        Level("given_close", "jaro_winkler_similarity(given_l, given_r) >= 0.85"),
        Level("given_same_first_letter", _both("ini1"), "ini1"),
        Level("given_other_letter", "contains(initials_l, ini1_r) OR contains(initials_r, ini1_l)"),
    ),
)
INITIALS = Comparison(
    "initials",
    "given",
    f"initials_l IS NULL OR initials_r IS NULL OR NOT (NOT ({_BOTH_NAMED}) AND {_NOT_CROSSED})",
    (
        Level("initials_equal", "initials_l = initials_r AND length(initials_l) > 1", "initials"),
        Level(
            "initials_fit",
            "starts_with(initials_l, initials_r) OR starts_with(initials_r, initials_l)",
            "ini1",
        ),
        Level("initials_same_first_letter", _both("ini1"), "ini1"),
        Level(
            "initials_other_letter", "contains(initials_l, ini1_r) OR contains(initials_r, ini1_l)"
        ),
    ),
)
BIRTH = Comparison(
    "birth",
    "birth",
    "birth_l IS NULL OR birth_r IS NULL",
    (
        Level("birth_equal", _both("birth"), "birth"),
        Level("birth_swapped", "birth_l = birth_swapped_r"),
        Level("birth_one_digit", "levenshtein(birth_l, birth_r) = 1"),
        Level("birth_year_equal", _both("byear")),
        Level("birth_two_digits", "levenshtein(birth_l, birth_r) = 2"),
    ),
)
BIRTH_PART = Comparison(
    "birth_part",
    "birth",
    "byear_l IS NULL OR byear_r IS NULL OR (birth_l IS NOT NULL AND birth_r IS NOT NULL)",
    (
        Level("birth_month_known", "byear_l = byear_r AND bmonth_l = bmonth_r"),
        Level("birth_year_known", "byear_l = byear_r AND (bmonth_l IS NULL OR bmonth_r IS NULL)"),
    ),
)
ADDRESS = Comparison(
    "address",
    "address",
    "(pc_l IS NULL OR pc_r IS NULL) AND (street_house_l IS NULL OR street_house_r IS NULL)",
    (
        Level("address_equal", _both("address_full"), "address_full"),
        Level(
            "address_addition_missing",
            "address_l = address_r AND (addition_l = '' OR addition_r = '')",
            "address",
        ),
        Level("address_old", _both("previous"), "previous"),
        Level("address_addition_differs", _both("address"), "address"),
        Level("address_street_equal", _both("street_house"), "street_house"),
        Level(
            "address_close",
            "(pc_l = pc_r AND levenshtein(house_l, house_r) = 1)"
            " OR (house_l = house_r AND levenshtein(pc_l, pc_r) = 1)",
        ),
        Level("postcode_equal", _both("pc"), "pc"),
    ),
)
COMPARISONS = (SURNAME, GIVEN, INITIALS, BIRTH, BIRTH_PART, ADDRESS)
TRAITS = ("surname", "given", "birth", "address")

AT_ADDRESS = ("address_equal", "address_addition_missing", "address_street_equal")
"""Levels at which a record states the address where the person lives now."""

FREQUENCY_COLUMNS = tuple(
    dict.fromkeys(level.frequency for c in COMPARISONS for level in c.levels if level.frequency)
)

COLUMNS: Mapping[str, str] = {
    "whole": "VARCHAR",
    "stem": "VARCHAR",
    "own": "VARCHAR",
    "partner": "VARCHAR",
    "dbl": "VARCHAR",
    "snd": "VARCHAR",
    "names": "VARCHAR[]",
    "given": "VARCHAR",
    "initials": "VARCHAR",
    "ini1": "VARCHAR",
    "crossed": "VARCHAR",
    "crossed_letter": "VARCHAR",
    "birth": "VARCHAR",
    "birth_swapped": "VARCHAR",
    "byear": "INTEGER",
    "bmonth": "INTEGER",
    "pc": "VARCHAR",
    "house": "VARCHAR",
    "addition": "VARCHAR",
    "address": "VARCHAR",
    "address_full": "VARCHAR",
    "previous": "VARCHAR",
    "street_house": "VARCHAR",
}
"""Columns that the levels read, the same in the table of persons and the table of records."""


def gamma_of(comparison: Comparison, code: str) -> int:
    """Splink's number for a level: the strongest has the highest, no agreement is 0."""
    return len(comparison.codes) - 1 - comparison.codes.index(code)


def trait_sql(trait: str) -> tuple[str, str]:
    """SQL for the code of a trait's level (NULL: nothing to compare) and for its bits."""
    own = [comparison for comparison in COMPARISONS if comparison.trait == trait]
    code = f"coalesce({', '.join(code_sql(comparison) for comparison in own)})"
    bits = " + ".join(
        f"mw_{c.name}" + (f" + mw_tf_adj_{c.name}" if any(x.frequency for x in c.levels) else "")
        for c in own
    )
    return code, f"round({bits}, 6)"


def code_sql(comparison: Comparison) -> str:
    """SQL that gives the code of the level from Splink's gamma column; NULL when missing."""
    whens = " ".join(
        f"WHEN {gamma_of(comparison, code)} THEN '{code}'" for code in comparison.codes
    )
    return f"CASE gamma_{comparison.name} {whens} END"


def splink_comparisons(
    probabilities: Mapping[str, tuple[float, float]],
) -> list[dict[str, Any]]:
    """Splink's form of the comparisons. Shape of probabilities: level code -> (m, u)."""
    return [_splink_comparison(comparison, probabilities) for comparison in COMPARISONS]


def _splink_comparison(
    comparison: Comparison, probabilities: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [{"sql_condition": comparison.missing, "is_null_level": True}]
    for level in comparison.levels:
        m, u = probabilities[level.code]
        described: dict[str, Any] = {
            "sql_condition": level.sql,
            "label_for_charts": level.code,
            "m_probability": m,
            "u_probability": u,
        }
        if level.frequency:
            described["tf_adjustment_column"] = level.frequency
            described["disable_tf_exact_match_detection"] = True
        levels.append(described)
    m, u = probabilities[f"{comparison.name}_differs"]
    levels.append(
        {
            "sql_condition": "ELSE",
            "label_for_charts": f"{comparison.name}_differs",
            "m_probability": m,
            "u_probability": u,
        }
    )
    return {"output_column_name": comparison.name, "comparison_levels": levels}
