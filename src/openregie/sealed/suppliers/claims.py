"""What a supplier says about a delivery, and the manifest the server makes of it.

Source: docs/specs/delivery.md. The run judges the same words again, against the declaration.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openregie.sealed.suppliers.errors import ClaimsRefused

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_MOST_ATTESTS = 20
_ID_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Claims:
    """For which stream, about which days, and which conditions are attested."""

    stream: str
    from_on: date
    until_on: date
    attests: tuple[str, ...]


def parse_claims(
    stream: str, covers_from: str, covers_until: str, attests: Sequence[str], *, today: date
) -> Claims:
    """What was said, judged as far as this zone can. Raises ClaimsRefused."""
    if not is_word(stream):
        raise ClaimsRefused("query `stream`: name one of your streams")
    from_on, until_on = _day(covers_from, "coversFrom"), _day(covers_until, "coversUntil")
    if from_on > until_on:
        raise ClaimsRefused("query `coversFrom`: lies after coversUntil; swap them")
    if until_on > today:
        raise ClaimsRefused("query `coversUntil`: lies in the future; correct the day")
    if len(attests) > _MOST_ATTESTS or not all(map(is_word, attests)):
        raise ClaimsRefused("query `attests`: conditions of the stream, one each time")
    return Claims(stream, from_on, until_on, tuple(sorted(set(attests))))


def is_word(text: str) -> bool:
    """Whether a text can be the name of a stream or a condition."""
    return _WORD.fullmatch(text) is not None


def manifest_of(
    claims: Claims, *, supplier: str, oin: str, today: date, sha256: str
) -> dict[str, Any]:
    """The manifest: supplier of the account, day of the clock, digest of the bytes."""
    return {
        "v": 1,
        "stream": claims.stream,
        "supplier": {"name": supplier, "oin": oin},
        "delivered_on": today.isoformat(),
        "covers": {
            "from_on": claims.from_on.isoformat(),
            "until_on": claims.until_on.isoformat(),
        },
        "attests": list(claims.attests),
        "sha256": sha256,
    }


def delivery_id_of(manifest: dict[str, Any]) -> str:
    """The same file from the same source on the same day is the same delivery."""
    parts = (
        manifest["stream"],
        manifest["supplier"]["oin"],
        manifest["delivered_on"],
        manifest["sha256"],
    )
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:_ID_CHARACTERS]


def _day(text: str, name: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ClaimsRefused(f"query `{name}`: must be a day as 2026-11-05")
