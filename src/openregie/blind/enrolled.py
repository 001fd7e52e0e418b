"""Who asked: the residents the run may make an own view for, and what they told the run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from duckdb import DuckDBPyConnection

from openregie.envelope.mailbox import mailbox_of
from openregie.terms import Bsn, Compartment, Mailbox

UNLINK = "unlink"
"""Table of links that a resident undid: (record_id, person)."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A resident who enrolled and did not withdraw. Public keys in base64url."""

    person: Bsn
    mailbox: Mailbox
    epoch: int
    suite: str
    kids: Mapping[Compartment, str]
    public_keys: Mapping[Compartment, str]


def find_readers(con: DuckDBPyConnection, *, tenant_secret: bytes) -> tuple[Reader, ...]:
    """Find who enrolled, and write what residents told the run beside the streams.

    Shape: table `mailboxes(mailbox, person)` holds only who told the run anything; `readers(person,
    mailbox)` who enrolled; `unlink(record_id, person)` which links a resident undid; `disputes(
    record_id, person, correction, on_day)` what they say is wrong; `objections_in_force(person,
    stream)` what they leave. The last word counts; `undo` takes back.
    """
    _find_mailboxes(con, tenant_secret)
    readers = _read_keys(con)
    _put(con, "readers", [(r.person, r.mailbox) for r in readers], ("person", "mailbox"))
    con.execute(
        """
        CREATE OR REPLACE TABLE last_corrections AS
        SELECT record_id_meant AS record_id, m.person, correction, happened_on AS on_day
        FROM corrections c JOIN mailboxes m USING (mailbox)
        QUALIFY row_number() OVER (
            PARTITION BY m.person, record_id_meant ORDER BY happened_on DESC, c.record_id DESC
        ) = 1
        """
    )
    con.execute(
        f"CREATE OR REPLACE TABLE {UNLINK} AS SELECT record_id, person FROM last_corrections "
        "WHERE correction = 'not_me' ORDER BY ALL"
    )
    con.execute(
        "CREATE OR REPLACE TABLE disputes AS SELECT record_id, person, correction, on_day "
        "FROM last_corrections WHERE correction IN ('wrong', 'paid') ORDER BY ALL"
    )
    con.execute(
        """
        CREATE OR REPLACE TABLE objections_in_force AS
        SELECT person, stream_meant AS stream FROM (
            SELECT m.person, o.stream_meant, o.action
            FROM objections o JOIN mailboxes m USING (mailbox)
            QUALIFY row_number() OVER (
                PARTITION BY m.person, o.stream_meant ORDER BY o.happened_on DESC, o.record_id DESC
            ) = 1
        ) WHERE action = 'object' ORDER BY ALL
        """
    )
    return readers


def who_live_here(con: DuckDBPyConnection, readers: Sequence[Reader]) -> tuple[Reader, ...]:
    """Return the readers who are residents on the day: table `readers` after the situations."""
    here = {row[0] for row in con.execute("SELECT person FROM readers").fetchall()}
    return tuple(reader for reader in readers if reader.person in here)


def _find_mailboxes(con: DuckDBPyConnection, tenant_secret: bytes) -> None:
    told = {
        row[0]
        for stream in ("keys", "corrections", "objections", "shown")
        for row in con.execute(f"SELECT DISTINCT mailbox FROM {stream}").fetchall()
    }
    people = con.execute(
        "SELECT person FROM register WHERE died_on IS NULL AND $told ORDER BY person",
        {"told": bool(told)},
    ).fetchall()
    pairs = ((mailbox_of(Bsn(p), tenant_secret=tenant_secret), p) for (p,) in people)
    found = [(mailbox, person) for mailbox, person in pairs if mailbox in told]
    _put(con, "mailboxes", found, ("mailbox", "person"))


def _put(
    con: DuckDBPyConnection, table: str, rows: Sequence[tuple[str, str]], columns: tuple[str, str]
) -> None:
    """Make a table of two texts in one pass: row by row a town takes minutes."""
    held = pa.table(
        {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(columns)}
    )
    con.register("rows_to_put", held)
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM rows_to_put")
    con.unregister("rows_to_put")


def _read_keys(con: DuckDBPyConnection) -> tuple[Reader, ...]:
    rows = con.execute(
        """
        SELECT m.person, k.mailbox, k.epoch, k.suite, k.compartments
        FROM keys k JOIN mailboxes m USING (mailbox)
        QUALIFY row_number() OVER (
            PARTITION BY k.mailbox ORDER BY k.epoch DESC, k.action = 'withdraw' DESC
        ) = 1 AND k.action = 'enrol'
        ORDER BY k.mailbox
        """
    ).fetchall()
    return tuple(
        _reader(Bsn(person), Mailbox(mailbox), epoch, suite, json.loads(compartments))
        for person, mailbox, epoch, suite, compartments in rows
    )


def _reader(
    person: Bsn, mailbox: Mailbox, epoch: int, suite: str, keys: Mapping[str, Mapping[str, str]]
) -> Reader:
    return Reader(
        person=person,
        mailbox=mailbox,
        epoch=epoch,
        suite=suite,
        kids={c: keys[c]["kid"] for c in Compartment},
        public_keys={c: keys[c]["publicKey"] for c in Compartment},
    )
