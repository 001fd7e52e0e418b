"""The vault's own events: how each continues its chain, and what is sealed to its resident."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openregie.envelope import item
from openregie.envelope.item import Header
from openregie.envelope.keys import PublicKey, RandomBytes, Signer
from openregie.envelope.suites import SignatureAlgorithm
from openregie.logbook.entry import Entry, commit_of, new_salt

CHAIN = "vault"


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the vault's chain with its salt, for the length of one transaction."""

    entry: Entry
    salt: bytes

    @property
    def commit(self) -> str:
        """The commitment that goes into the tree: 64 hexadecimal digits."""
        return commit_of(self.entry, self.salt)

    def to_json(self) -> dict[str, Any]:
        """What is sealed to the resident: `{"entry", "salt"}`."""
        return self.entry.with_salt(self.salt)


@dataclass(frozen=True, slots=True)
class Given:
    """An event of the run's chain, as its hand-over gives it. `sealed` is None when unreadable."""

    kind: str
    commit: str
    mailbox: str
    seq: int
    sealed: Mapping[str, Any] | None


def tell(
    kind: str,
    details: Mapping[str, Any],
    *,
    mailbox: str | None,
    after: tuple[int, str | None],
    at: datetime,
    random_bytes: RandomBytes = os.urandom,
) -> Event:
    """The next event of a vault chain, after the number and commitment of the last.

    `mailbox` is None for the tenant's own chain.
    """
    seq, prev = after
    said = {"v": 1, "type": kind, "at": at.isoformat(timespec="seconds"), **details}
    return Event(Entry(CHAIN, seq + 1, prev, said, mailbox), new_salt(random_bytes))


def close(
    event: Event,
    *,
    tenant: str,
    to: PublicKey,
    signers: Mapping[SignatureAlgorithm, Signer],
) -> str:
    """The event and its salt, sealed to its resident's own key, as one line of JSON."""
    entry = event.entry
    header = Header(tenant, str(entry.mailbox), entry.seq, str(entry.event["at"])[:10])
    sealed = item.seal(
        event.to_json(),
        header=header,
        to=to,
        signer=signers[to.suite.signature],
        protocol=item.EVENT,
    )
    return sealed.to_line()
