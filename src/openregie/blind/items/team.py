"""What the debt team receives by law: reports on one address, as their suppliers delivered them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind.items.facts import Wording
from openregie.blind.items.invitations import POST_DAYS, Invitations
from openregie.blind.items.texts import iso
from openregie.blind.streams.stream import ROLE_TYPES
from openregie.terms import Lane

FIRST_TALK_DAYS = 28
"""First talk within four weeks (Wgs art. 4 lid 1)."""
URGENT_DAYS = 3
"""First talk within three working days when eviction or cut-off threatens (Wgs art. 4 lid 2)."""


@dataclass(frozen=True, slots=True)
class TeamSignal:
    """A signal for a team, and the day from which the team may open it.

    `subjects` are the persons it is about; they never leave the run with the signal.
    """

    team: str
    signal_id: str
    rule: str
    release_on: date
    body: Mapping[str, Any]
    subjects: tuple[str, ...]


def signals_for_teams(
    con: DuckDBPyConnection, wording: Wording, invitations: Invitations, *, on: date
) -> tuple[TeamSignal, ...]:
    """Compose every signal of the `wgs` lane for the team that the policy names.

    It holds what suppliers delivered and nothing of the register: no register address, no other
    domain, no candidate person. It may be opened only after the residents' own letters were
    posted, and never later than the law allows.
    """
    reports = _reports(con, wording)
    neighbourhoods = dict(con.execute("SELECT person, neighbourhood FROM register").fetchall())
    subjects = defaultdict(list)
    for signal_id, person in con.execute(
        "SELECT signal_id, person FROM signal_subjects ORDER BY signal_id, person"
    ).fetchall():
        subjects[signal_id].append(person)
    made = []
    for signal_id, rule, version, facts, act_by_on in con.execute(
        "SELECT signal_id, rule, version, facts, act_by_on FROM signals "
        "WHERE lane = 'wgs' ORDER BY signal_id"
    ).fetchall():
        told = [reports[fact] for fact in json.loads(facts)]
        stream = wording.streams[told[0]["stream"]]
        body = {
            "v": 1,
            "kind": "wgs_signal",
            "signal": signal_id,
            "rule": rule,
            "version": version,
            "law": {"id": stream.law, "article": stream.article},
            "actByOn": iso(act_by_on),
            "reports": told,
        }
        letters = [invitations.letter_on(p, neighbourhoods.get(p)) for p in subjects[signal_id]]
        release_on = _release_on(letters, urgent=any(r["crisis"] for r in told), on=on)
        for decision in wording.policy.recipients(
            law=stream.law,
            lane=Lane.WGS,
            purpose=stream.purpose_id,
            fact=stream.fact,
        ):
            who = tuple(subjects[signal_id])
            made.append(TeamSignal(decision.question.who, signal_id, rule, release_on, body, who))
    return tuple(made)


def _release_on(letters: list[date], *, urgent: bool, on: date) -> date:
    read = max((day + timedelta(days=POST_DAYS) for day in letters), default=on)
    latest = on + timedelta(days=URGENT_DAYS if urgent else FIRST_TALK_DAYS)
    return max(on, min(read, latest))


def _reports(con: DuckDBPyConnection, wording: Wording) -> Mapping[str, dict[str, Any]]:
    """Return per fact what the supplier delivered: contact details and amount, nothing else."""
    contact = ", ".join(f"i.{role}" for role in ROLE_TYPES)
    rows = con.execute(
        f"""
        SELECT f.fact_id, f.stream, f.supplier, f.amount_cents, f.started_on, f.signalled_on,
               f.crisis, {contact}
        FROM facts f JOIN identities i USING (record_id)
        WHERE f.law = 'wgs' AND f.kind = 'arrears'
        """
    ).fetchall()
    found = {}
    for fact, stream, supplier, cents, started, signalled, crisis, *delivered in rows:
        declared = {column.role for column in wording.streams[stream].columns}
        found[fact] = {
            "stream": stream,
            "supplier": supplier,
            "amountCents": cents,
            "startedOn": iso(started),
            "signalledOn": iso(signalled),
            "crisis": bool(crisis),
            "contact": {
                role: iso(value) if isinstance(value, date) else value
                for role, value in zip(ROLE_TYPES, delivered, strict=True)
                if value not in (None, "") and role in declared
            },
        }
    return found


def urgent_neighbourhoods(con: DuckDBPyConnection) -> frozenset[str]:
    """Return where a cut-off or eviction is announced to somebody: these are written to first."""
    rows = con.execute(
        """
        SELECT DISTINCT r.neighbourhood
        FROM facts f JOIN fact_places p USING (fact_id) JOIN register r ON r.person = p.person
        WHERE f.crisis AND f.law = 'wgs' AND r.neighbourhood IS NOT NULL
        """
    ).fetchall()
    return frozenset(row[0] for row in rows)
