"""Records to linked persons: the linkage stop of the blind run, top to bottom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from openregie.blind.linkage.bsn import find_bsn_links, find_contradicted, pair_bsn_links
from openregie.blind.linkage.candidates import find_candidates
from openregie.blind.linkage.config import LinkConfig
from openregie.blind.linkage.decide import decide
from openregie.blind.linkage.errors import TableMissing, TooLittleToLearn
from openregie.blind.linkage.keep import find_kept
from openregie.blind.linkage.learn import learn_from_bsn, learn_from_em
from openregie.blind.linkage.model import Model, shipped_model
from openregie.blind.linkage.prepare import prepare_records, prepare_register
from openregie.blind.linkage.reasons import explain, reason_json
from openregie.blind.linkage.score import score_pairs
from openregie.terms import Progress, silent

STOP = "linkage"
_STEPS = 7


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What linking did, in counts only. `model` is the one to hand to the next run."""

    classes: Mapping[str, int]
    methods: Mapping[str, int]
    records: int
    people: int
    pairs: int
    kept: int
    prepared: int
    """Rows of the register that were prepared in this call; what was prepared before is used."""
    model: Model


def link(
    con: DuckDBPyConnection,
    *,
    config: LinkConfig,
    model: Model | None = None,
    kept: str | None = None,
    corrections: str | None = None,
    progress: Progress = silent,
) -> LinkReport:
    """Link every row of `identities` to the persons of `register`.

    Shape: writes `links` (one row per record, in order of `record_id`) and `links_to_keep`, the
    table to hand back as `kept` next time. `kept` and `corrections` name tables: `corrections`
    holds `(record_id, person)` pairs that are forbidden. Without `model` the run learns one from
    records with a BSN, else by expectation maximisation, else uses the shipped one.
    The prepared register stays on the connection: another call with new `identities` (one record,
    or ten thousand) or a changed `register` prepares only what changed, with the same links.
    Raises TableMissing, ModelInvalid.
    """
    _check_tables(con, kept, corrections)
    progress(STOP, 0, _STEPS)
    prepared = prepare_register(con)
    find_bsn_links(con)
    _choose_identities(con)
    prepare_records(con)
    progress(STOP, 1, _STEPS)
    people = _count(con, "link_people")
    model = _weigh_bsn_links(con, config, model, people)
    progress(STOP, 2, _STEPS)
    pairs = _weigh_names(con, config, model, kept, corrections, progress)
    decide(con, config, prior_bits=model.prior_bits(people))
    progress(STOP, 5, _STEPS)
    explain(con, config)
    progress(STOP, 6, _STEPS)
    _write_links(con, config, corrections)
    progress(STOP, _STEPS, _STEPS)
    return LinkReport(
        classes=_counts(con, "class"),
        methods=_counts(con, "method"),
        records=_count(con, "links"),
        people=people,
        pairs=pairs,
        kept=_count(con, "link_kept"),
        prepared=prepared,
        model=model,
    )


def _check_tables(con: DuckDBPyConnection, kept: str | None, corrections: str | None) -> None:
    present = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    present |= {name for (name,) in con.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    for table in ("identities", "register", kept, corrections):
        if table is not None and table not in present:
            raise TableMissing(f"linkage: table `{table}` is missing; read the streams first")
    doubles = con.execute(
        "SELECT (SELECT count(*) - count(DISTINCT person) FROM register),"
        " (SELECT count(*) - count(DISTINCT record_id) FROM identities)"
    ).fetchall()[0]
    if doubles != (0, 0):
        raise TableMissing(
            "linkage: `register.person` and `identities.record_id` must be unique and not empty; "
            "read the streams again"
        )


def _choose_identities(con: DuckDBPyConnection) -> None:
    """Records that say more than a BSN, or have no BSN that links them."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_identities AS
        SELECT i.* FROM identities i LEFT JOIN link_bsn b USING (record_id)
        WHERE b.person IS NULL OR i.surname IS NOT NULL
        """
    )


