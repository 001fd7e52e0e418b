"""A signal as its reader reads it: what stands out, why, what can be done, what never follows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind.items.facts import Wording, law_of
from openregie.blind.items.texts import iso
from openregie.policy.decision import Decision
from openregie.rules.book import RuleBook
from openregie.rules.rule import Offer, Rule, Step
from openregie.terms import Lane

ONLY_YOU = {
    "nl": "Alleen u ziet dit bericht. Niemand anders.",
    "en": "Only you see this message. Nobody else.",
}


def bodies(
    con: DuckDBPyConnection,
    rules: RuleBook,
    wording: Wording,
    item_of: Mapping[tuple[str, str], str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (reader, body) for every signal of the own view, in a fixed order.

    Shape: `item_of` gives per (reader, fact id) the id of that reader's own fact item.
    """
    for reader, name, version, facts, act_by_on, values in con.execute(
        "SELECT reader, rule, version, facts, act_by_on, values FROM signals "
        "WHERE lane = 'own-view' ORDER BY reader, signal_id"
    ).fetchall():
        rule = rules.find(name, version)
        told = json.loads(values)
        rows = _received_by(rule, rules, wording)
        yield (
            reader,
            {
                "v": 1,
                "kind": "signal",
                "rule": rule.name,
                "version": rule.version,
                "domain": str(rule.domain),
                "title": told["title"],
                "text": told["text"],
                "why": told["why"],
                "steps": told["steps"],
                "parameters": told["parameters"],
                "never": told["never"],
                "facts": sorted(item_of[reader, fact] for fact in json.loads(facts)),
                "totalCents": told.get("total") if isinstance(told.get("total"), int) else None,
                "actByOn": iso(act_by_on),
                "law": law_of(wording, rule.law, rule.article),
                "certainty": rule.certainty,
                "audience": ["resident", *(row.question.who for row in rows)],
                "seen_by": dict(rows[0].articles[0].sees) if rows else ONLY_YOU,
                "step": _step(rule.step),
                "offers": [_offer(offer) for offer in rule.offers],
            },
        )


def _received_by(rule: Rule, rules: RuleBook, wording: Wording) -> tuple[Decision, ...]:
    """Return whom the law tells the same: only where the rule has a counterpart in the wgs lane."""
    other = next((r for r in rules.rules if r.name == rule.counterpart), None)
    if other is None or other.lane is not Lane.WGS:
        return ()
    kinds = {kind for facts in other.sets for kind in facts.kinds}
    return tuple(
        row
        for fact in sorted(kinds)
        for row in wording.policy.recipients(
            law=other.law, lane=other.lane, purpose=other.purpose_id, fact=fact
        )
    )


def _step(step: Step) -> dict[str, Any]:
    return {"title": step.title.to_json(), "minutes": step.minutes, "href": step.href}


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "title": offer.title.to_json(),
        "text": offer.text.to_json(),
        "where": offer.where,
        "minutes": offer.minutes,
        "href": offer.href,
    }
