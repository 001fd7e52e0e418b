"""The whole blind path, top to bottom: delivery files in, sealed items out, nobody looking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from openregie.blind import enrolled, exits, leaving, memory
from openregie.blind.content import Content
from openregie.blind.exits import Receipt
from openregie.blind.items import counted, invitations, team
from openregie.blind.items.compose import compose
from openregie.blind.items.ledger import compare
from openregie.blind.linkage.link import link
from openregie.blind.linkage.model import read_model
from openregie.blind.signals.apply import apply
from openregie.blind.situations.assess import assess
from openregie.blind.streams.reading import read
from openregie.cores import Cores
from openregie.envelope import custody
from openregie.terms import Progress, silent


def run(
    directory: Path,
    content: Content,
    *,
    on: date,
    progress: Progress = silent,
    unlocked: custody.Unlocked | None = None,
    cores: Cores | None = None,
    again: bool = False,
    logged: bool = False,
) -> Receipt:
    """Link what was delivered and seal the result; same inputs and day, same receipt.

    Shape: reads DIR/inbox, DIR/state and the run's keys; writes DIR/state/<n>.age and then, in one
    step, DIR/handover/<n>. A crash at any point is answered by running again. Without `unlocked`
    the keys lie plain in DIR/custody, as in a synthetic municipality. `cores` share the work
    (None: every core there is); the receipt does not depend on how many. `again`: also on a day
    before that of the last run. `logged`: the log names what runs here; the receipt says so.
    """
    held = unlocked or custody.load_unlocked(directory)
    keys, secret = held.keys, held.tenant_secret
    known = memory.continue_from(directory, keys, on=on, again=again)
    streams, words = content.streams, content.wording
    with cores or Cores() as shared, open_tables() as con:
        door = exits.Door.open(directory, keys, secret, known.number + 1, on, cores=shared)
        files = read(
            con,
            inbox=directory / "inbox",
            keys=keys,
            log=custody.load_log_public(directory),
            streams=streams,
            on=on,
            progress=progress,
        )
        readers = enrolled.find_readers(con, tenant_secret=secret)
        linked = link(
            con,
            config=content.linkage,
            model=read_model(known.model) if known.model else None,
            kept=memory.lay_out_links(con, known),
            corrections=enrolled.UNLINK,
            progress=progress,
        )
        assess(con, on=on, readers=readers, streams=streams.values(), progress=progress)
        apply(con, rules=content.rules, on=on, progress=progress)
        readers = enrolled.who_live_here(con, readers)
        items = compose(con, readers, content.rules, words, tenant_secret=secret, progress=progress)
        changes = compare(known.mailboxes, items, {r.mailbox: r.kids for r in readers})
        urgent = team.urgent_neighbourhoods(con)
        letters = invitations.invite(con, on=on, invited=known.invited, urgent=urgent)
        signals = team.signals_for_teams(con, words, letters, on=on)
        year = replace(known.budget, epsilon_micro_a_year=content.counts.epsilon_micro_a_year)
        budget, releases, refused = counted.publish(con, content.counts, year, on=on)
        made = leaving.Made(
            readers=readers,
            changes=changes,
            letters=letters,
            signals=signals,
            budget=budget,
            releases=releases,
            refused=refused,
            model=linked.model.to_json(),
            logged=logged,
        )
        return leaving.leave(
            con,
            directory,
            made,
            known,
            content,
            door,
            files=[file.to_json() for file in files.files],
            progress=progress,
        )


def open_tables() -> duckdb.DuckDBPyConnection:
    """Open the run's tables: in memory, never on disk, nothing loaded from outside.

    INVARIANT: no plaintext on disk. DuckDB's spill files are in the clear, so it may not spill.
    """
    return duckdb.connect(
        ":memory:",
        config={
            "temp_directory": "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
