"""How a run ends: every exit written, the memory kept, and the hand-over numbered in one step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind import exits, memory
from openregie.blind.content import Content
from openregie.blind.enrolled import Reader
from openregie.blind.exits import Door, Receipt
from openregie.blind.items.invitations import Invitations
from openregie.blind.items.ledger import Changes
from openregie.blind.items.team import TeamSignal
from openregie.blind.memory import Memory
from openregie.envelope import handover
from openregie.envelope.suites import SignatureAlgorithm
from openregie.insight.budget import Budget, Release
from openregie.terms import Progress


@dataclass(frozen=True, slots=True)
class Made:
    """What a run made, still in the clear and in memory."""

    readers: Sequence[Reader]
    changes: Changes
    letters: Invitations
    signals: Sequence[TeamSignal]
    budget: Budget
    releases: Sequence[Release]
    refused: Sequence[str]
    model: str
    logged: bool


def leave(
    con: DuckDBPyConnection,
    directory: Path,
    made: Made,
    known: Memory,
    content: Content,
    door: Door,
    *,
    files: Sequence[Mapping[str, Any]],
    progress: Progress,
) -> Receipt:
    """Keep the memory, then write every exit, then give the hand-over its number.

    INVARIANT: the memory of run n, with what was drawn and charged, is on disk before anything
    of hand-over n is; nothing is handed over before all of it is on disk. A crash in between
    leaves what the next run replaces, except the noise, which it takes over.
    """
    fresh = [
        (signal, exits.reference(signal, door.tenant_secret))
        for signal in made.signals
        if exits.reference(signal, door.tenant_secret) not in known.handed
    ]
    told, untold = _tell(fresh, known, made.readers)
    events, mailboxes = exits.events(made.changes, made.readers, told, door, progress)
    release = {**content.release.to_json(), "logged": made.logged}
    receipt = exits.receipt(con, files, made.changes, made.readers, door, release=release)
    after = Memory(
        number=door.number,
        mailboxes=mailboxes,
        budget=made.budget,
        model=made.model,
        invited=made.letters.invited,
        handed={**known.handed, **{ref: s.release_on.isoformat() for s, ref in fresh}},
        untold=untold,
        kept_links=memory.keep_links(con, "links_to_keep"),
    )
    memory.remember(directory / "state", after, recipient=door.keys.age_recipient)
    parts: dict[str, Iterable[bytes]] = {
        "items.jsonl": exits.items(made.changes, made.readers, door, progress),
        "events.jsonl": events,
        "team.jsonl": exits.team_parts([signal for signal, _ in fresh], door),
        "labels.jsonl": exits.labels(made.letters, door),
        "relations.jsonl": exits.relations(con, made.readers, door),
        "counts.json": exits.counts(made.releases, made.refused),
        "receipt.json": exits.one_line(receipt.to_json()),
        **exits.returns(con, content.streams, door),
    }
    unfinished = handover.write(
        directory / "handover",
        parts,
        tenant=door.keys.tenant,
        number=door.number,
        day=door.on.isoformat(),
        run=receipt.to_json()["decisions"],
        signer=door.keys.signers[SignatureAlgorithm.ED25519],
    )
    handover.finish(unfinished)
    return receipt


Told = dict[str, list[dict[str, str]]]


def _tell(
    fresh: Sequence[tuple[TeamSignal, str]], known: Memory, readers: Sequence[Reader]
) -> tuple[Told, Told]:
    """Say what went to a team, to the readers it is about; keep the rest until they enrol."""
    untold: Told = defaultdict(list, {person: list(told) for person, told in known.untold.items()})
    for signal, ref in fresh:
        handed = {"team": signal.team, "rule": signal.rule, "ref": ref}
        for person in signal.subjects:
            untold[person].append({**handed, "releaseOn": signal.release_on.isoformat()})
    told: Told = {r.person: untold.pop(r.person) for r in readers if r.person in untold}
    return told, dict(untold)
