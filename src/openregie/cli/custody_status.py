"""What `openregie custody status` says: who can open what, and what is still to be done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openregie.envelope import custody, custody_agent, custody_ceremony, custody_files
from openregie.envelope.shares import Lock

PLAIN, LOCKED, UNFINISHED = "plain", "locked", "unfinished"


def state(directory: Path) -> str:
    """`plain`: whoever reads the disk opens all; `locked`; `unfinished`: a ceremony broke off."""
    if custody_files.unfinished(directory):
        return UNFINISHED
    if not custody.is_locked(directory):
        return PLAIN
    fits = custody_files.public_fits(directory, custody_files.read_locked(directory))
    return UNFINISHED if custody_files.plain_secrets(directory) or not fits else LOCKED


def look(directory: Path, *, synthetic: bool) -> dict[str, Any]:
    """Everything that can be said without a share. Raises CustodyError."""
    now = state(directory)
    others = custody_files.secrets_of_others(directory)
    told: dict[str, Any] = {
        "state": now,
        "synthetic": synthetic,
        "plain": [path.name for path in custody_files.plain_secrets(directory)],
        "keysOfOthers": others,
        "held": [lock.value for lock in Lock if custody_agent.is_held(directory, lock)],
        "todo": _todo(now, others, synthetic=synthetic),
    }
    return told | (_ceremony(directory) if custody.is_locked(directory) else {})


def lines(told: dict[str, Any]) -> str:
    """The same for people."""
    if told["state"] == PLAIN and told["synthetic"]:
        said = ["plain, on purpose: a synthetic municipality, where nothing is secret"]
    elif told["state"] == PLAIN:
        said = ["plain: whoever reads this disk opens everything"]
    else:
        said = [f"{told['state']}: any two of {told['shares']} shares of {told['madeOn']} open"]
        said += [f"  {lock:<8} key {name}" for lock, name in told["fingerprints"].items()]
        said.append(f"  held in memory now: {', '.join(told['held']) or 'nothing'}")
    for old in told.get("earlier", []):
        waiting = f"{old['returns']} returns in the inbox still name them"
        said.append(f"  keys of before: kept until {old['until']} at least; {waiting}")
    said += [f"  to do: {one}" for one in told["todo"]]
    return "\n".join(said)


def near(directory: Path, places: Sequence[Path]) -> list[str]:
    """Shares that lie where they may not stay: beside each other, or on the tenant's own disk."""
    said = []
    if len({path.resolve().parent for path in places}) < len(places):
        said.append("two shares lie in one folder; part them before anybody leaves")
    disk = directory.stat().st_dev
    same = [str(path) for path in places if path.stat().st_dev == disk]
    if same:
        said.append(f"on the municipality's own disk, take away and remove: {', '.join(same)}")
    return said


def _ceremony(directory: Path) -> dict[str, Any]:
    locked = custody_files.read_locked(directory)
    named = custody_ceremony.returns_of(directory)
    return {
        "madeOn": locked.made_on.isoformat(),
        "shares": locked.shares,
        "fingerprints": {lock.value: locked.fingerprints[lock] for lock in Lock},
        "earlier": [
            {"until": old["until"], "returns": sum(named.get(kid, 0) for kid in old["kids"])}
            for old in locked.earlier
        ],
    }


def _todo(now: str, others: Sequence[str], *, synthetic: bool) -> list[str]:
    if now == UNFINISHED:
        return ["a ceremony broke off, or a public key was changed: openregie custody mend"]
    if synthetic:
        return []
    todo = [] if now == LOCKED else ["openregie custody split --to A.share --to B.share"]
    return todo + [f"openregie custody give {name} --to FILE" for name in others]
