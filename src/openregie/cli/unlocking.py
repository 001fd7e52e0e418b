"""Shares on the command line: from files, file descriptors, or typed by two people unseen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from openregie.cli.outcome import Exit, Stop
from openregie.envelope import custody_agent, custody_ceremony, custody_files, shares
from openregie.envelope.custody import Unlocked
from openregie.envelope.errors import CustodyLocked, ShareRefused
from openregie.envelope.shares import Lock, Share

TYPED = Path("-")
_TRIES = 5

option = click.option(
    "--share",
    "given",
    multiple=True,
    type=click.Path(path_type=Path, allow_dash=True),
    envvar="OPENREGIE_SHARES",
    help="A share file or /dev/fd/N; - to type one unseen. Twice: two shares open. [env: "
    "OPENREGIE_SHARES, with `:` between]",
)


def read(given: Sequence[Path], locks: Sequence[Lock]) -> list[Share]:
    """Shares of these locks; without any named, two people are asked for theirs.

    Raises ShareRefused; `Stop` when nobody is there to type.
    """
    named = list(given)
    if not named and sys.stdin.isatty():
        named = [TYPED] * shares.NEEDED
    if not named:
        raise Stop(
            "no shares were given",
            remedy="name two with --share A.share --share B.share",
            code=Exit.NOT_READY,
        )
    read: list[Share] = []
    for place, path in enumerate(named, start=1):
        if path == TYPED:
            read += [_typed(place, lock) for lock in locks]
        else:
            held = custody_files.read_holding(path)
            read += [held.shares[lock] for lock in locks]
    return read


def for_run(directory: Path, given: Sequence[Path]) -> Unlocked:
    """What a run needs: from shares if given, else plain (synthetic) or from who holds it.

    Raises CustodyError; `Stop` when the keys are locked and nobody holds them.
    """
    try:
        if not given:
            return custody_agent.unlocked(directory)
    except CustodyLocked as error:
        raise Stop(str(error), remedy="see docs/custody.md", code=Exit.NOT_READY) from error
    opened = custody_ceremony.open_run(directory, read(given, [Lock.RUN])).unlocked()
    custody_agent.keep_to_memory()
    return opened


def _typed(place: int, lock: Lock) -> Share:
    """One share as a person types or pastes it; each line is checked before the next is asked."""
    click.echo(f"Share of organisation {place}, part `{lock}`; it stays unseen.", err=True)
    lines: list[str] = []
    for _ in range(shares.LINES * _TRIES):
        text = click.prompt(f"  line {len(lines) + 1} of {shares.LINES}", hide_input=True, err=True)
        try:
            if not lines and len(text) >= shares.LINES * shares.LINE_CHARACTERS:
                return _of(lock, shares.from_text(text))
            shares.line_bytes(text, len(lines) + 1)
        except ShareRefused as error:
            click.echo(f"  {error}", err=True)
            continue
        lines.append(text)
        if len(lines) == shares.LINES:
            return _of(lock, shares.from_text("\n".join(lines)))
    raise ShareRefused("share: typed wrong too often; look whether it is the newest print")


def _of(lock: Lock, share: Share) -> Share:
    if share.lock is not lock:
        raise ShareRefused(f"share: this is part `{share.lock}`; part `{lock}` is asked")
    return share
