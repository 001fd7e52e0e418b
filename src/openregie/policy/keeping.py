"""How long stays what no stream declares: content/retention.yaml, and what a sweep took away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import yaml

from openregie.policy.errors import PolicyInvalid

NAMES = frozenset(
    {
        "hand_over_parts",
        "returned_rows",
        "labels",
        "team_items",
        "sent_returns",
        "tombstones",
        "unfinished",
        "backups",
    }
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Days by name, and the day from which they hold."""

    valid_from: date
    days: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ended:
    """What went with its term, or would go: how many, how many bytes, and why. Never a value."""

    what: str
    number: int
    bytes: int
    why: str

    def to_json(self) -> dict[str, object]:
        """As it is printed."""
        return asdict(self)


def load(path: Path) -> Terms:
    """Read content/retention.yaml. Raises `PolicyInvalid`, naming the row and the remedy."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or raw.get("version") != 1 or not isinstance(raw["terms"], list):
        raise PolicyInvalid(f"{path.name}: expected `version: 1` and a list `terms`")
    if not isinstance(raw.get("valid_from"), date):
        raise PolicyInvalid(f"{path.name}: `valid_from` is no day; write it as 2026-11-25")
    days: dict[str, int] = {}
    for number, row in enumerate(raw["terms"], start=1):
        where = f"{path.name}, row {number}"
        if row["name"] not in NAMES or row["name"] in days:
            raise PolicyInvalid(f"{where}: `name` is each of {', '.join(sorted(NAMES))}, once")
        if type(row["days"]) is not int or row["days"] < 1 or not row["why"]:
            raise PolicyInvalid(f"{where}: `days` is a whole number from 1, and `why` says why")
        days[row["name"]] = row["days"]
    if missing := NAMES - set(days):
        raise PolicyInvalid(f"{path.name}: `{min(missing)}` has no term; add a row")
    return Terms(raw["valid_from"], days)
