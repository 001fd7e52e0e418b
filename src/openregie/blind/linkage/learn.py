"""Learn a model: from records that carry a BSN, else by expectation maximisation (EM)."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from openregie.blind.linkage.comparisons import TRAITS
from openregie.blind.linkage.config import Learning
from openregie.blind.linkage.model import Model, blend


def learn_from_bsn(con: DuckDBPyConnection, prior: Model, learning: Learning) -> Model:
    """Count how BSN-matched pairs agree (`link_bsn_scored`); contradicted ones are left out."""
    counts: dict[str, int] = {}
    for trait in TRAITS:
        rows = con.execute(
            f"""
            SELECT s.{trait}, count(*) FROM link_bsn_scored s
            JOIN link_records r ON r.unique_id = s.r
            WHERE s.{trait} IS NOT NULL
              AND r.record_id NOT IN (SELECT record_id FROM link_contradicted)
            GROUP BY 1 ORDER BY 1
            """
        ).fetchall()
        counts |= dict(rows)
    return blend(
        prior, counts, prior_pairs=learning.prior_pairs, version="learnt", learnt_from="bsn-pairs"
    )


def learn_from_em(con: DuckDBPyConnection, prior: Model, learning: Learning) -> Model:
    """The shipped model for now."""
    return prior
