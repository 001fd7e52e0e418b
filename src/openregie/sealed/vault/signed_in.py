"""Who is logged in: a mailbox in a session, and nothing more. No BSN, no name, no account."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from openregie.terms import Mailbox

IDLE_MINUTES = 15
"""A session ends after this long without a call. Source: DigiD's own rule for brokers."""
LONGEST_HOURS = 4
"""A session ends after this long, however busy."""
FRESH_MINUTES = 5
"""Keys change only this soon after logging in."""

_KEY = "signed_in"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A resident in this session."""

    mailbox: Mailbox
    level_of_assurance: str
    signed_in_at: datetime
    seen_at: datetime

    @property
    def expires_at(self) -> datetime:
        """When the session ends if nothing more happens."""
        idle = self.seen_at + timedelta(minutes=IDLE_MINUTES)
        return min(idle, self.signed_in_at + timedelta(hours=LONGEST_HOURS))

    def is_fresh(self, *, now: datetime) -> bool:
        """Whether the login is recent enough to change keys."""
        return now - self.signed_in_at <= timedelta(minutes=FRESH_MINUTES)


def keep(session: MutableMapping[str, Any], who: SignedIn) -> None:
    """Write the resident into the session."""
    session[_KEY] = {
        "mailbox": who.mailbox,
        "level": who.level_of_assurance,
        "signed_in_at": who.signed_in_at.isoformat(),
        "seen_at": who.seen_at.isoformat(),
    }


def find(session: Mapping[str, Any], *, now: datetime) -> SignedIn | None:
    """The resident of the session, or None when nobody is logged in or the time is over."""
    kept = session.get(_KEY)
    if kept is None:
        return None
    who = SignedIn(
        mailbox=Mailbox(kept["mailbox"]),
        level_of_assurance=kept["level"],
        signed_in_at=datetime.fromisoformat(kept["signed_in_at"]),
        seen_at=datetime.fromisoformat(kept["seen_at"]),
    )
    return who if now < who.expires_at else None


class Session(Protocol):
    """What we need of a session."""

    def get(self, key: str, default: Any = None) -> Any:
        """Read a key."""

    def flush(self) -> None:
        """Forget everything, and the session itself."""

    def __setitem__(self, key: str, value: Any) -> None:
        """Write a key."""


def touch(session: Session, *, now: datetime, counts: bool) -> None:
    """End a session whose time is over; otherwise note, once a minute, that it was used."""
    kept = session.get(_KEY)
    if kept is None:
        return
    who = find({_KEY: kept}, now=now)
    if who is None:
        session.flush()
    elif counts and now - who.seen_at >= timedelta(minutes=1):
        session[_KEY] = {**kept, "seen_at": now.isoformat()}