def _weigh_bsn_links(
    con: DuckDBPyConnection, config: LinkConfig, model: Model | None, people: int
) -> Model:
    """Weigh the BSN links, to find contradictions and to learn a model from when none was given."""
    known = model or shipped_model(config.model)
    count = pair_bsn_links(con)
    score_pairs(
        con,
        known.probabilities,
        prior_bits=known.prior_bits(people),
        pairs="link_bsn_pairs",
        into="link_bsn_scored",
        keep_all=True,
    )
    find_contradicted(con)
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_open AS
        SELECT r.* FROM link_records r
        WHERE record_id NOT IN (SELECT record_id FROM link_bsn WHERE person IS NOT NULL)
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_elsewhere AS
        SELECT unique_id AS r FROM link_open JOIN link_bsn USING (record_id)
        """
    )
    if model is not None:
        return model
    if count >= config.learning.min_bsn_pairs:
        return learn_from_bsn(con, known, config.learning)
    try:
        return learn_from_em(con, known, config.learning)
    except TooLittleToLearn:
        return known


def _weigh_names(
    con: DuckDBPyConnection,
    config: LinkConfig,
    model: Model,
    kept: str | None,
    corrections: str | None,
    progress: Progress,
) -> int:
    people = _count(con, "link_people")
    find_candidates(con, config.blocking)
    progress(STOP, 3, _STEPS)
    _find_forbidden(con, corrections)
    find_kept(con, config, kept)
    score_pairs(
        con, model.probabilities, prior_bits=model.prior_bits(people), pairs="link_todo_pairs"
    )
    progress(STOP, 4, _STEPS)
    return _count(con, "link_todo_pairs")


def _find_forbidden(con: DuckDBPyConnection, corrections: str | None) -> None:
    source = (
        f"SELECT DISTINCT r.unique_id AS r, p.unique_id AS p FROM {corrections} c"
        " JOIN link_records r USING (record_id) JOIN link_people p USING (person)"
        if corrections
        else "SELECT 0 AS r, 0 AS p WHERE FALSE"
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE link_forbidden AS {source}")


def _write_links(con: DuckDBPyConnection, config: LinkConfig, corrections: str | None) -> None:
    undone = (
        f"EXISTS (SELECT 1 FROM {corrections} c"
        " WHERE c.record_id = b.record_id AND c.person = b.person)"
        if corrections
        else "FALSE"
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE links AS
        WITH by_bsn AS (
            SELECT b.*, {undone} AS undone,
                b.record_id IN (SELECT record_id FROM link_contradicted) AS contradicted
            FROM link_bsn b WHERE person IS NOT NULL
        )
        SELECT b.record_id, i.stream,
            CASE WHEN NOT undone AND NOT contradicted THEN b.person END AS person,
            CASE WHEN undone OR contradicted THEN 'review' ELSE 'certain' END AS class,
            NULL::VARCHAR AS household_address, 1.0::DOUBLE AS probability,
            0.0::DOUBLE AS margin_bits, 'bsn' AS method,
            CASE WHEN undone THEN $undone WHEN contradicted THEN $contradicted
                ELSE $equal END AS reasons
        FROM by_bsn b JOIN identities i USING (record_id)
        UNION ALL
        SELECT r.record_id, i.stream, CASE WHEN d.class = 'certain' THEN p.person END, d.class,
            CASE WHEN d.class = 'household' THEN d.household_address END,
            CASE d.class WHEN 'household' THEN d.household_probability
                ELSE d.probability END::DOUBLE,
            d.margin_bits::DOUBLE, 'name', w.reasons
        FROM link_decided d JOIN link_records r ON r.unique_id = d.r
        JOIN identities i USING (record_id)
        LEFT JOIN link_people p ON p.unique_id = d.p JOIN link_reasons w ON w.r = d.r
        UNION ALL
        SELECT k.record_id, i.stream, k.person, k.class, k.household_address, k.probability,
            k.margin_bits, 'kept', k.reasons
        FROM link_kept k JOIN identities i USING (record_id)
        ORDER BY record_id
        """,
        {
            "undone": reason_json(config, "link_undone"),
            "contradicted": reason_json(config, "bsn_contradicted"),
            "equal": reason_json(config, "bsn_equal"),
        },
    )
    con.execute(
        """
        CREATE OR REPLACE TABLE links_to_keep AS
        SELECT l.record_id, d.identity_digest, l.person, l.class, l.household_address,
            l.probability, l.margin_bits, l.reasons
        FROM links l JOIN link_digests d USING (record_id) ORDER BY l.record_id
        """
    )


def _count(con: DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _counts(con: DuckDBPyConnection, column: str) -> dict[str, int]:
    return dict(
        con.execute(f"SELECT {column}, count(*) FROM links GROUP BY 1 ORDER BY 1").fetchall()
    )
