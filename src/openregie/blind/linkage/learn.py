"""Learn a model: from records that carry a BSN, else by expectation maximisation (EM)."""

from __future__ import annotations

from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind.linkage.comparisons import COMPARISONS, TRAITS
from openregie.blind.linkage.config import Learning
from openregie.blind.linkage.errors import TooLittleToLearn
from openregie.blind.linkage.model import Model, blend
from openregie.blind.linkage.score import quiet_splink, splink_linker, splink_settings

_EM_BLOCKS = (
    # on name: teaches birth and address. Never on address: relatives would look like one person
    ("l.whole = r.whole AND l.ini1 = r.ini1", ("birth", "birth_part", "address")),
    # on birth date and postcode: teaches names; only twins are two people there
    ("l.birth = r.birth AND l.pc = r.pc", ("surname", "given", "initials")),
)
_EM_PAIRS = 500_000
_LEAST_AGREEMENT = 0.5


def learn_from_bsn(con: DuckDBPyConnection, prior: Model, learning: Learning) -> Model:
    """Count how BSN-matched pairs agree (`link_bsn_scored`); contradicted ones are left out."""
    counts: dict[str, float] = {}
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
    """Let Splink estimate m by EM, starting from a prior that keeps half the weight.

    A trait that EM could not estimate, or whose levels of agreement come out below a half, keeps
    the prior's chances. Raises TooLittleToLearn when nothing is left or there are too few records.
    """
    records = int(con.execute("SELECT count(*) FROM link_open").fetchall()[0][0])
    if records < learning.min_records_for_em:
        raise TooLittleToLearn(
            "linkage: too few records to learn a model from; the shipped model serves"
        )
    counts: dict[str, float] = {}
    with quiet_splink():
        for rule, names in _EM_BLOCKS:
            found = _estimate(con, prior, rule)
            for name in names:
                counts |= _sensible(name, found, learning.prior_pairs)
    if not counts:
        raise TooLittleToLearn("linkage: no trait could be estimated; the shipped model serves")
    return blend(prior, counts, prior_pairs=learning.prior_pairs, version="em", learnt_from="em")


def _estimate(con: DuckDBPyConnection, prior: Model, rule: str) -> dict[str, float]:
    """The m of each level after EM on one block; empty when the block holds too little."""
    from splink.internals.exceptions import EMTrainingException  # noqa: PLC0415 - imports slowly

    linker: Any = splink_linker(con, splink_settings(prior.probabilities, prior_bits=-10.0))
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, max_pairs=_EM_PAIRS, fix_u_probabilities=True
        )
    except (EMTrainingException, ZeroDivisionError):
        return {}
    settings = linker.misc.save_model_to_json()
    return {
        level["label_for_charts"]: float(level["m_probability"])
        for comparison in settings["comparisons"]
        for level in comparison["comparison_levels"]
        if level.get("m_probability") is not None
    }


def _sensible(name: str, found: dict[str, float], weight: int) -> dict[str, float]:
    """EM's chances of one comparison as counts; none when they make no sense."""
    comparison = next(c for c in COMPARISONS if c.name == name)
    m = {code: found.get(code, 0.0) for code in comparison.codes}
    agreement = sum(m.values()) - m[f"{name}_differs"]
    if agreement < _LEAST_AGREEMENT:
        return {}
    return {code: weight * chance for code, chance in m.items()}
