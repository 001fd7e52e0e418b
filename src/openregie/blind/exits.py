"""The only ways out: sealed items, labels, noisy counts, relations, returns and a receipt."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from openregie.blind.enrolled import Reader
from openregie.blind.items.invitations import Invitations
from openregie.blind.items.ledger import Changes, Kept
from openregie.blind.items.team import TeamSignal
from openregie.blind.sealers import Lock, Open, OpenEvent, seal_events, seal_items
from openregie.blind.streams.stream import Stream
from openregie.cores import Cores
from openregie.envelope import custody
from openregie.envelope import item as sealing
from openregie.envelope.bundle import seal_to
from openregie.envelope.custody import RunKeys
from openregie.envelope.jcs import canonical
from openregie.envelope.keys import PublicKey
from openregie.envelope.suites import S1
from openregie.insight.budget import Release
from openregie.logbook.entry import Entry, new_salt
from openregie.terms import Compartment, Mailbox, Progress

SEALED = "items.sealed"
"""Type of the log event that a run makes for each resident."""


@dataclass(frozen=True, slots=True)
class Door:
    """What every exit needs: the run's keys, the public keys of others, the day and the number."""

    keys: RunKeys
    tenant_secret: bytes
    teams: Mapping[str, PublicKey]
    print_house: PublicKey
    sources: Mapping[str, PublicKey]
    number: int
    on: date
    cores: Cores = field(default_factory=partial(Cores, 1))
    random_bytes: Callable[[int], bytes] = os.urandom

    @classmethod
    def open(
        cls,
        directory: Path,
        keys: RunKeys,
        tenant_secret: bytes,
        number: int,
        on: date,
        *,
        cores: Cores,
    ) -> Door:
        """Collect the public keys that lie in DIR/public. Raises CustodyError."""
        public = directory / "public"
        teams, sources = (
            sorted(file.stem for file in (public / kind).glob("*.json"))
            for kind in ("teams", "sources")
        )
        return cls(
            keys=keys,
            tenant_secret=tenant_secret,
            teams={team: custody.load_team_public(directory, team) for team in teams},
            print_house=custody.load_print_house_public(directory),
            sources={kind: custody.load_source_public(directory, kind) for kind in sources},
            number=number,
            on=on,
            cores=cores,
        )

    def header(self, mailbox: Mailbox, seq: int) -> sealing.Header:
        """Return what stays readable on the outside of an item."""
        return sealing.Header(self.keys.tenant, mailbox, seq, self.on.isoformat())


