"""For whom an item exists by law, asked when it is sealed: permission plays no part here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openregie.policy.errors import PolicyInvalid
from openregie.terms import Lane

FIELDS = frozenset(
    [
        "id",
        "law",
        "article",
        "decree",
        "certainty",
        "lane",
        "purpose",
        "facts",
        "team",
        "team_name",
        "sees",
        "sentence",
    ]
)


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient that a law names: which facts, in which lane, for which purpose."""

    id: str
    law: str
    article: str
    certainty: str
    lane: Lane
    purpose: str
    facts: tuple[str, ...]
    team: str
    team_name: dict[str, str]
    sees: dict[str, str]
    sentence: dict[str, str]


def recipients(
    rows: Iterable[Row], *, law: str, lane: Lane, purpose: str, fact: str
) -> tuple[Row, ...]:
    """Return the rows that let a team receive this item. Empty means: the resident alone.

    Default deny: a law, lane, purpose or kind of fact that no row names has no recipient.
    """
    asked = (law, lane, purpose)
    return tuple(
        row for row in rows if (row.law, row.lane, row.purpose) == asked and fact in row.facts
    )


def load(path: Path) -> tuple[Row, ...]:
    """Read content/policies/law.yaml.

    Raises `PolicyInvalid`, naming the row and the remedy.
    """
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if (
        not isinstance(raw, dict)
        or raw.get("version") != 1
        or not isinstance(raw.get("rows"), list)
    ):
        raise PolicyInvalid(f"{path.name}: expected `version: 1` and a list `rows`")
    return tuple(_row(path, number, row) for number, row in enumerate(raw["rows"], start=1))


def _row(path: Path, number: int, raw: Any) -> Row:
    where = f"{path.name}, row {number}"
    if not isinstance(raw, dict):
        raise PolicyInvalid(f"{where}: expected names and values")
    if unknown := set(raw) - FIELDS:
        raise PolicyInvalid(f"{where}: unknown field `{min(unknown)}`; allowed: {sorted(FIELDS)}")
    if missing := FIELDS - {"decree"} - set(raw):
        raise PolicyInvalid(f"{where}: field `{min(missing)}` is missing")
    if raw["certainty"] not in {"sure", "verify"}:
        raise PolicyInvalid(f"{where}: `certainty` is `sure` or `verify`")
    try:
        lane = Lane(raw["lane"])
    except ValueError as error:
        raise PolicyInvalid(f"{where}: `lane` is one of {[str(x) for x in Lane]}") from error
    texts = {k: str(raw[k]) for k in ("id", "law", "article", "certainty", "purpose", "team")}
    return Row(
        lane=lane,
        facts=tuple(raw["facts"]),
        team_name=dict(raw["team_name"]),
        sees=dict(raw["sees"]),
        sentence=dict(raw["sentence"]),
        **texts,
    )
