"""A fact as its resident reads it: what, from whom, since when, by which law, until when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind.items.texts import LANGUAGES, both, fill, iso
from openregie.blind.streams.stream import Column, ColumnType, Kind, Stream
from openregie.policy.book import PolicyBook
from openregie.terms import Lane

SHOWN_BY_TYPE = {
    ColumnType.EUROS: "cents",
    ColumnType.DECIMAL_EUROS: "cents",
    ColumnType.DATE: "date",
    ColumnType.PARTIAL_DATE: "date",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.CHOICE: "choice",
}
AMOUNT = "amount_cents"
"""The amount stands beside the title; it is not told twice."""
YES_NO = {True: {"nl": "ja", "en": "yes"}, False: {"nl": "nee", "en": "no"}}


@dataclass(frozen=True, slots=True)
class Wording:
    """What turns facts into words: the declared streams, the names of laws, the policy."""

    streams: Mapping[str, Stream]
    laws: Mapping[str, Mapping[str, str]]
    policy: PolicyBook


def law_of(wording: Wording, law: str, article: str) -> dict[str, Any]:
    """Return a law and its article as an item shows them."""
    return {"id": law, "article": article, **{k: wording.laws[law][k] for k in LANGUAGES}}


def audience_of(wording: Wording, stream: Stream) -> list[str]:
    """Return who receives this kind of fact: the resident, and whom the law names."""
    asked = wording.policy.recipients(
        law=stream.law,
        lane=Lane.WGS,
        purpose=stream.purpose_id,
        fact=stream.fact,
    )
    teams = [one.question.who for one in asked] if Lane.WGS in stream.lanes else []
    return ["resident", *teams]


def bodies(con: DuckDBPyConnection, wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (reader, fact id, body) for every fact that a reader may see, in a fixed order."""
    rows = con.execute(
        """
        SELECT v.reader, f.fact_id, f.record_id, f.stream, f.supplier, v.why,
               split_part(r.given_names, ' ', 1) AS subject_name,
               f.amount_cents, f.details, f.signalled_on, f.started_on, f.ends_on,
               l.method, l.reasons, d.correction, d.on_day
        FROM visible v
        JOIN facts f USING (fact_id)
        LEFT JOIN register r ON r.person = f.subject
        LEFT JOIN links l ON l.record_id = f.record_id AND l.person = f.subject
        LEFT JOIN disputes d ON d.record_id = f.record_id AND d.person = f.subject
        ORDER BY v.reader, f.fact_id
        """
    ).fetchall()
    names = [column[0] for column in con.description or ()]
    for row in rows:
        told = dict(zip(names, row, strict=True))
        yield told["reader"], told["fact_id"], _body(told, wording)


def _body(told: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    stream = wording.streams[told["stream"]]
    details = json.loads(told["details"])
    disputed = told["correction"]
    return {
        "v": 1,
        "kind": "fact",
        "record": told["record_id"],
        "stream": stream.name,
        "factKind": stream.fact,
        "domain": str(stream.domain),
        "law": law_of(wording, stream.law, stream.article),
        "source": {
            "name": told["supplier"],
            "kind": {"nl": stream.source.nl, "en": stream.source.en},
        },
        "subject": "self" if told["why"] == "self" else {"name": told["subject_name"] or ""},
        "title": _title(stream, details),
        "amountCents": told["amount_cents"],
        "fields": [field for column in stream.columns if (field := _field(column, details))],
        "eventOn": iso(told["signalled_on"] or told["started_on"]),
        "endsOn": iso(told["ends_on"]),
        "deleteOn": _delete_on(stream, told["signalled_on"], told["ends_on"]),
        "audience": audience_of(wording, stream),
        "disputed": {"kind": disputed, "on": iso(told["on_day"])} if disputed else None,
        "link": {"method": _method(told["method"]), "reasons": _reasons(told["reasons"])},
    }


def _title(stream: Stream, details: Mapping[str, Any]) -> dict[str, str]:
    template = stream.says or stream.title
    said = {c.field: _said(c, details[c.field]) for c in stream.columns if c.field in details}
    return fill({"nl": template.nl, "en": template.en}, said)


def _said(column: Column, value: Any) -> dict[str, str]:
    if value is None:
        return both("")
    if label := column.labels.get(str(value)):
        return {"nl": label.nl, "en": label.en}
    return both(str(value))


def _field(column: Column, details: Mapping[str, Any]) -> dict[str, Any] | None:
    value = details.get(column.field)
    says_nothing = value in (None, "", False) or len(column.choices) == 1
    if says_nothing or column.key or column.role or column.field == AMOUNT:
        return None
    shown: Any = value
    if column.type is ColumnType.BOOLEAN:
        shown = YES_NO[bool(value)]
    elif column.labels:
        shown = _said(column, value)
    elif column.type not in {ColumnType.EUROS, ColumnType.DECIMAL_EUROS, ColumnType.INTEGER}:
        shown = str(value)
    label = {"nl": column.words.nl, "en": column.words.en}
    return {"label": label, "value": shown, "type": SHOWN_BY_TYPE.get(column.type, "text")}


def _delete_on(stream: Stream, signalled_on: date | None, ends_on: date | None) -> str | None:
    """Day on which we must forget it; None: when its source no longer delivers it."""
    last = signalled_on if stream.kind is Kind.EVENTS else ends_on
    return iso(last + timedelta(days=stream.retention_days)) if last else None


def _reasons(reasons: str | None) -> list[dict[str, str]]:
    known = json.loads(reasons) if reasons else []
    return [{k: r[k] for k in LANGUAGES} for r in known if all(k in r for k in LANGUAGES)]


def _method(method: str | None) -> str:
    """How the person was found; a link kept from an earlier run was once found by name."""
    return "bsn" if method == "bsn" else "name"