def _line(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def one_line(told: Mapping[str, Any]) -> list[bytes]:
    """Return one object as the only line of a part."""
    return [canonical(dict(told))]


def items(
    changes: Changes, readers: Sequence[Reader], door: Door, progress: Progress
) -> Iterator[bytes]:
    """Exit (a): every item sealed to its resident's key; what is gone is named by number alone."""
    for mailbox, seq in changes.remove:
        yield _line({"op": "remove", "mailbox": mailbox, "seq": seq})
    reader_of = {reader.mailbox: reader for reader in readers}
    given = (
        Open(
            addition.item.content,
            door.header(addition.item.mailbox, addition.seq),
            Lock.of(reader_of[addition.item.mailbox], addition.item.compartment),
        )
        for addition in changes.add
    )
    for done, sealed in enumerate(seal_items(door.keys, given, door.cores), start=1):
        yield b'{"op":"add","sealed":' + sealed + b"}"
        progress("seal items", done, len(changes.add))


def events(
    changes: Changes,
    readers: Sequence[Reader],
    handed: Mapping[str, Sequence[Mapping[str, Any]]],
    door: Door,
    progress: Progress,
) -> tuple[list[bytes], dict[Mailbox, Kept]]:
    """One log event per resident per run, also when nothing changed: omission would show.

    Shape: `handed` gives per person what went to a team about them. Returns the lines and the
    ledger with each chain one entry longer.
    """
    added, removed = defaultdict(list), Counter(mailbox for mailbox, _ in changes.remove)
    for addition in changes.add:
        added[addition.item.mailbox].append(addition.item.id)
    ledger = dict(changes.ledger)

    def event(reader: Reader) -> OpenEvent:
        kept = ledger[reader.mailbox]
        told = {
            "v": 1,
            "type": SEALED,
            "day": door.on.isoformat(),
            "run": door.number,
            "added": sorted(added[reader.mailbox]),
            "removed": removed[reader.mailbox],
            "handed": list(handed.get(reader.person, ())),
        }
        seq = kept.event_seq + 1
        entry = Entry("run", seq, kept.event_commit or None, told, reader.mailbox)
        header = door.header(reader.mailbox, seq)
        return OpenEvent(
            entry, new_salt(door.random_bytes), header, Lock.of(reader, Compartment.OWN)
        )

    lines = []
    sealed = seal_events(door.keys, map(event, readers), door.cores)
    for done, (reader, (commit, seal)) in enumerate(zip(readers, sealed, strict=True), start=1):
        kept = ledger[reader.mailbox]
        seq = kept.event_seq + 1
        told = {"mailbox": reader.mailbox, "chain": "run", "seq": seq, "type": SEALED}
        outside = _line({**told, "commit": commit})
        lines.append(outside[:-1] + b',"sealed":' + seal + b"}")
        ledger[reader.mailbox] = replace(kept, event_seq=seq, event_commit=commit)
        progress("seal log events", done, len(readers))
    return lines, ledger


def team_parts(signals: Sequence[TeamSignal], door: Door) -> Iterator[bytes]:
    """Exit (a) for a team that a law names: sealed to its key, with the day it may be opened."""
    for signal in signals:
        ref = reference(signal, door.tenant_secret)
        bundle = seal_to(
            door.teams[signal.team],
            canonical(dict(signal.body)),
            tenant=door.keys.tenant,
            purpose=f"signals/{signal.team}/{ref}",
            signer=door.keys.signers[S1.signature],
        )
        told = {"team": signal.team, "ref": ref, "releaseOn": signal.release_on.isoformat()}
        yield _line({**told, "sealed": bundle})


def reference(signal: TeamSignal, tenant_secret: bytes) -> str:
    """Return the name of a signal towards its team: the same content has the same name."""
    told = canonical({"team": signal.team, "body": dict(signal.body)})
    keyed = hmac.new(tenant_secret, b"openregie/team-signal/v1\0" + told, hashlib.sha256)
    return keyed.hexdigest()[:32]


def labels(invitations: Invitations, door: Door) -> Iterator[bytes]:
    """Exit (b): address labels of one posting day, readable by the print house alone."""
    if not invitations.labels:
        return
    post_on = invitations.post_on.isoformat()
    bundle = seal_to(
        door.print_house,
        canonical([label.to_json() for label in invitations.labels]),
        tenant=door.keys.tenant,
        purpose=f"labels/{post_on}",
        signer=door.keys.signers[S1.signature],
    )
    yield _line({"postOn": post_on, "labels": len(invitations.labels), "sealed": bundle})


def counts(releases: Sequence[Release], refused: Sequence[str]) -> Iterator[bytes]:
    """Exit (c): noisy counts, charged to the budget before they are published."""
    tables = [
        {
            "count": made.count,
            "period": made.period,
            "epsilonMicro": made.epsilon_micro,
            "values": made.values,
        }
        for made in releases
    ]
    yield canonical({"v": 1, "tables": tables, "refused": sorted(refused)})


def relations(con: DuckDBPyConnection, readers: Sequence[Reader], door: Door) -> Iterator[bytes]:
    """Exit (d): about mailboxes only: household bundle, how many adults, next epoch due."""
    facts = {
        person: (household, adults, birthday)
        for person, household, adults, birthday in con.execute(
            """
            WITH sizes AS (
                SELECT household_id, count(*) FILTER (coalesce(age_years, 18) >= 18) AS adults
                FROM households JOIN residents USING (person) GROUP BY household_id
            )
            SELECT person, household_id, adults, birth_on
            FROM readers JOIN households USING (person) JOIN sizes USING (household_id)
            JOIN register USING (person)
            """
        ).fetchall()
    }
    for reader in readers:
        household, adults, birth_on = facts.get(reader.person, (reader.person, 1, None))
        keyed = hmac.new(door.tenant_secret, b"openregie/household/v1\0", hashlib.sha256)
        keyed.update(str(household).encode())
        yield _line(
            {
                "mailbox": reader.mailbox,
                "household": keyed.hexdigest()[:32],
                "adults": adults,
                "epochDueOn": _epoch_due_on(birth_on, door.on),
            }
        )


def _epoch_due_on(birth_on: date | None, on: date) -> str:
    """A new epoch yearly, and at 12, 16 and 18 (docs/specs/envelope.md)."""
    yearly = date(on.year + 1, 1, 1)
    if birth_on is None:
        return yearly.isoformat()
    birthdays = (date(birth_on.year + age, birth_on.month, 1) for age in (12, 16, 18))
    return min([day for day in birthdays if day > on] + [yearly]).isoformat()


def returns(
    con: DuckDBPyConnection, streams: Mapping[str, Stream], door: Door
) -> dict[str, list[bytes]]:
    """Exit (e): rows that need mending, sealed to the source that sent them.

    Shape: part name to lines. Only the source's own columns, never a candidate person.
    """
    rows = _quarantined(con)
    for name, told in _doubtful(con, streams).items():
        rows[name].extend(told)
    made: dict[str, list[bytes]] = {}
    for place, ((stream, oin), told) in enumerate(sorted(rows.items()), start=1):
        kind = streams[stream].source_kind
        if kind not in door.sources:
            continue  # a resident's own browser sent it: nobody to return it to but the log
        bundle = seal_to(
            door.sources[kind],
            canonical(told),
            tenant=door.keys.tenant,
            purpose=f"returns/{stream}/{oin}/{door.number}",
            signer=door.keys.signers[S1.signature],
        )
        outside = {"stream": stream, "oin": oin, "rows": len(told), "sealed": bundle}
        made[f"returns/{place:04d}.jsonl"] = [_line(outside)]
    return made


Rows = dict[tuple[str, str], list[dict[str, Any]]]


def _quarantined(con: DuckDBPyConnection) -> Rows:
    rows: Rows = defaultdict(list)
    for stream, oin, number, column, reason, row in con.execute(
        "SELECT stream, supplier_oin, row_number, column_name, reason, row FROM quarantine "
        "ORDER BY stream, supplier_oin, delivery_id, row_number, column_name"
    ).fetchall():
        told = {"row": number, "column": column, "reason": reason}
        rows[stream, oin].append({**told, "delivered": json.loads(row) if row else None})
    return rows


def _doubtful(con: DuckDBPyConnection, streams: Mapping[str, Stream]) -> Rows:
    rows: Rows = defaultdict(list)
    reason = "more than one resident fits, or none surely: please check name and address"
    for (stream,) in con.execute(
        "SELECT DISTINCT stream FROM links WHERE class = 'review' ORDER BY stream"
    ).fetchall():
        own = ", ".join(f"{column.field!r}: s.{column.field}" for column in streams[stream].columns)
        for oin, number, row in con.execute(
            f"""
            SELECT s.supplier_oin, s.row_number, CAST(to_json({{{own}}}) AS VARCHAR)
            FROM {stream} s JOIN links l USING (record_id)
            WHERE l.class = 'review' AND l.stream = ?
            ORDER BY s.supplier_oin, s.delivery_id, s.row_number
            """,
            [stream],
        ).fetchall():
            told = {"row": number, "column": None, "reason": reason}
            rows[stream, oin].append({**told, "delivered": json.loads(row)})
    return rows


@dataclass(frozen=True, slots=True)
class Receipt:
    """Exit (f): operational totals of one run. Nothing by rule, place or trait."""

    told: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the receipt as it is printed and handed over."""
        return dict(self.told)


def receipt(
    con: DuckDBPyConnection,
    files: Sequence[Mapping[str, Any]],
    changes: Changes,
    readers: Sequence[Reader],
    door: Door,
    *,
    release: Mapping[str, Any],
) -> Receipt:
    """Add up what happened. Same inputs, same receipt: nothing random or timed is in it.

    `decisions` digests every link and every item id under the tenant's secret: two runs that agree
    on it decided the same about everybody. `release` says what ran, and whether the log named it.
    """
    links: dict[str, dict[str, int]] = defaultdict(dict)
    for stream, kind, number in con.execute(
        "SELECT stream, class, count(*) FROM links GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        links[stream][kind] = number
    decided = hmac.new(door.tenant_secret, b"openregie/decisions/v1\0", hashlib.sha256)
    for row in con.execute(
        "SELECT record_id, coalesce(person, ''), class FROM links ORDER BY record_id"
    ).fetchall():
        decided.update("\0".join(row).encode() + b"\n")
    for kept in (changes.ledger[mailbox] for mailbox in sorted(changes.ledger)):
        decided.update("\0".join(sorted(kept.sealed)).encode() + b"\n")
    suites = Counter(dict.fromkeys(sorted({reader.suite for reader in readers}), 0))
    suite_of = {reader.mailbox: reader.suite for reader in readers}
    suites.update(suite_of[addition.item.mailbox] for addition in changes.add)
    return Receipt(
        {
            "v": 1,
            "tenant": door.keys.tenant,
            "number": door.number,
            "day": door.on.isoformat(),
            "content": release["content"],
            "release": dict(release),
            "files": list(files),
            "links": {stream: dict(classes) for stream, classes in sorted(links.items())},
            "readers": len(readers),
            "items": {"sealed": dict(suites), "removed": len(changes.remove)},
            "decisions": decided.hexdigest(),
        }
    )
