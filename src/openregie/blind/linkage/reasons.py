"""Why a record was linked, in words: a JSON list of code, sentences and bits for each link."""

from __future__ import annotations

import json

import pyarrow as pa
from duckdb import DuckDBPyConnection

from openregie.blind.linkage.config import LinkConfig

# INVARIANT: nothing about the address of a person with a secret address is ever a reason


def explain(con: DuckDBPyConnection, config: LinkConfig) -> None:
    """Write `link_reasons(r, reasons)` for every row of `link_decided`."""
    texts = sorted(config.reasons.items())
    con.register(
        "link_texts_arrow",
        pa.table(
            {
                "code": [code for code, _ in texts],
                "nl": [text["nl"] for _, text in texts],
                "en": [text["en"] for _, text in texts],
            }
        ),
    )
    con.execute("CREATE OR REPLACE TEMP TABLE link_texts AS SELECT * FROM link_texts_arrow")
    con.unregister("link_texts_arrow")
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_reasons AS
        WITH lines AS (
            SELECT d.r, 0 AS place, CASE d.class WHEN 'none' THEN coalesce(d.guard, 'nothing_close')
                WHEN 'household' THEN coalesce(d.guard, 'household_only')
                ELSE d.guard END AS code, 0.0 AS bits
            FROM link_decided d
            UNION ALL SELECT d.r, 1, b.surname, b.surname_bits
            FROM link_decided d JOIN link_best b USING (r) WHERE d.class <> 'none'
            UNION ALL SELECT d.r, 2, b.given, b.given_bits
            FROM link_decided d JOIN link_best b USING (r) WHERE d.class IN ('certain', 'review')
            UNION ALL SELECT d.r, 3, b.birth, b.birth_bits
            FROM link_decided d JOIN link_best b USING (r) WHERE d.class IN ('certain', 'review')
            UNION ALL SELECT d.r, 4, b.address, b.address_bits
            FROM link_decided d JOIN link_best b USING (r) WHERE d.class <> 'none' AND NOT b.secret
        )
        SELECT r, to_json(list({'code': code, 'nl': nl, 'en': en, 'bits': bits}
            ORDER BY place, code))::VARCHAR AS reasons
        FROM lines JOIN link_texts USING (code) GROUP BY r
        """
    )


def reason_json(config: LinkConfig, code: str) -> str:
    """The reasons of a link that one guard or the BSN decided."""
    text = config.reasons[code]
    return json.dumps(
        [{"code": code, "nl": text["nl"], "en": text["en"], "bits": 0.0}],
        ensure_ascii=False,
        separators=(",", ":"),
    )
