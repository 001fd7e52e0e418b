"""Learns the linkage model that comes with a release, from the truth of a synthetic town."""

from __future__ import annotations

import duckdb

from openregie.blind.linkage.comparisons import COMPARISONS, TRAITS, Comparison
from openregie.blind.linkage.model import Model, blend, make_model, shipped_model
from openregie.blind.linkage.score import score_pairs

_SELDOM = {
    "surname_differs": 0.008,
    "given_equal": 0.6,  # call names differ from given names (Cornelis is Kees) more than synth has
    "given_close": 0.03,
    "given_same_first_letter": 0.1,
    "given_other_letter": 0.015,
    "given_differs": 0.02,
    "initials_same_first_letter": 0.006,
    "initials_other_letter": 0.008,
    "initials_differs": 0.01,
    "birth_year_equal": 0.003,
    "birth_two_digits": 0.002,
    "birth_differs": 0.004,
    "birth_part_differs": 0.01,
    "address_addition_differs": 0.003,
    "address_street_equal": 0.001,
    "address_differs": 0.015,
    "postcode_equal": 0.002,
}
"""Least m of some levels. Our assumption: without it the model would trust synth's mild sources."""


def learn_shipped(con: duckdb.DuckDBPyConnection, *, version: str, random_pairs: int) -> Model:
    """Learn the model that is shipped: m from true pairs, u from random ones; after measure's link.

    A prior of 500 pairs keeps rare levels away from nought, so that no trait is ever proof.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE true_pairs AS
        SELECT p.unique_id AS p, r.unique_id AS r FROM truth t
        JOIN link_people p USING (person) JOIN link_records r USING (record_id)
        WHERE t.about = 'resident'
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE random_pairs AS
        SELECT DISTINCT md5_number_lower('p' || i) % (SELECT count(*) FROM link_people) + 1 AS p,
            md5_number_lower('r' || i) % (SELECT count(*) FROM link_records) + 1 AS r
        FROM range({random_pairs}) AS t(i)
        """
    )
    prior = shipped_model()
    counts: dict[str, dict[str, int]] = {}
    for table in ("true_pairs", "random_pairs"):
        into = f"scored_{table}"
        score_pairs(con, prior.probabilities, prior_bits=0.0, pairs=table, into=into, keep_all=True)
        counts[table] = {}
        for trait in TRAITS:
            query = f"SELECT {trait}, count(*) FROM {into} WHERE {trait} IS NOT NULL GROUP BY 1"
            counts[table] |= dict(con.execute(query).fetchall())
    same = blend(prior, counts["true_pairs"], prior_pairs=500, version=version, learnt_from="m")
    other = blend(prior, {}, prior_pairs=1, version=version, learnt_from="u")
    learnt = {}
    for comparison in COMPARISONS:
        total = sum(counts["random_pairs"].get(code, 0) for code in comparison.codes)
        for code in comparison.codes:
            seen, u = counts["random_pairs"].get(code, 0), other.probabilities[code][1]
            learnt[code] = (_raised(same, comparison, code), (seen + 50_000 * u) / (total + 50_000))
    return make_model(
        version=version,
        learnt_from="shipped",
        pairs=same.pairs,
        share_in_register=0.94,
        probabilities=learnt,
    )


def _raised(model: Model, comparison: Comparison, code: str) -> float:
    """The level's m, with those that synth makes too seldom raised to what sources really do."""
    m = {c: max(model.probabilities[c][0], _SELDOM.get(c, 0.0)) for c in comparison.codes}
    return m[code] / sum(m.values())
